"""What a pledge must say, and what may change once it is published: the pure rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import add_months
from charter.errors import FieldError
from charter.framework.pack import build_pack
from charter.plans import pledge_rules as rules
from charter.plans import versions
from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft
from tests.charter.acting import TYPES, draft_for
from tests.charter.framework.packs import with_change
from tests.world import World, the_pack

PACK = the_pack()
WORLD = World()
TODAY = WORLD.scheme.today()
DRAFT = draft_for(WORLD, "institutional")
PROMISED = [milestone.due_on for milestone in DRAFT.milestones]


def changed(**changes: object) -> PledgeDraft:
    return replace(DRAFT, **changes)  # type: ignore[arg-type]  # any one member  # as each test names it


def fields(*promised: date, **changes: object) -> list[str]:
    found = rules.check_pledge(changed(**changes), PACK, TODAY, promised=promised)
    return [error.field for error in found]


def milestone(**changes: object) -> MilestoneDraft:
    return replace(DRAFT.milestones[0], **changes)  # type: ignore[arg-type]  # any one member


def test_a_pledge_with_nothing_wrong_is_taken() -> None:
    assert fields() == []


def test_everything_wrong_is_said_at_once_under_the_names_of_the_form() -> None:
    wrong = fields(
        type="accidental",
        title="",
        promise=" ",
        who_notices="",
        measure="",
        baseline="",
        target="",
        owner_role="",
        actions=("no-such-action",),
        change="no-such-change",
        forms=(),
        communities=("martian",),
        also_concerns=("height",),
        ends_on=TODAY,
        milestones=(milestone(title="", evidence="", due_on=TODAY),),
        funding_pence=-1,
        funded_until=None,
    )
    assert wrong == [
        *("title", "promise", "who_notices", "measure", "baseline", "target", "owner_role"),
        *("type", "actions", "change", "forms", "communities", "also_concerns", "ends_on"),
        *("milestones[0].title", "milestones[0].evidence", "milestones[0].due_on"),
        *("funding_pence", "funded_until"),
    ]


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        ("title", {"title": "x" * (rules.TITLE_MOST + 1)}),
        ("promise", {"promise": "x" * (rules.TEXT_MOST + 1)}),
        ("own_action", {"own_action": "x" * (rules.TEXT_MOST + 1)}),
        ("actions", {"actions": ()}),
        ("secondary_types", {"secondary_types": ("institutional",)}),
        ("secondary_types", {"secondary_types": ("systemic", "systemic")}),
        ("secondary_types", {"secondary_types": ("accidental",)}),
        ("ends_on", {"ends_on": add_months(TODAY, 12 * rules.YEARS_MOST) + timedelta(days=1)}),
        ("milestones", {"milestones": ()}),
        ("milestones", {"milestones": (milestone(),) * (rules.MILESTONES_MOST + 1)}),
        ("funding_pence", {"funding_pence": 10**12}),
        ("funded_until", {"funded_until": TODAY - timedelta(days=1)}),
    ],
)
def test_each_single_mistake_is_named(wrong: str, changes: dict[str, object]) -> None:
    assert fields(**changes) == [wrong]


def test_a_pledge_that_is_over_before_it_is_published_is_refused() -> None:
    over = changed(starts_on=TODAY - timedelta(days=30), ends_on=TODAY)
    wrong = [error.field for error in rules.check_pledge(over, PACK, TODAY)]
    assert "ends_on" in wrong


def test_an_action_of_its_own_will_do() -> None:
    assert fields(actions=(), own_action="A reading group that chooses its own books") == []


def test_no_money_is_an_answer() -> None:
    assert fields(funding_pence=None, funded_until=None) == []


@pytest.mark.parametrize(("days", "well"), [(0, False), (1, True), (365, True), (366, False)])
def test_a_milestone_lies_ahead_and_within_the_pledge(days: int, *, well: bool) -> None:
    due_on = TODAY + timedelta(days=days)
    expected = [] if well else ["milestones[0].due_on"]
    assert fields(milestones=(milestone(due_on=due_on),)) == expected


def test_the_day_evidence_holds_until_lies_after_its_milestone_and_does_not_move() -> None:
    due_on = TODAY + timedelta(days=10)
    for days, expected in ((0, ["milestones[0].evidence_until"]), (1, [])):
        until = due_on + timedelta(days=days)
        assert fields(milestones=(milestone(due_on=due_on, evidence_until=until),)) == expected

    first, *others = DRAFT.milestones
    longer = replace(first, evidence_until=first.due_on + timedelta(days=365))
    after = changed(milestones=(longer, *others))
    with pytest.raises(rules.DueDateMoved) as refused:
        rules.decide_amendment(DRAFT, after, PROMISED, "It holds longer")
    assert [error.field for error in refused.value.errors] == ["milestones[0].evidence_until"]


def test_a_milestone_already_promised_may_lie_in_the_past() -> None:
    past = milestone(due_on=TODAY - timedelta(days=10))
    ahead = milestone(due_on=TODAY + timedelta(days=10))

    assert fields(past.due_on, milestones=(past, ahead)) == []
    assert fields(milestones=(past, ahead)) == ["milestones[0].due_on"]


@pytest.mark.parametrize(
    ("ends_on", "one_off"),
    [
        (add_months(TODAY, 6) - timedelta(days=1), True),
        (add_months(TODAY, 6), False),
    ],
)
def test_a_pledge_under_six_months_is_marked_as_one_off(ends_on: date, *, one_off: bool) -> None:
    short = changed(ends_on=ends_on)
    assert versions.is_one_off(short, PACK) is one_off
    assert versions.facts_of_pledge(1, 1, short, PACK)["one_off"] is one_off


def test_an_amendment_may_change_words_and_add_a_milestone() -> None:
    more = MilestoneDraft("One more", add_months(TODAY, 11), "Minutes")
    after = changed(target="All of them", milestones=(*DRAFT.milestones, more))

    rules.decide_amendment(DRAFT, after, PROMISED, "The community asked for it")


def test_an_amendment_needs_a_public_reason() -> None:
    with pytest.raises(rules.PublicReasonNeeded):
        rules.decide_amendment(DRAFT, changed(title="Other"), PROMISED, " ")


def test_an_amendment_does_not_change_the_one_type_a_pledge_counts_for() -> None:
    with pytest.raises(rules.TypeFixed):
        rules.decide_amendment(DRAFT, changed(type="systemic"), PROMISED, "Why")


def test_an_amendment_does_not_drop_a_milestone() -> None:
    fewer = changed(milestones=DRAFT.milestones[:1])
    with pytest.raises(rules.MilestoneDropped):
        rules.decide_amendment(DRAFT, fewer, PROMISED, "Why")


def test_an_amendment_does_not_move_a_date_and_names_each_one() -> None:
    later = tuple(
        replace(each, due_on=each.due_on + timedelta(days=1)) for each in DRAFT.milestones
    )
    with pytest.raises(rules.DueDateMoved) as refused:
        rules.decide_amendment(DRAFT, changed(milestones=later), PROMISED, "Why")
    assert [error.field for error in refused.value.errors] == [
        "milestones[0].due_on",
        "milestones[1].due_on",
    ]


def test_an_amendment_says_something_new() -> None:
    with pytest.raises(rules.NothingChanged):
        rules.decide_amendment(DRAFT, DRAFT, PROMISED, "Why")


def test_a_version_is_split_into_facts_and_words_and_put_together_again() -> None:
    terms, words = versions.terms_of_pledge(DRAFT, PACK), versions.words_of_pledge(DRAFT)

    assert versions.restore_draft(terms, words) == DRAFT
    assert not set(terms) & set(versions.PUBLIC_WORDS)
    assert set(words) == {*versions.PUBLIC_WORDS, "reason", "milestones"}


@given(
    st.sampled_from(TYPES),
    st.none() | st.integers(0, 10**9),
    st.text(min_size=1, max_size=50),
    st.integers(1, 5),
)
def test_no_draft_is_lost_between_facts_and_words(
    type_id: str, funding: int | None, title: str, milestones: int
) -> None:
    draft = replace(
        DRAFT,
        type=type_id,
        title=title,
        funding_pence=funding,
        funded_until=None if funding is None else DRAFT.funded_until,
        milestones=DRAFT.milestones[:1] * milestones,
    )
    terms, words = versions.terms_of_pledge(draft, PACK), versions.words_of_pledge(draft, "Why")

    assert versions.restore_draft(terms, words) == draft


def test_a_difference_reads_as_what_it_was_and_what_it_is() -> None:
    more = MilestoneDraft("One more", date(2026, 11, 5), "Minutes")
    after = changed(
        target="All of them",
        communities=("somali",),
        funding_pence=None,
        milestones=(
            replace(DRAFT.milestones[0], title="Panel trained"),
            *DRAFT.milestones[1:],
            more,
        ),
    )
    found = [
        *versions.compare_versions(
            versions.words_of_pledge(DRAFT), versions.words_of_pledge(after, "Why")
        ),
        *versions.compare_versions(
            versions.terms_of_pledge(DRAFT, PACK), versions.terms_of_pledge(after, PACK)
        ),
    ]
    assert {change.field: (change.was, change.now) for change in found} == {
        "target": ("Every panel", "All of them"),
        "milestones[0].title": ("Panel members recruited", "Panel trained"),
        "milestones[2].title": ("", "One more"),
        "milestones[2].evidence": ("", "Minutes"),
        "communities": ("somali, yemeni", "somali"),
        "funding_pence": ("250000", ""),
        "milestones[2].due_on": ("", "2026-11-05"),
    }


def test_two_equal_versions_do_not_differ() -> None:
    words = versions.words_of_pledge(DRAFT)
    assert versions.compare_versions(words, words) == ()


def test_a_pledge_names_only_as_many_other_types_as_the_pack_allows() -> None:
    strict = build_pack(
        with_change("rules.toml", "secondary_types_most = 4", "secondary_types_most = 1")
    )
    one, two = (replace(DRAFT, secondary_types=("systemic", "structural")[:n]) for n in (1, 2))
    assert rules.check_pledge(one, strict, TODAY) == []
    assert rules.check_pledge(two, strict, TODAY) == [
        FieldError("secondary_types", "Choose up to 1 other types.")
    ]
