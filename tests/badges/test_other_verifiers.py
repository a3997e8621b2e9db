"""Strangers' software: openbadgeslib, which shares no code with this registry, decides the same."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from badges.credentials.bake import bake_png, bake_svg
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.key_file import generate_keys
from badges.pictures.badge import draw_badge
from badges.pictures.typeset import draw_png
from badges.status_lists.document import build_status_list
from tests.badges.samples import (
    INDEX,
    ISSUER,
    NOW,
    ORIGIN,
    TERMS,
    did_json,
    ring,
    signed,
    status_list,
    token,
    unsigned,
)
from tests.badges.test_pictures import SHOWN

Download = Callable[..., bytes]


def origin(*, did: bytes | None = None, listed: str | None = None) -> Download:
    """Stand in for the registry's own origin: the DID document and the status list."""
    served = {
        f"{ORIGIN}/.well-known/did.json": did or did_json(),
        f"{ORIGIN}/credentials/status/1": (listed or status_list()[1]).encode(),
    }
    return lambda url, *_, **__: served[url]


def verify(badge: bytes | str | dict[str, Any], download: Download) -> None:
    """Have openbadgeslib verify a badge, its status required; raises what it refuses."""
    if isinstance(badge, str):
        verifier = OB3Verifier.for_issuer_did(ISSUER.did, download=download)
        verifier.verify(badge, check_status=True, download=download)
    else:
        other = OB3LdpVerifier.for_issuer_did(ISSUER.did)
        other.verify(badge, check_status=True, download=download)


def test_it_accepts_the_json_and_the_token() -> None:
    verify(signed(), origin())
    verify(token(), origin())


def test_it_finds_the_credential_in_both_pictures() -> None:
    svg = draw_badge(SHOWN)
    baked = bake_png(draw_png(svg), signed())
    drawn = bake_svg(svg, signed().decode()).encode()
    verify(OB3Verifier.extract_token_from_png(baked).encode(), origin())
    verify(OB3Verifier.extract_token_from_svg(drawn).encode(), origin())


def test_after_a_rotation_it_accepts_old_badges_with_new_lists_and_new_badges() -> None:
    rotated = ring().rotated(NOW)
    fresh = rotated.signers(ISSUER.did)
    listed = build_status_list(1, (), issuer=ISSUER, at=NOW)
    download = origin(did=did_json(rotated), listed=as_token(listed, signer=fresh.token))
    for badge in (signed(), token(), as_token(unsigned(), signer=fresh.token)):
        verify(badge, download)


@pytest.mark.parametrize("badge", [signed(), token()], ids=["JSON", "token"])
def test_it_rejects_a_revoked_edition_and_a_stale_list(badge: bytes | str) -> None:
    stale = status_list(at=NOW - timedelta(hours=30))[1]
    for download in (origin(listed=status_list(INDEX)[1]), origin(listed=stale)):
        with pytest.raises(OB3VerificationError):
            verify(badge, download)


@pytest.mark.parametrize("make", [signed, token], ids=["JSON", "token"])
def test_it_rejects_what_is_out_of_its_time(make: Callable[..., bytes | str]) -> None:
    old = replace(TERMS, valid_until=NOW - timedelta(minutes=1))
    early = replace(TERMS, valid_from=NOW + timedelta(hours=1))
    for terms in (old, early):
        with pytest.raises(OB3VerificationError):
            verify(make(terms), origin())


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Another name"},
        {"goodness": "certified"},
        {"validUntil": "2199-01-01T00:00:00Z"},
        {"evidence": []},
        {"@context": [*json.loads(signed())["@context"], {"name": "urn:x:name"}]},
    ],
    ids=["member", "unsigned extra term", "date", "evidence", "inline context"],
)
def test_it_rejects_what_was_touched(changes: dict[str, Any]) -> None:
    with pytest.raises(OB3VerificationError):
        verify(json.loads(signed()) | changes, origin())


def test_it_rejects_a_stripped_status() -> None:
    document = json.loads(signed())
    del document["credentialStatus"]
    with pytest.raises(OB3VerificationError):
        verify(document, origin())


def test_it_rejects_a_strangers_key() -> None:
    stranger = generate_keys(NOW).signers(ISSUER.did)
    with pytest.raises(OB3VerificationError):
        verify(as_token(unsigned(), signer=stranger.token), origin())
    sealed = with_proof(unsigned(), signer=stranger.embedded, at=NOW)
    with pytest.raises(OB3VerificationError):
        verify(json.loads(signed()) | {"proof": [{"proofValue": str(sealed.proof)}]}, origin())
    with pytest.raises(OB3VerificationError):
        verify(signed(), origin(did=did_json(generate_keys(NOW))))


def test_it_rejects_a_tampered_token() -> None:
    whole = token()
    with pytest.raises(OB3VerificationError):
        verify(whole[:-8] + "AAAAAAAA", origin())
