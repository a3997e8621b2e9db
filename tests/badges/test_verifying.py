"""Checking a badge offline: every form of a good one passes, every kind of bad one is named."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_member
from PIL import Image

from badges.credentials.bake import NotBaked, bake_png, bake_svg, read_png, read_svg
from badges.credentials.sign import with_proof
from badges.keys import read_did_document
from badges.reading import Unreadable, read_badge_file, read_json
from badges.verify import CLOCKS_DIFFER, Report, verify_badge
from tests.badges.forging import (
    FORGERIES,
    PANEL,
    Genuine,
    endorsed,
    endorsement_of,
    now,
    panel_did,
    panel_keys,
)
from tests.badges.samples import (
    INDEX,
    ISSUER,
    NOW,
    TERMS,
    did_json,
    ring,
    signed,
    signers,
    status_list,
    token,
    trusted,
    unsigned,
)
from tests.badges.strangers import Form

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
GOOD_LIST, GOOD_LIST_TOKEN = status_list(5, 6)


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (9, 9), "white").save(content, "PNG")
    return content.getvalue()


def check(content: bytes, listed: bytes | None = GOOD_LIST, **changes: Any) -> Report:
    given_: dict[str, Any] = {"issuer": ISSUER.did, "keys": trusted(), "at": NOW} | changes
    return verify_badge(content, status_list=listed, **given_)


FORMS = {
    "JSON": signed(),
    "token": token().encode(),
    "PNG": bake_png(picture(), signed()),
    "SVG": bake_svg(SVG, signed().decode()).encode(),
}


MADE = Genuine(
    credential=unsigned(),
    signers=signers(),
    issuer=ISSUER,
    did=did_json(),
    svg=SVG,
    png=picture(),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("listed", [GOOD_LIST, GOOD_LIST_TOKEN.encode()], ids=["JSON", "token"])
def test_every_form_of_a_good_badge_is_accepted(form: str, listed: bytes) -> None:
    report = check(FORMS[form], listed)
    assert report.accepted
    assert report.badge is not None
    assert [c.name for c in report.checks] == ["readable", "signature", "in force", "not revoked"]
    assert all(c.sentence.endswith(".") for c in report.checks)


@pytest.mark.parametrize("form", FORMS)
def test_without_its_status_list_a_badge_is_not_accepted(form: str) -> None:
    report = check(FORMS[form], None)
    assert report.outcome("not revoked") == "unknown"
    assert not report.accepted


@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_edition_is_named_so(form: str) -> None:
    report = check(FORMS[form], status_list(INDEX)[0])
    assert report.outcome("not revoked") == "failed"
    assert report.outcome("signature") == "passed"


@pytest.mark.parametrize("form", FORMS)
def test_an_edition_that_ran_out_or_is_not_yet_valid_is_named_so(form: str) -> None:
    assert check(FORMS[form], at=TERMS.valid_until).outcome("in force") == "failed"
    slow_clock = TERMS.valid_from - CLOCKS_DIFFER
    assert check(FORMS[form], at=slow_clock).outcome("in force") == "passed"
    before = slow_clock - timedelta(seconds=1)
    assert check(FORMS[form], at=before).outcome("in force") == "failed"


@pytest.mark.parametrize(
    "listed",
    [
        b"not a list",
        status_list(at=NOW - timedelta(hours=25))[0],
        GOOD_LIST.replace(b"status/1", b"status/2"),
        GOOD_LIST.replace(b"revocation", b"suspension"),
        signed(),
    ],
    ids=["nonsense", "stale", "forged", "another purpose", "not a list at all"],
)
def test_a_list_that_cannot_be_believed_answers_nothing(listed: bytes) -> None:
    report = check(signed(), listed)
    assert report.outcome("not revoked") == "unknown"
    assert not report.accepted


def test_a_list_of_another_number_answers_nothing() -> None:
    other = signed(replace(TERMS, status_list=2))
    report = check(other)
    assert "not the one" in report.checks[-1].sentence


def test_a_true_badge_of_another_issuer_is_named_so() -> None:
    report = check(signed(), issuer="did:web:other.example")
    assert "Somebody else issued it" in report.checks[-1].sentence
    assert report.badge is None


def test_a_badge_signed_with_a_revoked_key_is_not_believed() -> None:
    revoked = ring()
    for signer in (signers().embedded, signers().token):
        revoked = revoked.revoked(signer.verification_method.partition("#")[2], NOW)
    keys = read_did_document(json.loads(did_json(revoked)))
    for content in FORMS.values():
        assert check(content, keys=keys).outcome("signature") == "failed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"{" * 100_000,
        b'{"a":' * 50_000,
        b'{"id":"https://charter.example/b/x","id":"https://charter.example/b/y"}',
        b'{"id":NaN}',
        b'{"id":"\\ud800"}',
        b"\xff\xfe",
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>',
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
        picture(),
        b"x" * 6_000_000,
        "é".encode(),
    ],
    ids=lambda content: repr(content[:30]),
)
def test_what_is_no_badge_gets_a_sentence_and_no_belief(content: bytes) -> None:
    report = check(content)
    assert not report.accepted
    assert report.badge is None
    assert report.checks[-1].sentence.endswith(".")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_check(content: bytes) -> None:
    assert not check(content).accepted


@given(st.sampled_from(sorted(FORMS)), st.integers(0), st.binary(min_size=1, max_size=3))
def test_a_badge_with_bytes_overwritten_is_never_believed_with_other_facts(
    form: str,
    place: int,
    patch: bytes,
) -> None:
    content = FORMS[form]
    at = place % len(content)
    report = check(content[:at] + patch + content[at + len(patch) :])
    if report.badge is not None:
        assert with_member(report.badge, proof=msgspec.UNSET) == unsigned()


def test_only_a_json_object_and_only_a_png_is_read_as_one() -> None:
    with pytest.raises(Unreadable, match="not an object"):
        read_json(b"[1]")
    with pytest.raises(NotBaked, match="not a PNG"):
        read_png(b"GIF89a")


def test_two_credentials_in_one_picture_are_refused() -> None:
    with pytest.raises(NotBaked, match="2 credentials"):
        read_png(bake_png(bake_png(picture(), b"{}"), b"{}"))
    once = bake_svg(SVG, "{}")
    again = once.replace("<rect", once[once.index("<openbadges") : once.index("<rect")] + "<rect")
    with pytest.raises(NotBaked, match="2 credentials"):
        read_svg(again.encode())


def test_a_compressed_credential_is_refused() -> None:
    baked = bake_png(picture(), b"{}")
    packed = baked.replace(b"openbadgecredential\0\0", b"openbadgecredential\0\1")
    with pytest.raises(NotBaked, match="compressed"):
        read_png(packed)


def test_a_baked_picture_is_still_a_picture() -> None:
    baked = bake_png(picture(), signed())
    reopened = Image.open(io.BytesIO(baked))
    reopened.load()
    assert reopened.info["openbadgecredential"].encode() == signed()


def test_words_that_would_end_the_baking_are_kept_whole() -> None:
    credential = signed(narrative="a ]]> b").decode()
    assert read_json(read_svg(bake_svg(SVG, credential).encode())) == json.loads(credential)


def test_an_svg_may_carry_the_token_instead() -> None:
    baked = SVG.replace(
        "><rect",
        ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
        f'<openbadges:credential verify="{token()}"/><rect',
    )
    assert check(baked.encode()).accepted


def test_only_a_picture_of_ours_is_baked() -> None:
    with pytest.raises(ValueError, match="must begin"):
        bake_svg("<!-- x --><svg></svg>", "{}")


def test_a_file_larger_than_any_badge_is_not_read() -> None:
    with pytest.raises(Unreadable, match="larger"):
        read_badge_file(b" " * 5_000_001)


def test_the_panels_own_word_is_checked_under_the_panels_own_key() -> None:
    content = endorsed(MADE, "json").content
    keys = dict(trusted()) | dict(read_did_document(json.loads(panel_did())))
    assert check(content, keys=keys).accepted
    assert check(content).outcome("endorsed") == "unknown"


def test_an_endorsement_of_somebody_else_is_noticed_although_both_are_sealed() -> None:
    keys = dict(trusted()) | dict(read_did_document(json.loads(panel_did())))
    said = endorsement_of(unsigned())
    subject = with_member(said.credential_subject, id=ISSUER.url)
    elsewhere = with_proof(
        with_member(said, credential_subject=subject, proof=msgspec.UNSET),
        signer=panel_keys().signers(PANEL.id).embedded,
        at=NOW,
    )
    content = MADE.sealed(with_member(MADE.credential, endorsement=[elsewhere]), "json")
    report = check(content, keys=keys)
    assert report.outcome("signature") == "passed"
    assert report.outcome("endorsed") == "failed"


@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("kind", FORGERIES)
def test_every_forgery_is_refused_in_every_form(kind: str, form: Form) -> None:
    keys = dict(trusted()) | dict(read_did_document(json.loads(panel_did())))
    handed = FORGERIES[kind](MADE, form)
    for listed in (handed.status_list, handed.status_token):
        assert not check(handed.content, listed, keys=keys, at=now()).accepted
