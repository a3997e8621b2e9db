"""Which endorsement is taken in, and which keys are a panel's own: each refusal by its reason."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import UNSET
from msgspec.structs import replace as with_member

from badges.credentials.endorsement import take_back
from badges.credentials.model import EndorsementCredential
from badges.credentials.sign import with_proof
from badges.credentials.validity import assess_validity
from badges.endorsements import refusals
from badges.endorsements.rules import (
    BadgeToEndorse,
    Ourselves,
    PanelOnRecord,
    panel_keys,
    read_endorsement,
    require_endorsable,
    require_panel,
    require_panels_word,
    takes_back,
)
from badges.keys import UnusableKey, did_document
from charter.errors import InvalidInput, RuleViolation
from charter.standing.words import Standing
from tests.badges import forging
from tests.badges.forging import PANEL, endorsement_of, now, panel_did, strange_keys
from tests.badges.samples import FACTS, ISSUER, signers, trusted, unsigned
from tests.world import the_pack

NUMBERS = the_pack().numbers.badges
OURS = Ourselves(ISSUER.did, trusted())
KEYS = panel_keys(json.loads(panel_did()))
ON_RECORD = PanelOnRecord(1, PANEL.id, PANEL.name, PANEL.url, KEYS)
SIGNER = forging.panel_keys().signers(PANEL.id).embedded
SAID = endorsement_of(unsigned())
BADGE = BadgeToEndorse(
    organisation=UUID(int=1),
    slug="harbour-lights",
    name="Harbour Lights",
    code="0123456789",
    domain="harbour-lights.example",
    standing=Standing.ON_TRACK,
    signed_at=now() - timedelta(days=30),
)


def sealed(**changes: Any) -> EndorsementCredential:
    """Return the endorsement with other members, truly sealed by the panel."""
    return with_proof(with_member(SAID, proof=UNSET, **changes), signer=SIGNER, at=now())


def written(**changes: Any) -> bytes:
    """Return the endorsement as JSON with members added or changed after it was sealed."""
    return json.dumps(json.loads(msgspec.json.encode(SAID)) | changes).encode()


def saying(words: str) -> bytes:
    """Return the endorsement as JSON, with other words in it."""
    subject = with_member(SAID.credential_subject, endorsement_comment=words)
    return msgspec.json.encode(with_member(SAID, credential_subject=subject))


def test_the_panels_own_word_is_taken_in() -> None:
    said = read_endorsement(msgspec.json.encode(SAID))
    assert require_panels_word(said, ON_RECORD, OURS) == ON_RECORD
    assert require_endorsable(said, BADGE, NUMBERS, now()) == BADGE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "endorsement-unreadable"),
        (b"\xff", "endorsement-unreadable"),
        (b"[1]", "endorsement-unreadable"),
        (b" " * 30_000 + b"{}", "endorsement-unreadable"),
        (b"{}", "endorsement-odd-shape"),
        (written(**{"@context": [{"@vocab": "https://x.example/"}]}), "endorsement-odd-shape"),
        (written(trusted=True), "endorsement-odd-shape"),
        (written(proof=[]), "endorsement-odd-shape"),
        (written(name="turned \u202e around"), "endorsement-unreadable"),
        (saying("x" * 601), "endorsement-too-long"),
    ],
    ids=[
        *("nothing", "no text", "no object", "too large", "empty"),
        *("inline context", "unsigned term", "no proof", "turned text", "too long"),
    ],
)
def test_what_strict_readers_would_refuse_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        read_endorsement(content)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def by_ourselves() -> EndorsementCredential:
    us = with_member(PANEL, id=ISSUER.did)
    own = with_member(SAID, issuer=us, proof=UNSET)
    return with_proof(own, signer=signers().embedded, at=now())


def by_an_impostor() -> EndorsementCredential:
    theirs = strange_keys().signers(PANEL.id).embedded
    forger = forging.Impostor(SIGNER.verification_method, theirs)
    return with_proof(with_member(SAID, proof=UNSET), signer=forger, at=now())


def touched() -> EndorsementCredential:
    words = with_member(SAID.credential_subject, endorsement_comment="They are perfect.")
    return with_member(SAID, credential_subject=words)


@pytest.mark.parametrize(
    ("said", "panel", "code"),
    [
        (by_ourselves(), ON_RECORD, "endorsement-by-the-register"),
        (
            SAID,
            replace(ON_RECORD, keys={SIGNER.verification_method: KEYS[SIGNER.verification_method]}),
            "",
        ),
        (SAID, None, "panel-not-on-record"),
        (SAID, replace(ON_RECORD, keys={}), "endorsement-not-sealed"),
        (with_member(SAID, proof=UNSET), ON_RECORD, "endorsement-not-sealed"),
        (by_an_impostor(), ON_RECORD, "endorsement-not-sealed"),
        (touched(), ON_RECORD, "endorsement-not-sealed"),
        (SAID, replace(ON_RECORD, name="Another panel"), "endorsement-other-name"),
        (SAID, replace(ON_RECORD, url="https://else.example"), "endorsement-other-name"),
    ],
    ids=[
        *("our own", "good", "nobody's", "unknown key", "unsealed", "another's key", "touched"),
        *("another name", "another place"),
    ],
)
def test_only_the_panel_on_record_speaks(
    said: EndorsementCredential, panel: PanelOnRecord | None, code: str
) -> None:
    if not code:
        assert require_panels_word(said, panel, OURS) == panel
        return
    with pytest.raises(RuleViolation) as refused:
        require_panels_word(said, panel, OURS)
    assert refused.value.code == code


def test_no_address_of_a_person_comes_in_beside_the_panels_name() -> None:
    said = sealed(issuer=with_member(PANEL, email="someone@panel.example"))
    with pytest.raises(refusals.EndorsementUnderAnotherName):
        require_panels_word(said, ON_RECORD, OURS)


def test_a_key_that_became_the_registers_own_proves_nothing() -> None:
    with pytest.raises(refusals.EndorsedByOurselves):
        require_panels_word(SAID, ON_RECORD, Ourselves(ISSUER.did, KEYS))


@pytest.mark.parametrize(
    ("said", "badge", "code"),
    [
        (SAID, None, "endorsement-of-no-badge"),
        (SAID, replace(BADGE, domain="panel.example"), "endorsement-by-itself"),
        (SAID, replace(BADGE, standing=Standing.SUSPENDED), "endorsement-badge-not-on-show"),
        (SAID, replace(BADGE, standing=Standing.PLAN_DUE), "endorsement-badge-not-on-show"),
        (sealed(valid_from=now() + timedelta(days=1)), BADGE, "endorsement-not-in-force"),
        (sealed(valid_until=now() + timedelta(days=1)), BADGE, "endorsement-not-in-force"),
        (sealed(valid_until=now() + timedelta(days=400)), BADGE, "endorsement-not-in-force"),
        (SAID, replace(BADGE, signed_at=now()), "endorsement-not-in-force"),
        (SAID, replace(BADGE, newest=SAID.valid_from), "endorsement-overtaken"),
    ],
    ids=[
        *("nobody", "itself", "suspended", "no plan", "too early", "ending", "too long"),
        *("before the signature", "said already"),
    ],
)
def test_only_a_word_about_the_badge_as_it_is_now_is_carried(
    said: EndorsementCredential, badge: BadgeToEndorse | None, code: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        require_endorsable(said, badge, NUMBERS, now())
    assert refused.value.code == code
    assert refused.value.rule == 39


def test_what_was_sealed_in_the_very_second_of_the_signature_is_taken_in() -> None:
    signed = replace(BADGE, signed_at=SAID.valid_from + timedelta(microseconds=700))
    assert require_endorsable(SAID, signed, NUMBERS, now()) == signed


def test_a_panel_takes_back_the_word_that_stands_and_nothing_else_does() -> None:
    stands = replace(BADGE, newest=SAID.valid_from, standing_word=SAID.id)
    ended = take_back(SAID, signer=SIGNER, at=now())
    assert takes_back(ended, stands, now())
    assert not takes_back(ended, None, now())
    assert not takes_back(ended, BADGE, now())
    assert not takes_back(ended, replace(stands, standing_word="https://panel.example/x"), now())
    assert not takes_back(ended, replace(stands, newest=ended.valid_from), now())
    assert not takes_back(SAID, stands, now() + timedelta(days=365))
    assert not takes_back(ended, stands, now() - timedelta(days=1))


def test_nobody_lends_a_key_to_another_name() -> None:
    document = json.loads(panel_did())
    ours = did_document(ISSUER.did, [next(iter(KEYS.values()))])
    document["verificationMethod"] += ours["verificationMethod"]
    document["assertionMethod"] += ours["assertionMethod"]
    assert panel_keys(document) == KEYS
    for broken in (
        {},
        {
            "assertionMethod": [1],
            "verificationMethod": [{"id": 1, "type": "Multikey", "publicKeyMultibase": 5}],
        },
    ):
        with pytest.raises(UnusableKey):
            panel_keys(broken)


@pytest.mark.parametrize(
    ("url", "document", "field"),
    [
        ("panel.example", panel_did(), "url"),
        ("https://panel.example/somewhere", panel_did(), "url"),
        (PANEL.url, b"no JSON", "document"),
        (PANEL.url, b"{}", "document"),
        ("https://else.example", panel_did(), "document"),
        (ISSUER.public_url, panel_did(), "url"),
    ],
    ids=["no host", "a path", "no JSON", "no keys", "another's name", "the register's own"],
)
def test_a_key_that_cannot_be_the_panels_is_not_recorded(
    url: str, document: bytes, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_panel("Panel", url, document.decode(), OURS, [])
    assert field in {error.field for error in refused.value.errors}


def test_one_key_is_held_by_one_body() -> None:
    given = ("Panel", PANEL.url, panel_did().decode())
    assert require_panel(*given, OURS, []) == (with_member(PANEL, name="Panel"), KEYS)
    with pytest.raises(InvalidInput, match="cannot be recorded"):
        require_panel(*given, Ourselves(ISSUER.did, KEYS), [])
    with pytest.raises(InvalidInput, match="cannot be recorded"):
        require_panel(*given, OURS, [replace(ON_RECORD, did="did:web:else.example")])


def test_no_edition_outlives_a_word_inside_it() -> None:
    ending = sealed(valid_until=now() + timedelta(days=3))
    facts = replace(FACTS, endorsements=(SAID, ending))
    zone = the_pack().zone
    until = assess_validity(facts, at=now(), zone=zone, numbers=NUMBERS)
    assert until == ending.valid_until
