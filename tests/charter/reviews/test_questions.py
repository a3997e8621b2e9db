"""Panels that answer a question: does a type not apply; and the yearly accountability review."""

from dataclasses import replace

import pytest

from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.ledger import transaction
from charter.obligations.tables import Obligation
from charter.plans.tables import Answer
from charter.reviews.accountability import NoReflectionDue, Reflection, VoicesDoNotDiffer
from charter.reviews.published import published_accountability
from charter.reviews.queries import read_case
from charter.reviews.service import (
    agree_with_panel,
    ask_for_more_time,
    open_case,
    open_reflections,
    publish_due_cases,
    reply_to_case,
    seal_findings,
    seal_verdict,
    send_reflection,
)
from charter.reviews.tables import AccountabilityReview, Case, PayEntry
from tests.charter.reviews.stage import TYPES, Stage

pytestmark = pytest.mark.usefixtures("database")

APPLICABLE = TYPES[:4]


async def ask_about_answers(stage: Stage) -> Case:
    async with transaction(stage.world.scheme) as tx:
        return await open_case(tx, "does-not-apply", organisation=stage.organisation)


@pytest.mark.parametrize(
    ("answers", "event", "agreed"),
    [(("yes", "yes"), "answer-agreed", True), (("yes", "no"), "answer-disputed", False)],
)
async def test_rule_5_does_not_apply_needs_two_auditors_who_agree(
    answers: tuple[str, str],
    event: str,
    agreed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    stage = await Stage().set()
    await ask_about_answers(stage)
    await stage.draw()
    for seat, answer in zip(await stage.accept_all(), answers, strict=True):
        await seal_verdict(
            stage.world.scheme,
            seat=seat.id,
            question="systemic",
            verdict=answer,
            reasons="The theatre has no say in it.",
        )

    assert await publish_due_cases(stage.world.scheme) == 1

    [said] = [row for row in await events_of(stage.organisation) if row.kind == event]
    assert (said.data["type"], said.data["version"]) == ("systemic", 1)
    row = await Answer.objects().where(Answer.type == "systemic").first()
    assert row is not None
    assert (row.agreed_at is not None) is agreed
    assert (row.expires_on is not None) is agreed


async def test_rule_5_all_such_answers_of_an_organisation_are_one_case() -> None:
    stage = await Stage().set()
    first = await ask_about_answers(stage)
    await Answer(
        organisation=stage.organisation,
        type="structural",
        version=2,
        applies=False,
        impacts=[],
        priority=4,
        given_at=stage.world.scheme.now(),
    ).save()

    second = await ask_about_answers(stage)

    assert second.id == first.id
    await stage.draw()
    seat = (await stage.accept_all())[0]
    asked = {
        question.question for question in (await read_case(stage.world.scheme, seat.id)).questions
    }
    assert asked == {"structural", "systemic"}


def a_reflection(**findings: str) -> Reflection:
    return Reflection(
        findings={name: findings.get(name, "kept") for name in APPLICABLE},
        what_worked="Two of three pledges.",
        what_did_not_work="The mentoring scheme found no mentors, because nobody was paid.",
        what_changes="Mentors are paid from May.",
        signed_by_role="Artistic director",
    )


async def a_year_later() -> Stage:
    stage = await Stage().set(auditors=8, due_in=600)
    stage.world.pass_days(365)
    return stage


async def test_rule_26_a_reflection_is_due_yearly_from_the_signature() -> None:
    stage = await Stage().set(due_in=600)
    stage.world.pass_days(364)
    assert await open_reflections(stage.world.scheme) == 0

    stage.world.pass_days(1)

    assert await open_reflections(stage.world.scheme) == 1
    assert await open_reflections(stage.world.scheme) == 0
    [owed] = await Obligation.objects().where(Obligation.kind == "reflection")
    assert (owed.due_on - stage.world.scheme.today()).days == 60
    stage.world.pass_days(365)
    assert await open_reflections(stage.world.scheme) == 1
    cycles = await AccountabilityReview.objects().order_by(AccountabilityReview.cycle)
    assert [row.cycle for row in cycles] == [1, 2]


async def test_rule_26_the_lower_of_two_voices_is_published_and_the_flag_says_they_differ() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    await send_reflection(
        stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
    )
    await stage.draw()
    found = {**dict.fromkeys(APPLICABLE, "kept"), "structural": "not-kept"}
    for seat in await stage.accept_all():
        await seal_findings(
            stage.world.scheme, seat=seat.id, findings=found, reasons="We asked those concerned."
        )
    case = await stage.the_case()
    await reply_to_case(stage.world.scheme, case=case.id, words="We see it differently.")

    assert await publish_due_cases(stage.world.scheme) == 1

    [cycle] = await published_accountability(stage.organisation)
    assert cycle.result["structural"] == "not-kept"
    assert cycle.result["internalised"] == "kept"
    assert cycle.voices_differ == ("structural",)
    assert "voices-differ" in (await stage.standing()).flags


async def test_rule_26_the_flag_stands_until_the_organisation_agrees_with_the_panel() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    await send_reflection(
        stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
    )
    with pytest.raises(NotFound):
        await agree_with_panel(stage.world.scheme, organisation=stage.organisation, cycle=1)
    await stage.draw()
    found = dict.fromkeys(APPLICABLE, "kept") | {
        "structural": "not-kept",
        "internalised": "not-kept",
    }
    for seat in await stage.accept_all():
        await seal_findings(stage.world.scheme, seat=seat.id, findings=found, reasons="Heard.")
    await stage.publish_after_reply_days()
    assert "voices-differ" in (await stage.standing()).flags
    [published] = [
        event.data["voices_differ"]
        for event in await events_of(stage.organisation)
        if event.kind == "accountability-review-published"
    ]
    assert published == ["internalised", "structural"]

    await agree_with_panel(stage.world.scheme, organisation=stage.organisation, cycle=1)

    assert "voices-differ" not in (await stage.standing()).flags
    [cycle] = await published_accountability(stage.organisation)
    assert cycle.voices_differ == ()
    assert cycle.result["structural"] == "not-kept"
    with pytest.raises(VoicesDoNotDiffer):
        await agree_with_panel(stage.world.scheme, organisation=stage.organisation, cycle=1)


async def test_rule_26_what_is_repeated_from_an_earlier_year_is_shown_to_the_panel() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    said = replace(
        a_reflection(),
        what_worked="We met the staff network four times and changed how we hire people here.",
    )
    await send_reflection(stage.world.scheme, organisation=stage.organisation, reflection=said)
    await stage.draw()
    first = (await stage.accept_all())[0]
    assert (await read_case(stage.world.scheme, first.id)).repeated == ()
    for seat in await stage.accept_all():
        found = dict.fromkeys(APPLICABLE, "kept")
        await seal_findings(stage.world.scheme, seat=seat.id, findings=found, reasons="Heard.")
    await stage.publish_after_reply_days()
    await PayEntry.update({PayEntry.paid_at: stage.world.scheme.now()}, force=True)
    stage.world.pass_days(365)
    await open_reflections(stage.world.scheme)
    await send_reflection(stage.world.scheme, organisation=stage.organisation, reflection=said)
    await stage.draw()
    seat = (await stage.accept_all())[0]

    repeated = (await read_case(stage.world.scheme, seat.id)).repeated

    assert any("met the staff network four times" in each.passage for each in repeated)
    assert {each.cycle for each in repeated} == {1}


async def test_rule_26_split_findings_call_a_third_seat() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    await send_reflection(
        stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
    )
    await stage.draw()
    words = iter(["kept", "partly-kept"])
    for seat in await stage.accept_all():
        found = {**dict.fromkeys(APPLICABLE, "kept"), "structural": next(words)}
        await seal_findings(stage.world.scheme, seat=seat.id, findings=found, reasons="Heard.")
    await stage.draw()
    third = (await stage.accept_all())[-1]
    asked = [
        question.question for question in (await read_case(stage.world.scheme, third.id)).questions
    ]
    assert asked == ["structural"]
    await seal_findings(
        stage.world.scheme, seat=third.id, findings={"structural": "not-kept"}, reasons="Heard."
    )

    await stage.publish_after_reply_days()

    [cycle] = await published_accountability(stage.organisation)
    assert cycle.community_found["structural"] == "partly-kept"


async def test_rule_26_a_reflection_says_everything_that_is_missing_at_once() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)

    with pytest.raises(InvalidInput) as refused:
        await send_reflection(
            stage.world.scheme,
            organisation=stage.organisation,
            reflection=Reflection({}, "Much.", "", "", ""),
        )

    fields = [error.field for error in refused.value.errors]
    assert fields == [
        "what_did_not_work",
        "what_changes",
        "signed_by_role",
        *(f"findings.{name}" for name in APPLICABLE),
    ]


async def test_rule_26_no_reflection_is_taken_where_none_is_due() -> None:
    stage = await Stage().set()

    with pytest.raises(NoReflectionDue):
        await send_reflection(
            stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
        )


async def test_an_answer_given_anew_is_passed_over_by_the_panel_that_was_asked_before() -> None:
    stage = await Stage().set()
    await ask_about_answers(stage)
    await stage.draw()
    for seat in await stage.accept_all():
        await seal_verdict(stage.world.scheme, seat=seat.id, verdict="yes", reasons="Agreed.")
    await Answer(
        organisation=stage.organisation,
        type="systemic",
        version=2,
        applies=True,
        impacts=[],
        priority=5,
        given_at=stage.world.scheme.now(),
    ).save()

    assert await publish_due_cases(stage.world.scheme) == 1

    assert "answer-agreed" not in await stage.kinds()
    with pytest.raises(NotFound):
        await ask_about_answers(stage)


async def test_a_panel_reads_the_words_it_is_asked_about() -> None:
    stage = await a_year_later()
    await open_reflections(stage.world.scheme)
    await send_reflection(
        stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
    )
    await stage.draw()
    seat = (await stage.accept_all())[0]

    case = await read_case(stage.world.scheme, seat.id)

    assert {question.question for question in case.questions} == set(APPLICABLE)
    assert all("mentoring scheme" in question.said for question in case.questions)


async def test_a_panel_reads_why_more_time_is_asked_for() -> None:
    stage = await Stage().set()
    await ask_for_more_time(
        stage.world.scheme,
        organisation=stage.organisation,
        obligation=stage.obligation,
        days=20,
        reason="The hall is flooded.",
    )
    await stage.draw()
    seat = (await stage.accept_all())[0]

    case = await read_case(stage.world.scheme, seat.id)

    assert [question.said for question in case.questions] == ["The hall is flooded."]
    assert [question.choices for question in case.questions] == [("no", "yes")]


async def test_row_8_a_reflection_from_a_suspended_organisation_waits_for_its_review() -> None:
    stage = await Stage().set(auditors=12)
    await stage.be_suspended()
    stage.world.pass_days(365)
    await open_reflections(stage.world.scheme)
    await send_reflection(
        stage.world.scheme, organisation=stage.organisation, reflection=a_reflection()
    )
    [owed] = await Obligation.objects().where(Obligation.kind == "reflection")
    assert owed.state == "open"
    await stage.draw()
    found = dict.fromkeys(APPLICABLE, "kept")
    for seat in await stage.accept_all():
        await seal_findings(stage.world.scheme, seat=seat.id, findings=found, reasons="Heard.")

    await stage.publish_after_reply_days()

    [owed] = await Obligation.objects().where(Obligation.kind == "reflection")
    assert owed.state == "met"
