// Verifies badges with Digital Bazaar's libraries and jose, which know nothing of the registry.
// Reads {contexts, cases: [{form, content, list, dids}]} on standard input, where the content is
// the file in base64; writes one {accepted, why} for each case. The status is always required,
// and so is the seal of each endorsement inside.
import {readFileSync} from 'node:fs';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalbazaar/vc';
import {importJWK, jwtVerify} from 'jose';

const {contexts, cases} = JSON.parse(readFileSync(0, 'utf8'));
const suite = () => new DataIntegrityProof({cryptosuite});

function methodsOf(dids) {
  return new Map(dids.flatMap(did => did.verificationMethod.map(method => [method.id, method])));
}

function loaderWith(list, dids) {
  const served = new Map([
    ...Object.entries(contexts),
    ...dids.map(did => [did.id, did]),
    [list.id, list],
    ...[...methodsOf(dids)].map(([id, method]) =>
      [id, {'@context': 'https://w3id.org/security/multikey/v1', ...method}]),
  ]);
  return async url => {
    if(!served.has(url)) {
      throw new Error(`refused to load ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: served.get(url)};
  };
}

function fromPng(picture) {
  const found = [];
  for(let at = 8; at < picture.length;) {
    const length = picture.readUInt32BE(at);
    const body = picture.subarray(at + 8, at + 8 + length);
    if(picture.toString('latin1', at + 4, at + 8) === 'iTXt' &&
      body.toString('latin1').startsWith('openbadgecredential\0')) {
      found.push(body.subarray('openbadgecredential'.length + 5).toString('utf8'));
    }
    at += length + 12;
  }
  return found;
}

function fromSvg(picture) {
  const baked = /<openbadges:credential>\s*<!\[CDATA\[(.*?)\]\]>\s*<\/openbadges:credential>/gs;
  return [...picture.toString('utf8').matchAll(baked)].map(match => match[1]);
}

const UNPACKED = {
  json: file => [file.toString('utf8')],
  jwt: file => [file.toString('utf8')],
  png: fromPng,
  svg: fromSvg,
};

// The library refuses a credential with a status unless it is told how to check one; that is
// asked by itself afterwards.
const later = async () => ({verified: true});

async function refuseUnlessSealed(credential, documentLoader) {
  const {verified, error} = await verifyCredential({
    credential, suite: suite(), documentLoader, checkStatus: later,
  });
  if(!verified) {
    throw error.errors?.[0] ?? error;
  }
}

async function refuseIfRevoked(credential, documentLoader) {
  const {verified, error, results} = await checkStatus({
    credential, documentLoader, suite: suite(), verifyBitstringStatusListCredential: true,
  });
  if(!verified) {
    throw error ?? new Error('the status is not known');
  }
  // The library calls a revoked badge "verified": only the bits tell.
  if(results.some(({status}) => status)) {
    throw new Error('revoked');
  }
}

async function refuseFalseEndorsements(credential, documentLoader) {
  for(const endorsement of credential.endorsement ?? []) {
    await refuseUnlessSealed(endorsement, documentLoader);
  }
}

async function readToken(token, dids) {
  const {kid} = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
  const method = methodsOf(dids).get(kid);
  const key = await importJWK(method.publicKeyJwk, 'RS256');
  const {payload} = await jwtVerify(token, key, {algorithms: ['RS256'], issuer: method.controller});
  return payload;
}

async function verify({form, content, list, dids}) {
  const documentLoader = loaderWith(list, dids);
  const found = UNPACKED[form](Buffer.from(content, 'base64'));
  if(found.length !== 1) {
    throw new Error(`${found.length} credentials where one is needed`);
  }
  const credential = form === 'jwt' ? await readToken(found[0], dids) : JSON.parse(found[0]);
  if(!credential.credentialStatus) {
    throw new Error('there is no status');
  }
  if(form !== 'jwt') {
    await refuseUnlessSealed(credential, documentLoader);
  }
  await refuseIfRevoked(credential, documentLoader);
  await refuseFalseEndorsements(credential, documentLoader);
}

const verdicts = [];
for(const each of cases) {
  verdicts.push(await verify(each)
    .then(() => ({accepted: true, why: ''}))
    .catch(({message}) => ({accepted: false, why: message})));
}
console.log(JSON.stringify(verdicts));
