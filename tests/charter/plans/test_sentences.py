"""Each refusal of a pledge, an answer or an amendment says, in its own words, what to do next."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from charter.calendar import add_months
from charter.errors import FieldError, RuleViolation
from charter.plans import pledge_rules, rules, sharing_rules
from charter.plans.pledge_rules import PledgeDraft
from charter.plans.sharing_rules import Invitation
from tests.charter.acting import TYPES, answer_for, draft_for
from tests.charter.plans.test_rules import in_force
from tests.world import World, the_pack

PACK = the_pack()
WORLD = World()
TODAY = WORLD.scheme.today()
A_DAY = timedelta(days=1)
DRAFT = draft_for(WORLD, "institutional")
FIRST, SECOND = DRAFT.milestones
PROMISED = [milestone.due_on for milestone in DRAFT.milestones]
LAST_END = add_months(DRAFT.starts_on, 12 * pledge_rules.YEARS_MOST)


def said(errors: list[FieldError]) -> list[tuple[str, str]]:
    return [(error.field, error.message) for error in errors]


def changed(**changes: object) -> PledgeDraft:
    return replace(DRAFT, **changes)  # type: ignore[arg-type]  # any members


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "Give the pledge a short title."),
        ({"title": "x" * 151}, "title", "Use 150 characters or fewer."),
        ({"promise": " "}, "promise", "Say what you promise to do."),
        ({"own_action": "x" * 4_001}, "own_action", "Use 4000 characters or fewer."),
        ({"type": "accidental"}, "type", "Choose the one type this pledge counts for."),
        (
            {"secondary_types": ("institutional",)},
            "secondary_types",
            "Choose other types than the one it counts for.",
        ),
        (
            {"secondary_types": ("systemic", "accidental")},
            "secondary_types",
            "Choose other types than the one it counts for.",
        ),
        ({"secondary_types": ("systemic",) * 2}, "secondary_types", "Choose each type once."),
        ({"actions": ("none",)}, "actions", "Choose actions from the catalogue."),
        ({"actions": ()}, "actions", "Choose an action, or describe one of your own."),
        ({"change": "none"}, "change", "Choose the change you seek."),
        ({"forms": ()}, "forms", "Choose the forms of racism it is about."),
        ({"forms": ("none",)}, "forms", "Choose the forms of racism it is about."),
        ({"communities": ()}, "communities", "Choose the communities it is for."),
        ({"also_concerns": ("none",)}, "also_concerns", "Choose from the list."),
        ({"ends_on": LAST_END + A_DAY}, "ends_on", "Enter an end within 5 years of the start."),
        ({"milestones": ()}, "milestones", "Add between 1 and 20 milestones."),
        ({"milestones": (FIRST,) * 21}, "milestones", "Add between 1 and 20 milestones."),
        (
            {"milestones": (FIRST, replace(SECOND, title=""))},
            "milestones[1].title",
            "Say what will be done by then.",
        ),
        (
            {"milestones": (FIRST, replace(SECOND, title="x" * 151))},
            "milestones[1].title",
            "Use 150 characters or fewer.",
        ),
        (
            {"milestones": (replace(FIRST, evidence=""),)},
            "milestones[0].evidence",
            "Say what will count as evidence.",
        ),
        (
            {"milestones": (replace(FIRST, evidence="x" * 4_001),)},
            "milestones[0].evidence",
            "Use 4000 characters or fewer.",
        ),
        (
            {"milestones": (replace(FIRST, evidence_until=FIRST.due_on),)},
            "milestones[0].evidence_until",
            "Enter a date after the milestone's own, or leave it empty.",
        ),
        (
            {"milestones": (replace(FIRST, due_on=TODAY),)},
            "milestones[0].due_on",
            "Enter a date that is still to come.",
        ),
        (
            {"milestones": (replace(FIRST, due_on=DRAFT.ends_on + A_DAY),)},
            "milestones[0].due_on",
            "Enter a date between the start and the end of the pledge.",
        ),
        ({"funding_pence": -1}, "funding_pence", "Enter an amount from £0 to £1,000,000,000."),
        ({"funded_until": None}, "funded_until", "Say until when the money is there."),
        (
            {"funded_until": DRAFT.starts_on - A_DAY},
            "funded_until",
            "Enter a date after the start.",
        ),
    ],
)
def test_each_mistake_in_a_pledge_says_what_to_do(
    changes: dict[str, object], field: str, sentence: str
) -> None:
    assert said(pledge_rules.check_pledge(changed(**changes), PACK, TODAY)) == [(field, sentence)]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 150},
        {"own_action": "x" * 4_000},
        {"also_concerns": ()},
        {"ends_on": LAST_END},
        {"milestones": (FIRST,) * 20},
        {"milestones": (replace(FIRST, evidence_until=FIRST.due_on + A_DAY),)},
        {"milestones": (replace(FIRST, due_on=DRAFT.ends_on),)},
        {"funding_pence": 0},
        {"funding_pence": pledge_rules.FUNDING_MOST_PENCE},
        {"funded_until": DRAFT.starts_on},
        {"actions": (), "own_action": "A reading group"},
        {"milestones": (FIRST,)},
    ],
)
def test_what_is_just_right_is_taken(changes: dict[str, object]) -> None:
    assert pledge_rules.check_pledge(changed(**changes), PACK, TODAY) == []


def test_an_end_before_the_start_or_behind_us_is_refused() -> None:
    same_day = changed(ends_on=DRAFT.starts_on, milestones=(FIRST,))
    assert said(pledge_rules.check_pledge(same_day, PACK, TODAY, promised=[FIRST.due_on])) == [
        ("ends_on", "Enter an end that is after the start.")
    ]
    over = changed(starts_on=TODAY - 9 * A_DAY, ends_on=TODAY, milestones=(FIRST,))
    assert said(pledge_rules.check_pledge(over, PACK, TODAY))[0] == (
        "ends_on",
        "Enter an end that is still to come.",
    )
    assert pledge_rules.check_pledge(over, PACK, TODAY, promised=[FIRST.due_on]) == []


@pytest.mark.parametrize(
    ("after", "reason", "refusal", "sentence"),
    [
        (
            changed(title="Other"),
            " ",
            pledge_rules.PublicReasonNeeded,
            "Say in public why the pledge changes.",
        ),
        (
            changed(type="systemic"),
            "Why",
            pledge_rules.TypeFixed,
            "A published pledge counts for one type for good. Make a new pledge for another type.",
        ),
        (
            changed(milestones=(FIRST,)),
            "Why",
            pledge_rules.MilestoneDropped,
            "A milestone once promised stays. Report on it, or withdraw the whole pledge.",
        ),
        (
            changed(milestones=(FIRST, replace(SECOND, due_on=SECOND.due_on + A_DAY))),
            "Why",
            pledge_rules.DueDateMoved,
            "A date moves only by a community decision. Ask for more time instead.",
        ),
        (
            changed(milestones=(FIRST, replace(SECOND, evidence_until=SECOND.due_on + A_DAY))),
            "Why",
            pledge_rules.DueDateMoved,
            "A date moves only by a community decision. Ask for more time instead.",
        ),
        (DRAFT, "Why", pledge_rules.NothingChanged, "Nothing in the pledge has changed."),
    ],
)
def test_an_amendment_that_takes_back_a_promise_is_told_what_to_do_instead(
    after: PledgeDraft, reason: str, refusal: type[RuleViolation], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        pledge_rules.decide_amendment(DRAFT, after, PROMISED, reason)
    assert str(refused.value) == sentence


def test_a_date_that_was_promised_is_named_beside_its_milestone() -> None:
    moved = replace(SECOND, due_on=SECOND.due_on - A_DAY)
    later = replace(FIRST, evidence_until=FIRST.due_on + 9 * A_DAY)
    with pytest.raises(pledge_rules.DueDateMoved) as refused:
        pledge_rules.decide_amendment(DRAFT, changed(milestones=(later, moved)), PROMISED, "Why")
    assert said(list(refused.value.errors)) == [
        ("milestones[1].due_on", f"This was promised for {SECOND.due_on:%-d %B %Y}."),
        ("milestones[0].evidence_until", "This was promised, and does not move."),
    ]


def test_each_mistake_in_an_answer_says_what_to_do() -> None:
    answer = answer_for("structural")
    unknown = replace(answer, type="accidental")
    assert said(rules.check_answer(unknown, PACK)) == [("type", "Choose one of the five types.")]
    wrong = replace(answer, impacts=("none",), reason="", took_part="", priority=0)
    assert said(rules.check_answer(wrong, PACK)) == [
        ("impacts", "Choose impacts of this type from the list."),
        ("reason", "Say why this type applies to your organisation."),
        ("took_part", "Say who took part, as groups or roles and not as names."),
        ("priority", "Enter a place from 1 to 5."),
    ]
    none = replace(answer, impacts=(), community_priority=6, took_part="x" * 4_001)
    assert said(rules.check_answer(none, PACK)) == [
        ("impacts", "Choose at least one impact that you recognise."),
        ("took_part", "Use 4000 characters or fewer."),
        ("community_priority", "Enter a place from 1 to 5."),
    ]
    idle = replace(answer, applies=False, impacts=(), reason=" ")
    assert said(rules.check_answer(idle, PACK)) == [
        ("reason", "Say why this type does not apply to your organisation."),
    ]
    last = replace(answer, priority=5, community_priority=1, reason="x" * 4_000)
    assert rules.check_answer(last, PACK) == []


def test_a_plan_that_leaves_a_type_out_is_told_which_and_what_to_do() -> None:
    with pytest.raises(rules.TypeUnanswered) as refused:
        rules.decide_publication({}, (), TODAY, PACK)
    *most, last = [each.name.lower() for each in PACK.catalogue.types]
    names = f"{', '.join(most)} and {last}"
    assert str(refused.value) == f"Answer every type first. Still to answer: {names}."
    assert said(list(refused.value.errors)) == [
        (name, "Answer whether this type applies.") for name in TYPES
    ]
    with pytest.raises(rules.TypeWithoutPledge) as bare:
        rules.decide_publication(in_force(), TYPES[1:], TODAY, PACK)
    first = PACK.catalogue.types[0].name.lower()
    assert str(bare.value) == (
        f"Every type that applies needs at least one pledge. Add a pledge for: {first}."
    )
    assert said(list(bare.value.errors)) == [(TYPES[0], "Add a pledge for this type.")]


def test_five_times_does_not_apply_is_told_to_look_again() -> None:
    with pytest.raises(rules.NothingApplies) as refused:
        rules.decide_answer(
            answer_for(TYPES[4], applies=False), in_force(*TYPES[:4]), date(2026, 3, 1), PACK
        )
    assert str(refused.value) == (
        "At least one of the five types applies to every organisation."
        " Look again at all five, with people who live with racism."
    )


LEAD, OTHER = UUID(int=1, version=4), UUID(int=2, version=4)


def test_each_mistake_in_asking_a_partner_says_what_to_do() -> None:
    assert said(sharing_rules.check_invitation(Invitation("Lend the hall", OTHER))) == []
    assert said(sharing_rules.check_invitation(Invitation("x" * 1_000, group=OTHER))) == []
    assert said(sharing_rules.check_invitation(Invitation(" "))) == [
        ("partner", "Choose an organisation or a community group."),
        ("part", "Say what the partner would do, in 1000 characters or fewer."),
    ]
    both = Invitation("x" * 1_001, OTHER, OTHER)
    assert [field for field, _ in said(sharing_rules.check_invitation(both))] == ["partner", "part"]


@pytest.mark.parametrize(
    ("whom", "known", "refusal", "sentence"),
    [
        (
            LEAD,
            [],
            sharing_rules.NotSharable,
            "You lead this pledge. Ask somebody else to share it.",
        ),
        (
            OTHER,
            [OTHER],
            sharing_rules.PartnerAlready,
            "They have been asked already. Wait for their answer.",
        ),
        (
            OTHER,
            [UUID(int=number, version=4) for number in range(10, 30)],
            sharing_rules.PartnersMost,
            "A pledge has at most 20 partners. Make another pledge for more.",
        ),
    ],
)
def test_a_partner_who_cannot_be_asked_is_not(
    whom: UUID, known: list[UUID], refusal: type[RuleViolation], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        sharing_rules.decide_invitation(Invitation("Lend the hall", whom), LEAD, known, PACK)
    assert str(refused.value) == sentence
    sharing_rules.decide_invitation(
        Invitation("Lend the hall", whom), UUID(int=3), known[1:20], PACK
    )


def test_who_leaves_says_why_except_a_community_group() -> None:
    wrong = [("reason", "Say why, in 1000 characters or fewer. It is published.")]
    assert said(sharing_rules.check_reason(" ", needed=True)) == wrong
    assert said(sharing_rules.check_reason("x" * 1_001, needed=False)) == wrong
    assert sharing_rules.check_reason("", needed=False) == []
    assert sharing_rules.check_reason("x" * 1_000, needed=True) == []
