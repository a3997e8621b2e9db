"""What the shipped pack holds."""

import re
from datetime import date

import msgspec
import pytest

from charter.framework.ladders import MovedStanding
from charter.framework.pack import FrameworkPack, build_pack, load_pack
from charter.framework.region import find_choice
from tests.charter.framework.packs import SHIPPED, shipped_texts, with_change

TYPES = ("internalised", "interpersonal", "institutional", "structural", "systemic")
COUNTS = {
    "impact": (4, 2, 1, 5, 5),
    "action": (3, 6, 10, 5, 6),
    "change": (3, 6, 1, 3, 6),
    "challenge": (3, 5, 4, 7, 9),
    "practice": (1, 5, 5, 2, 4),
}


@pytest.fixture(scope="module")
def pack() -> FrameworkPack:
    return load_pack(SHIPPED)


def test_the_five_types_stand_in_the_order_of_the_source(pack: FrameworkPack) -> None:
    assert pack.type_ids == TYPES == tuple(each.id for each in pack.catalogue.types)


@pytest.mark.parametrize(("kind", "counts"), COUNTS.items())
def test_each_type_has_as_many_entries_as_the_source(
    pack: FrameworkPack, kind: str, counts: tuple[int, ...]
) -> None:
    assert tuple(len(each.kinds[kind]) for each in pack.catalogue.types) == counts


def test_the_totals_are_17_impacts_30_actions_19_changes_28_challenges_and_17_examples() -> None:
    assert [sum(counts) for counts in COUNTS.values()] == [17, 30, 19, 28, 17]


def test_every_action_can_be_found_with_its_type_its_links_and_two_worked_pledges(
    pack: FrameworkPack,
) -> None:
    for racism_type in pack.catalogue.types:
        for action in racism_type.actions:
            assert pack.catalogue.action(action.id) is action
            assert pack.catalogue.type_of(action.id) is racism_type
            assert len(pack.catalogue.worked_for(action.id)) == 2
            assert pack.catalogue.links_of(action.id)


@pytest.mark.parametrize("band", ["tiny", "small"])
@pytest.mark.parametrize("racism_type", TYPES)
def test_a_small_body_finds_a_ready_made_pledge_for_every_type(
    pack: FrameworkPack, band: str, racism_type: str
) -> None:
    assert pack.catalogue.ready_made_for(band, racism_type)
    assert pack.catalogue.racism_type(racism_type).id == racism_type


def test_a_large_body_writes_its_own_pledges(pack: FrameworkPack) -> None:
    assert not any(pack.catalogue.ready_made_for("standard", each) for each in TYPES)


def test_the_six_boroughs_are_there_by_name(pack: FrameworkPack) -> None:
    names = [borough.name for borough in pack.region.boroughs]
    assert names == ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"]
    assert find_choice(pack.region.boroughs, "st-helens").name == "St Helens"
    with pytest.raises(KeyError):
        find_choice(pack.region.boroughs, "atlantis")


def test_forms_of_racism_include_those_the_source_and_the_mission_name(
    pack: FrameworkPack,
) -> None:
    forms = {form.id for form in pack.region.forms}
    assert forms >= {
        "anti-black",
        "anti-muslim",
        "anti-jewish",
        "anti-irish",
        "anti-roma-and-traveller",
        "anti-migrant",
    }


def test_the_digest_is_the_same_however_the_files_are_laid_out(pack: FrameworkPack) -> None:
    respaced = {name: text.replace("\n\n", "\n\n\n") for name, text in shipped_texts().items()}
    assert build_pack(respaced).digest == pack.digest
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", pack.digest)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules.toml", "plan_days = 90", "plan_days = 91"),
        ("region.toml", 'name = "Wirral"', 'name = "The Wirral"'),
        ("ladders.toml", "consequence = false", "consequence = true"),
        ("internalised.toml", 'guidance = "', 'guidance = "Please: '),
        ("links.toml", '"voices-not-heard"', '"too-few-learning-materials"'),
    ],
)
def test_the_digest_changes_with_whatever_the_pack_says(
    pack: FrameworkPack, file: str, old: str, new: str
) -> None:
    assert build_pack(with_change(file, old, new)).digest != pack.digest


def test_the_digest_leaves_out_what_was_only_looked_up(pack: FrameworkPack) -> None:
    fresh = load_pack(SHIPPED)
    assert fresh.ladder("long", "tiny") == pack.ladder("long", "tiny")
    assert fresh.digest == load_pack(SHIPPED).digest


def test_due_dates_are_days_of_london(pack: FrameworkPack) -> None:
    assert pack.zone.key == "Europe/London"
    assert pack.id == "lcr-2025"


def test_the_charter_is_numbered_and_its_digest_is_that_of_its_text(pack: FrameworkPack) -> None:
    charter = pack.charter
    assert charter.version == "1.0"
    assert charter.digest == charter.digest_text()
    assert "\n\n1. We look at all five types\n" in charter.full_text
    assert pack.charter_version("1.0") is charter
    with pytest.raises(KeyError):
        pack.charter_version("9.9")


def test_the_charter_in_force_is_the_newest_one_published_by_that_day() -> None:
    texts = shipped_texts()
    first = texts["charter.toml"]
    second = first[first.index("[[charter]]") :].replace(
        "2024-04-02", "2026-01-05\nresign_by = 2026-04-05"
    )
    second = second.replace('version = "1.0"', 'version = "1.1"')
    digest = re.search(r"sha256:[0-9a-f]{64}", second)
    assert digest
    amended = load_pack(SHIPPED).charter
    amended = msgspec.structs.replace(amended, version="1.1")
    second = second.replace(digest[0], amended.digest_text())
    pack = build_pack(texts | {"charter.toml": first + second})
    assert pack.charter.version == "1.1"
    assert pack.charter_on(date(2026, 1, 4)).version == "1.0"
    assert pack.charter_on(date(2026, 1, 5)).version == "1.1"
    assert pack.charter_on(date(1999, 1, 1)).version == "1.0"


def test_an_obligation_knows_its_owner_its_length_and_its_ladder(pack: FrameworkPack) -> None:
    plan, identity = pack.obligation_kind("plan"), pack.obligation_kind("identity-decision")
    assert (plan.owner, plan.days, plan.working) == ("organisation", 90, False)
    assert (identity.owner, identity.days, identity.working) == ("hub", 10, True)
    assert pack.obligation_kind("evidence").days is None
    assert pack.ladder_of("evidence") == pack.ladder("long")


def test_every_kind_of_obligation_of_rule_34_is_there(pack: FrameworkPack) -> None:
    owed = {(kind.owner, kind.kind) for kind in pack.obligations}
    assert owed >= {
        ("organisation", kind)
        for kind in (
            "plan",
            "re-plan",
            "evidence",
            "more-needed-reply",
            "re-identification",
            "reflection",
            "re-sign",
            "proof-renewal",
            "co-design-pay",
            "concern-response",
        )
    }
    assert {("auditors", "review"), ("hub", "identity-decision"), ("hub", "auditor-pay")} <= owed


def test_the_long_ladder_is_that_of_rule_35(pack: FrameworkPack) -> None:
    offsets = [step.offset for step in pack.ladder("long").steps]
    assert offsets == [-60, -30, -7, -1, 1, 7, 28, 60, 90, 150, 365]
    assert [step.offset for step in pack.ladder("auditor").steps] == [-3, 0, 5]
    assert [step.offset for step in pack.ladder("short").steps][:5] == [-7, -1, 1, 7, 28]


@pytest.mark.parametrize("name", ["plan", "long", "short"])
def test_the_sponsor_gets_7_and_1_and_every_step_from_the_first_late_day(
    pack: FrameworkPack, name: str
) -> None:
    told = {step.offset for step in pack.ladder(name).steps if "sponsor" in step.addressees}
    assert told == {
        step.offset for step in pack.ladder(name).steps if step.offset >= -7 and step.offset
    }


@pytest.mark.parametrize("name", ["plan", "long", "short"])
def test_reminders_are_private_and_skippable_and_lateness_is_public(
    pack: FrameworkPack, name: str
) -> None:
    for step in pack.ladder(name).steps:
        assert step.public is not step.reminds
        assert not (step.reminds and step.consequence)
        assert step.consequence or not step.moves_to


@pytest.mark.parametrize(
    ("band", "days"),
    [
        ("standard", {"overdue": 1, "suspended": 90, "not-reporting": 150, "removed": 365}),
        ("small", {"overdue": 1, "suspended": 135, "not-reporting": 225, "removed": 547}),
        ("tiny", {"overdue": 1, "suspended": 180, "not-reporting": 300, "removed": 730}),
    ],
)
def test_small_bodies_are_late_on_the_same_day_and_have_longer_late_steps(
    pack: FrameworkPack, band: str, days: dict[MovedStanding, int]
) -> None:
    ladder = pack.ladder("long", band)
    assert {standing: ladder.days_until(standing) for standing in days} == days
    assert ladder.days_until("lapsed") is None
    assert pack.ladder("plan", band).days_until("lapsed") == 1


def test_more_time_may_be_asked_for_until_the_step_that_says_it_is_the_last_day(
    pack: FrameworkPack,
) -> None:
    for band in pack.bands:
        opens, closes = pack.extension_window(band.id)
        assert opens == -60
        assert closes == pack.ladder("long", band.id).find_step("last-call").offset


def test_the_days_of_the_ladder_and_of_the_missed_cycle_agree(pack: FrameworkPack) -> None:
    assert pack.numbers.accountability.missed_after_days == pack.ladder("long").days_until(
        "suspended"
    )


def test_a_step_or_an_obligation_that_is_not_there_is_a_key_error(pack: FrameworkPack) -> None:
    with pytest.raises(KeyError):
        pack.ladder("long").find_step("nonsense")
    with pytest.raises(KeyError):
        pack.obligation_kind("nonsense")
    with pytest.raises(KeyError):
        pack.band("huge")


def test_an_identifier_is_known_by_its_form(pack: FrameworkPack) -> None:
    company = pack.identifier_scheme("GB-COH")
    assert company.accepts("01234567")
    assert not company.accepts("1234567")
    assert pack.identifier_scheme(pack.identifiers.own_prefix).accepts("QUAYSIDE-VOICES")


def test_types_are_named_in_their_own_order_however_they_are_asked_for(
    pack: FrameworkPack,
) -> None:
    spell = pack.catalogue.spell_types
    assert spell(["systemic", "internalised", "structural"]) == (
        "internalised racism, structural racism and systemic racism"
    )
    assert spell({"structural", "institutional"}) == "institutional racism and structural racism"
    assert spell(("structural",)) == "structural racism"
    assert spell(()) == ""
