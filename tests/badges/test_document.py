"""What a badge says: the official schema, all five types, nothing that cannot be sealed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pyld import jsonld  # type: ignore[import-untyped]  # it has no types
from pyld.documentloader.frozen import (  # type: ignore[import-untyped]  # it has no types
    FrozenDocumentLoader,
)

from badges.credentials.canonical import canonical_nquads
from badges.credentials.contexts import (
    PINNED,
    UnknownContext,
    load_context,
    require_pinned,
)
from badges.credentials.facts import RESULT_STATUS, RegisterNumber, facts_digest
from badges.credentials.model import OddShape, OpenBadgeCredential, as_document, read_shape
from charter.standing.words import Standing, TypeLevel
from tests.badges.samples import FACTS, ISSUER, TERMS, TYPES, signed, unsigned

SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "ob3-achievementcredential-schema.json"


def plain(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(as_document(unsigned(**changes))))
    return document


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"NOT RUN: the Open Badges schema, {SCHEMA.name}")
@pytest.mark.parametrize("standing", Standing)
def test_it_keeps_to_the_official_schema_of_open_badges(standing: Standing) -> None:
    validator = jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text()))
    document = json.loads(signed(standing=standing))
    assert [error.message for error in validator.iter_errors(document)] == []


def test_all_five_types_are_always_stated_beside_the_standing() -> None:
    subject = plain()["credentialSubject"]
    described = [result["id"] for result in subject["achievement"]["resultDescription"]]
    stated = [result["resultDescription"] for result in subject["result"]]
    assert stated == described
    assert [address.partition("#")[2] for address in stated] == ["standing", *TYPES]


def test_four_types_are_not_a_badge() -> None:
    with pytest.raises(ValueError, match="all 5 types, not 4"):
        replace(FACTS, levels=FACTS.levels[:4])


@pytest.mark.parametrize("level", TypeLevel)
def test_each_level_reached_is_one_of_the_rubric(level: TypeLevel) -> None:
    levels = (replace(FACTS.levels[0], level=level), *FACTS.levels[1:])
    subject = plain(levels=levels)["credentialSubject"]
    rubric = subject["achievement"]["resultDescription"][1]["rubricCriterionLevel"]
    assert len(rubric) == len(TypeLevel)
    assert subject["result"][1]["achievedLevel"] in [step["id"] for step in rubric]


@pytest.mark.parametrize("standing", Standing)
def test_each_standing_has_its_nearest_word_in_open_badges_and_its_own(standing: Standing) -> None:
    result = plain(standing=standing)["credentialSubject"]["result"][0]
    assert result["status"] == RESULT_STATUS[standing]
    assert result["value"].startswith(f"{standing.value}: ")


def test_it_says_what_it_is_not() -> None:
    assert "not a certificate of having no racism" in plain()["description"]


def test_a_number_that_names_a_person_is_only_given_as_a_salted_digest() -> None:
    numbers = (RegisterNumber(scheme="GB-UTR", number="1234567890", salt="c2FsdA"),)
    document = plain(register_numbers=numbers)
    identity = document["credentialSubject"]["identifier"][1]
    assert identity["hashed"] is True
    assert identity["salt"] == "c2FsdA"
    assert "1234567890" not in json.dumps(document)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0c", "\x1b", "\x7f"])
def test_control_characters_are_refused_before_signing(character: str) -> None:
    for member in ("organisation", "narrative"):
        with pytest.raises(OddShape, match="regex"):
            as_document(unsigned(TERMS, **{member: f"Harbour{character}Lights"}))


@pytest.mark.parametrize(
    "words",
    ["Ẹgbẹ́ Ọmọ Yorùbá", "بندرگاہ کی روشنی", "海港之光", 'Quote " and \\', "a\u2028b", "🎭", "]]>"],
)
def test_words_of_every_script_are_written_the_same_by_two_canonicalisers(words: str) -> None:
    document = plain(organisation=words, narrative=f"{words}\n\t{words}")
    loader = FrozenDocumentLoader({address: dict(load_context(address)) for address in PINNED})
    other = jsonld.normalize(
        document,
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": loader,
        },
    )
    assert canonical_nquads(document).decode() == other


def test_every_member_of_the_shape_is_defined_by_the_contexts() -> None:
    dropped: list[str] = []
    loader = FrozenDocumentLoader({address: dict(load_context(address)) for address in PINNED})
    jsonld.expand(
        json.loads(signed()),
        {"documentLoader": loader},
        on_property_dropped=dropped.append,
    )
    assert dropped == []


@pytest.mark.parametrize("address", PINNED)
def test_the_embedded_contexts_are_those_that_were_pinned(address: str) -> None:
    assert "@context" in load_context(address)


def test_a_changed_context_is_refused() -> None:
    with pytest.raises(ValueError, match="has been changed"):
        require_pinned("c.json", b"{}", "00")


def test_any_other_context_is_refused() -> None:
    with pytest.raises(UnknownContext):
        load_context("https://example.com/context.json")


ODD_DOCUMENTS: list[tuple[str, dict[str, Any]]] = [
    ("an extra member", {"goodness": "certified"}),
    ("a null", {"description": None}),
    ("an inline context", {"@context": [*PINNED, {"name": "urn:x"}]}),
    ("a context more", {"@context": [*PINNED, "https://example.com/c.json"]}),
    ("a context less", {"@context": list(PINNED)[:2]}),
    ("an address with a space", {"id": "https://charter.example/b/ x"}),
    ("a relative address", {"id": "/b/7k3m9x2p4n"}),
    ("an escape that is none", {"id": "https://charter.example/%zz"}),
    ("an address with a line break", {"id": "https://charter.example/b\n"}),
    ("another type", {"type": ["VerifiableCredential", "OpenBadgeCredential", "Oscar"]}),
    ("an instant without a zone", {"validUntil": "2099-01-01T00:00:00"}),
    ("a number for a name", {"name": 7}),
    ("two proofs", {"proof": [{}, {}]}),
    ("a second status", {"credentialStatus": []}),
]


@pytest.mark.parametrize(
    "changes",
    [pytest.param(changes, id=what) for what, changes in ODD_DOCUMENTS],
)
def test_a_document_of_another_shape_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(OddShape):
        read_shape(plain() | changes, OpenBadgeCredential)


def test_the_digest_of_facts_follows_every_fact_and_no_term() -> None:
    digest = facts_digest(FACTS, ISSUER)
    assert digest == facts_digest(replace(FACTS), ISSUER)
    assert digest != facts_digest(replace(FACTS, sentence="Overdue."), ISSUER)
    assert digest != facts_digest(FACTS, replace(ISSUER, name="Another hub"))
    assert as_document(unsigned())["id"] == as_document(unsigned(replace(TERMS, n=9)))["id"]
