// Verifies badges with Digital Bazaar's libraries and jose, which know nothing of the registry.
// Reads {contexts, did, cases: [{badge, list}]} on standard input, where a badge is a JSON object
// or a token; writes one {accepted, why} for each case. The status is always required.
import {readFileSync} from 'node:fs';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalbazaar/vc';
import {importJWK, jwtVerify} from 'jose';

const {contexts, did, cases} = JSON.parse(readFileSync(0, 'utf8'));
const methods = new Map(did.verificationMethod.map(method => [method.id, method]));
const suite = () => new DataIntegrityProof({cryptosuite});

function loaderWith(list) {
  const served = new Map([
    ...Object.entries(contexts),
    [did.id, did],
    [list.id, list],
    ...[...methods].map(([id, method]) =>
      [id, {'@context': 'https://w3id.org/security/multikey/v1', ...method}]),
  ]);
  return async url => {
    if(!served.has(url)) {
      throw new Error(`refused to load ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: served.get(url)};
  };
}

async function verifyDocument(credential, list) {
  if(!credential.credentialStatus) {
    return {accepted: false, why: 'there is no status'};
  }
  const documentLoader = loaderWith(list);
  const {verified, error, statusResult} = await verifyCredential({
    credential,
    suite: suite(),
    documentLoader,
    checkStatus: options => checkStatus({
      ...options, documentLoader, suite: suite(), verifyBitstringStatusListCredential: true,
    }),
  });
  // The status check calls a revoked badge "verified": only its bits tell.
  const revoked = Boolean(statusResult?.results?.some(({status}) => status));
  const why = error?.errors?.[0]?.message ?? error?.message ?? statusResult?.error?.message ?? '';
  return {accepted: verified && !revoked, why: revoked ? 'revoked' : why};
}

async function verifyToken(token) {
  const {kid} = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
  const key = await importJWK(methods.get(kid).publicKeyJwk, 'RS256');
  await jwtVerify(token, key, {algorithms: ['RS256'], issuer: did.id});
  return {accepted: true, why: ''};
}

const verdicts = [];
for(const {badge, list} of cases) {
  const verify = typeof badge === 'string' ? verifyToken : verifyDocument;
  verdicts.push(await verify(badge, list).catch(e => ({accepted: false, why: e.message})));
}
console.log(JSON.stringify(verdicts));
