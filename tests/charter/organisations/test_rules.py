"""Who may apply, under which identifiers and addresses: the pure rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.organisations import rules
from tests.charter.acting import APPLICATION
from tests.world import the_pack

PACK = the_pack()


def fields(**changes: object) -> list[str]:
    application = replace(APPLICATION, **changes)  # type: ignore[arg-type]  # as each test names it
    return [error.field for error in rules.check_application(application, PACK)]


def test_an_application_with_nothing_wrong_is_taken() -> None:
    assert fields() == []


def test_everything_wrong_is_said_at_once() -> None:
    wrong = fields(
        name=" ",
        town="",
        sponsor_role="",
        website="ftp://harbour-lights.example",
        domain="not a domain",
        sector="fishing",
        boroughs=(),
        band="huge",
        identifiers=(("GB-COH", "12"), ("XX-NONE", "1")),
        proof="trust-me",
    )
    assert wrong == [
        *("name", "town", "sponsor_role", "website", "domain", "sector", "boroughs", "band"),
        *("identifiers[0]", "identifiers[1]", "proof"),
    ]


def test_what_is_longer_than_its_place_is_refused() -> None:
    assert fields(name="x" * 201) == ["name"]
    assert fields(website="https://" + "x" * 200) == ["website"]
    assert fields(identifiers=(("LCR-GRP", "X" * 61),)) == ["identifiers[0]"]


def test_proof_at_a_domain_needs_the_domain() -> None:
    assert fields(domain=None, proof="dns-txt") == ["domain"]


def test_proof_by_a_register_needs_a_number() -> None:
    assert fields(identifiers=(), proof="register") == ["identifiers"]


def test_a_group_with_neither_can_be_vouched_for() -> None:
    assert fields(identifiers=(), domain=None, website=None, proof="vouched") == []


@pytest.mark.parametrize("scheme", PACK.identifiers.schemes, ids=lambda scheme: scheme.scheme)
def test_each_register_takes_its_own_example_and_refuses_nonsense(scheme: object) -> None:
    register = PACK.identifier_scheme(getattr(scheme, "scheme", ""))
    assert fields(identifiers=((register.scheme, f" {register.example.lower()} "),)) == []
    assert fields(identifiers=((register.scheme, "?!"),)) == ["identifiers[0]"]


@pytest.mark.parametrize(("band", "may"), [("tiny", True), ("small", True), ("standard", False)])
def test_only_the_smallest_bodies_may_have_one_person_in_both_roles(
    band: str, *, may: bool
) -> None:
    assert rules.may_be_one_person(band, PACK) is may


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("harbour-lights.example", "harbour-lights.example", True),
        ("Tickets.Harbour-Lights.example.", "harbour-lights.example", True),
        ("council.example", "libraries.council.example", True),
        ("lights.example", "harbour-lights.example", False),
        ("", "harbour-lights.example", False),
        ("hub.example", None, False),
    ],
)
def test_an_employer_is_known_by_its_domain_and_what_stands_below_it(
    mine: str, theirs: str | None, *, same: bool
) -> None:
    assert rules.shares_employer(mine, theirs) is same


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Harbour Lights Theatre", "harbour-lights-theatre"),
        ("Café & Co.", "cafe-and-co"),
        ("The People's Kitchen", "the-peoples-kitchen"),
        ("慈善", "organisation"),
        ("A", "organisation-a"),
    ],
)
def test_a_slug_is_the_name_in_plain_letters(name: str, slug: str) -> None:
    assert rules.make_slug(name) == slug


@given(st.text(max_size=200), st.integers(0, 5))
def test_a_chosen_slug_is_always_a_free_and_well_formed_address(name: str, taken: int) -> None:
    used: list[str] = []
    for _ in range(taken + 1):
        slug = rules.choose_slug(name, used)
        assert slug not in used
        assert 2 <= len(slug) <= 80
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        used.append(slug)


def test_look_alikes_are_names_that_differ_in_small_words_only() -> None:
    assert rules.plain_name("The Harbour Lights Ltd") == rules.plain_name("Harbour-Lights")
    assert rules.plain_name("Harbour Lights") != rules.plain_name("Harbour Nights")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("The Harbour Lights Ltd", "Harbour-Lights", True),
        ("Harbour Lights", "Harbour Nights", True),
        ("Harbour Lights", "Harbor Lights", True),
        ("Harbour Lights", "Harbour Lightss", True),
        ("Harbour Lights", "Harbuor Lights", True),
        ("Harbour Lights", "H\N{CYRILLIC SMALL LETTER A}rbour Lights", True),
        ("Quay", "Quai", False),
        ("Harbour Lights", "Harbour Sights Club", False),
        ("Harbour Lights", "Tideway Arts", False),
        ("Tideway", "Tidewyas", False),
    ],
)
def test_names_that_people_may_take_for_one_another_look_alike(
    one: str, other: str, *, alike: bool
) -> None:
    assert rules.look_alike(one, other) is alike
    assert rules.look_alike(other, one) is alike
