"""Every kind of bad badge, made from a genuine one with the very keys that sealed it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as in_other_hands
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from badges import base64url
from badges.credentials.bake import bake_png, bake_svg
from badges.credentials.endorsement import endorse
from badges.credentials.facts import Issuer
from badges.credentials.model import EndorsementCredential, OpenBadgeCredential, Profile
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.key_file import KeyRing, generate_keys
from badges.keys import Signer, Signers, did_document
from badges.status_lists.document import build_status_list
from tests.badges.strangers import Form, Handed

SKEW: Final = timedelta(minutes=10)
"""The verifiers forgive clocks that differ by five minutes."""

PANEL: Final = Profile(
    id="did:web:panel.example", name="Community audit panel", url="https://panel.example"
)
OVERLAP: Final = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Impostor:
    """Signs with a key of its own under somebody else's name."""

    verification_method: str
    own: Signer

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`."""
        return self.own.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine:
    """A genuine badge: its credential without its seal, its keys, its pictures."""

    credential: OpenBadgeCredential
    signers: Signers
    issuer: Issuer
    did: bytes
    svg: str
    png: bytes

    def sealed(self, credential: OpenBadgeCredential, form: Form) -> bytes:
        """Return `credential` in `form`, sealed with the keys this badge knows."""
        if form == "jwt":
            return as_token(credential, signer=self.signers.token).encode()
        proven = with_proof(credential, signer=self.signers.embedded, at=now())
        return self.wrapped(msgspec.json.encode(proven), form)

    def wrapped(self, document: bytes, form: Form) -> bytes:
        """Return the JSON `document` in the picture of `form`, or as it is."""
        if form == "png":
            return bake_png(self.png, document)
        return bake_svg(self.svg, document.decode()).encode() if form == "svg" else document

    def handed(self, content: bytes, form: Form, **beside: Any) -> Handed:
        """Return `content` beside the list and the keys that are served, or others."""
        listed, token = self.status_list()
        served: dict[str, Any] = {"status_list": listed, "status_token": token}
        return Handed(
            form=form, content=content, **served | {"dids": (self.did, panel_did())} | beside
        )

    def status_list(
        self, *revoked: int, by: Signers | None = None, at: datetime | None = None
    ) -> tuple[bytes, bytes]:
        """Return the list this badge stands on in both forms, with the entries `revoked` set."""
        signers, signed_at = by or self.signers, at or now()
        number = int(self.credential.credential_status.status_list_credential.rpartition("/")[2])
        built = build_status_list(number, revoked, issuer=self.issuer, at=signed_at)
        sealed = with_proof(built, signer=signers.embedded, at=signed_at)
        return msgspec.json.encode(sealed), as_token(built, signer=signers.token).encode()

    @property
    def impostors(self) -> Signers:
        """A stranger's keys under the names of this badge's keys."""
        theirs = strange_keys().signers(self.issuer.did)
        return Signers(
            Impostor(self.signers.embedded.verification_method, theirs.embedded),
            Impostor(self.signers.token.verification_method, theirs.token),
        )


def now() -> datetime:
    """Return the real present: the verifiers have no clock that can be set."""
    return datetime.now(UTC).replace(microsecond=0)


@cache
def strange_keys() -> KeyRing:
    """Return keys of somebody else; made once, for RSA keys take their time."""
    return generate_keys(now() - timedelta(days=1))


@cache
def panel_keys() -> KeyRing:
    """Return the panel's own keys."""
    return generate_keys(now() - timedelta(days=1))


def panel_did() -> bytes:
    """Return the panel's own DID document, as the panel serves it."""
    return json.dumps(did_document(PANEL.id, panel_keys().published(now(), OVERLAP))).encode()


def endorsement_of(badge: OpenBadgeCredential) -> EndorsementCredential:
    """Return the panel's own endorsement of the organisation that holds `badge`."""
    return endorse(
        badge.credential_subject.id,
        "We heard the people these promises are for.",
        panel=PANEL,
        signer=panel_keys().signers(PANEL.id).embedded,
        at=now() - timedelta(hours=1),
        until=now() + timedelta(days=30),
    )


def endorsed(genuine: Genuine, form: Form) -> Handed:
    """Return the badge with the panel's endorsement inside it."""
    badge = genuine.credential
    carrying = replace(badge, endorsement=[endorsement_of(badge)])
    return genuine.handed(genuine.sealed(carrying, form), form)


def _touched(change: Callable[[dict[str, Any]], object]) -> Callable[[Genuine, Form], Handed]:
    """Return a forgery that changes members under a true seal."""

    def forge(genuine: Genuine, form: Form) -> Handed:
        if form == "jwt":
            header, payload, signature = genuine.sealed(genuine.credential, form).split(b".")
            members = json.loads(base64url.decode(payload.decode()))
            change(members)
            written = base64url.encode(json.dumps(members).encode()).encode()
            return genuine.handed(b".".join((header, written, signature)), form)
        document = json.loads(genuine.sealed(genuine.credential, "json"))
        change(document)
        return genuine.handed(genuine.wrapped(json.dumps(document).encode(), form), form)

    return forge


def _expired(genuine: Genuine, form: Form) -> Handed:
    badge = replace(genuine.credential, valid_until=now() - SKEW)
    return genuine.handed(genuine.sealed(badge, form), form)


def _not_yet_valid(genuine: Genuine, form: Form) -> Handed:
    badge = replace(genuine.credential, valid_from=now() + SKEW)
    return genuine.handed(genuine.sealed(badge, form), form)


def _wrong_key(genuine: Genuine, form: Form) -> Handed:
    forger = in_other_hands(genuine, signers=genuine.impostors)
    return genuine.handed(forger.sealed(genuine.credential, form), form)


def _with_list(
    make: Callable[[Genuine, int], tuple[bytes, bytes]],
) -> Callable[[Genuine, Form], Handed]:
    """Return a genuine badge beside another status list than the one it should meet."""

    def beside(genuine: Genuine, form: Form) -> Handed:
        index = int(genuine.credential.credential_status.status_list_index)
        listed, token = make(genuine, index)
        content = genuine.sealed(genuine.credential, form)
        return genuine.handed(content, form, status_list=listed, status_token=token)

    return beside


def _bits_under_another_seal(genuine: Genuine, index: int) -> tuple[bytes, bytes]:
    """Clear the bit in a list that was sealed with it set."""
    listed, token = map(bytes.decode, genuine.status_list(index))
    clean, clean_token = map(bytes.decode, genuine.status_list())
    bits = json.loads(clean)["credentialSubject"]["encodedList"]
    document = json.loads(listed)
    document["credentialSubject"]["encodedList"] = bits
    header, _, signature = token.split(".")
    return json.dumps(
        document
    ).encode(), f"{header}.{clean_token.split('.')[1]}.{signature}".encode()


def _tampered_endorsement(genuine: Genuine, form: Form) -> Handed:
    """Put words into the panel's mouth, and seal the badge around them truly."""
    said = endorsement_of(genuine.credential)
    subject = replace(said.credential_subject, endorsement_comment="They are perfect.")
    badge = replace(genuine.credential, endorsement=[replace(said, credential_subject=subject)])
    return genuine.handed(genuine.sealed(badge, form), form)


def read_genuine(sealed: bytes, **rest: Any) -> Genuine:
    """Return the genuine badge that is served as the JSON `sealed`."""
    credential = msgspec.json.decode(sealed, type=OpenBadgeCredential)
    return Genuine(credential=replace(credential, proof=UNSET), **rest)


def _remap(members: dict[str, Any]) -> None:
    """Give the word `name` another meaning by a context of one's own."""
    members["@context"] = [*members["@context"], {"name": "urn:x:name"}]


FORGERIES: Final[Mapping[str, Callable[[Genuine, Form], Handed]]] = MappingProxyType(
    {
        "tampered member": _touched(lambda members: members.update(name="Another name")),
        "tampered subject": _touched(
            lambda members: members["credentialSubject"]["result"][0].update(status="Completed")
        ),
        "stripped status": _touched(lambda members: members.pop("credentialStatus")),
        "unsigned extra term": _touched(lambda members: members.update(goodness="certified")),
        "inline context": _touched(_remap),
        "wrong key": _wrong_key,
        "expired": _expired,
        "not yet valid": _not_yet_valid,
        "revoked": _with_list(lambda genuine, index: genuine.status_list(index)),
        "stale list": _with_list(
            lambda genuine, _: genuine.status_list(at=now() - timedelta(hours=30))
        ),
        "list under a strange key": _with_list(
            lambda genuine, _: genuine.status_list(by=genuine.impostors)
        ),
        "forged list": _with_list(_bits_under_another_seal),
        "tampered endorsement": _tampered_endorsement,
    }
)
"""What is wrong → how it is made."""
