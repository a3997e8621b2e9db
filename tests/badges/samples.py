"""A badge of the invented region: its issuer, its keys, what it says and until when."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from badges.credentials.document import build_credential
from badges.credentials.facts import (
    BadgeFacts,
    CharterFacts,
    EditionTerms,
    EvidenceSummary,
    Issuer,
    RegisterNumber,
    TypeResult,
)
from badges.credentials.model import OpenBadgeCredential
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.key_file import KeyRing, generate_keys
from badges.keys import Signers, TrustedKeys, did_document, did_for, read_did_document
from badges.status_lists.document import build_status_list
from charter.standing.words import Standing, TypeLevel

NOW = datetime.now(UTC).replace(microsecond=0)
"""The real present: the other verifiers have no clock that can be set."""

ORIGIN = "https://charter.example"
CODE = "7k3m9x2p4n"
INDEX = 70_123
OVERLAP = timedelta(days=100)
TYPES = ("internalised", "interpersonal", "institutional", "structural", "systemic")

ISSUER = Issuer(
    did=did_for(ORIGIN),
    name="Race Equality Hub of Seaham Docks",
    url=ORIGIN,
    email="hub@charter.example",
    panel_name="Community audit panel",
    panel_url=f"{ORIGIN}/how-standing-is-decided#panel",
    public_url=ORIGIN,
)
CHARTER = CharterFacts(
    name="Anti-Racism Charter",
    version="1.0",
    summary="A promise to act against racism, in the open, with dates.",
    url=f"{ORIGIN}/charter/1.0",
    language="en-GB",
    framework_name="Anti-Racism Delivery Framework",
    framework_url=f"{ORIGIN}/framework",
)
FACTS = BadgeFacts(
    code=CODE,
    organisation="Harbour Lights Theatre",
    town="Seaham Docks",
    page_url=f"{ORIGIN}/organisations/harbour-lights",
    register_numbers=(RegisterNumber(scheme="GB-CHC", number="1234567"),),
    charter=CHARTER,
    signed_at=NOW - timedelta(days=400),
    standing=Standing.ON_TRACK,
    standing_word="Reports on time",
    sentence="Reports on time. 2 of 7 promises kept, 1 did not work.",
    narrative="What worked: paid placements.\nWhat did not: the first mentoring round.",
    levels=tuple(
        TypeResult(
            type=name,
            name=f"{name.capitalize()} racism",
            level=TypeLevel.PLEDGED,
            words="2 promises",
        )
        for name in TYPES
    ),
    evidence=(
        EvidenceSummary(
            url=f"{ORIGIN}/organisations/harbour-lights/pledges/1#report-1",
            name="Six paid placements",
            summary="Six people completed a paid placement backstage.",
            outcome="worked fully",
            sha256="ab" * 32,
        ),
    ),
)
TERMS = EditionTerms(
    n=3,
    valid_from=NOW - timedelta(hours=1),
    valid_until=NOW + timedelta(days=90),
    status_list=1,
    status_index=INDEX,
)


@cache
def ring() -> KeyRing:
    """Return the registry's keys; made once, for RSA keys take their time."""
    return generate_keys(NOW - timedelta(days=1))


@cache
def signers() -> Signers:
    """Return both signers in force."""
    return ring().signers(ISSUER.did)


def did_json(of: KeyRing | None = None) -> bytes:
    """Return the DID document as it is served."""
    published = (of or ring()).published(NOW, OVERLAP)
    return json.dumps(did_document(ISSUER.did, published)).encode()


@cache
def trusted() -> TrustedKeys:
    """Return the keys as a stranger reads them from the DID document."""
    return read_did_document(json.loads(did_json()))


def unsigned(terms: EditionTerms = TERMS, **changes: Any) -> OpenBadgeCredential:
    """Return the credential of the sample badge, with some facts changed."""
    return build_credential(replace(FACTS, **changes), ISSUER, terms)


def signed(terms: EditionTerms = TERMS, **changes: Any) -> bytes:
    """Return the sealed credential as it is served."""
    sealed = with_proof(unsigned(terms, **changes), signer=signers().embedded, at=NOW)
    return msgspec.json.encode(sealed)


def token(terms: EditionTerms = TERMS, **changes: Any) -> str:
    """Return the token as it is served."""
    return as_token(unsigned(terms, **changes), signer=signers().token)


def status_list(*revoked: int, at: datetime = NOW) -> tuple[bytes, str]:
    """Return the status list with the entries `revoked` set, as JSON and as a token."""
    built = build_status_list(1, revoked, issuer=ISSUER, at=at)
    sealed = with_proof(built, signer=signers().embedded, at=at)
    return msgspec.json.encode(sealed), as_token(built, signer=signers().token)
