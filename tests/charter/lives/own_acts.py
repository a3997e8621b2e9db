"""What an organisation and those who judge it do, tried in any order.

Most acts are refused most of the time; a refusal by rule is as good as anything, and any other
error is a fault.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from charter.evidence.service import add_item, send_report
from charter.history.erasure import confirm_erasure, propose_erasure, public_texts
from charter.history.erasure_rules import GROUNDS
from charter.obligations.service import open_obligations
from charter.obligations.standstill import pause_for_hub, resume_for_hub
from charter.plans.pledge_rules import MilestoneDraft
from charter.plans.queries import find_draft
from charter.plans.service import (
    amend_pledge,
    answer_type,
    confirm_session,
    list_existing_practice,
    publish_plan,
    publish_pledge,
    save_pledge,
    withdraw_agreement,
    withdraw_pledge,
)
from charter.reviews.cases import questions_of
from charter.reviews.rules import allowed_verdicts
from charter.reviews.service import (
    Reflection,
    Said,
    accept_seat,
    ask_for_more_time,
    seal_verdicts,
    send_reflection,
)
from charter.reviews.tables import Case, Seat
from charter.signing.service import sign_again, sign_charter, withdraw_from_charter
from charter.standing.memory import Walks
from tests.charter.acting import (
    SPONSOR,
    TYPES,
    YES,
    answer_all,
    answer_for,
    draft_all,
    draft_for,
    hold_session,
)
from tests.charter.lives.town import HUB, STEWARDS, Town, named, picked
from tests.charter.reviews.stage import a_note, a_report

A_MONTH = 30
"""So many days before a date, more time can be asked for."""

REPLY_DAYS = 15
"""Longer than an organisation has to reply to what a panel found."""

WAITS = (0, 1, 6, 15, 31, 62, 95, 153, 367)


async def _wait(town: Town, pick: int, _more: int) -> None:
    """Let time pass, walking the rounds now and then as a worker that is often away would."""
    days = WAITS[pick % len(WAITS)]
    for _ in range(2):
        town.world.pass_days(days / 2)
        await town.walk_rounds()


async def _forget_what_was_computed(town: Town, _pick: int, _more: int) -> None:
    """Start a new process, which remembers no walk."""
    town.world.scheme = replace(town.world.scheme, walks=Walks())


async def _sign(town: Town, _pick: int, more: int) -> None:
    sign = sign_charter if more % 2 else sign_again
    await sign(town.world.scheme, organisation=town.organisation, account=SPONSOR)


async def _leave(town: Town, _pick: int, more: int) -> None:
    if more % 4 == 0:
        await withdraw_from_charter(
            town.world.scheme,
            organisation=town.organisation,
            account=SPONSOR,
            reason="We merge with a theatre that has signed.",
        )


async def _answer(town: Town, pick: int, more: int) -> None:
    answer = answer_for(TYPES[pick % 5], applies=more % 3 > 0)
    await answer_type(town.world.scheme, organisation=town.organisation, answer=answer)


async def _plan(town: Town, _pick: int, _more: int) -> None:
    """Answer for all five types and draft a pledge for each, so that a plan can be published."""
    await answer_all(town.world, town.organisation)
    await draft_all(town.world, town.organisation)


async def _practice(town: Town, pick: int, _more: int) -> None:
    await list_existing_practice(
        town.world.scheme,
        organisation=town.organisation,
        type_id=TYPES[pick % 5],
        title="An open door",
        text="Anyone may watch a rehearsal on Thursdays.",
    )


async def _draft(town: Town, pick: int, more: int) -> None:
    """Draft a pledge that also concerns another type, which never counts (rule 7)."""
    draft = draft_for(town.world, TYPES[pick % 5], secondary_types=(TYPES[(pick + 1 + more) % 5],))
    await save_pledge(town.world.scheme, organisation=town.organisation, number=None, draft=draft)


async def _publish(town: Town, pick: int, more: int) -> None:
    if more % 2:
        await publish_plan(town.world.scheme, organisation=town.organisation)
        return
    numbers = await town.numbers()
    await publish_pledge(
        town.world.scheme, organisation=town.organisation, number=numbers[pick % len(numbers)]
    )


async def _amend(town: Town, pick: int, more: int) -> None:
    """Amend a pledge: its words, or, which is refused, its one type or a date once promised."""
    numbers = await town.numbers()
    number = numbers[pick % len(numbers)]
    draft = await find_draft(town.organisation, number)
    later = replace(draft.milestones[0], due_on=draft.milestones[0].due_on + timedelta(days=20))
    new = MilestoneDraft("One more", town.world.scheme.today() + timedelta(days=80), "A count")
    changes: Mapping[str, object] = (
        {"target": f"{more} panels in 20"},
        {"type": TYPES[(TYPES.index(draft.type) + 1) % 5]},
        {"milestones": (later, *draft.milestones[1:])},
        {"milestones": draft.milestones[1:]},
        {"milestones": (*draft.milestones, new)},
        {"secondary_types": (TYPES[more % 5],)},
    )[more % 6]
    await amend_pledge(
        town.world.scheme,
        organisation=town.organisation,
        number=number,
        draft=replace(draft, **changes),  # type: ignore[arg-type]  # fields as the row names them
        reason="We counted again.",
    )


async def _withdraw(town: Town, pick: int, _more: int) -> None:
    numbers = await town.numbers()
    await withdraw_pledge(
        town.world.scheme,
        organisation=town.organisation,
        number=numbers[pick % len(numbers)],
        reason="The building closes.",
    )


async def _hold_session(town: Town, pick: int, more: int) -> None:
    numbers = await town.numbers()
    about = tuple(numbers) if more % 2 else (numbers[pick % len(numbers)],)
    held = await hold_session(town.world, town.organisation, pledges=about)
    town.codes += held.tokens


async def _confirm(town: Town, pick: int, more: int) -> None:
    answer = (
        YES,
        replace(YES, employed=True),
        replace(YES, paid="unpaid"),
        replace(YES, agrees=False),
        replace(YES, happened=False),
        replace(YES, paid="declined"),
    )[more % 6]
    token = town.codes[pick % len(town.codes)] if town.codes else "nobody-was-given-this"
    await confirm_session(town.world.scheme, token=token, answer=answer)


async def _withdraw_agreement(town: Town, pick: int, _more: int) -> None:
    token = town.codes[pick % len(town.codes)] if town.codes else "nobody-was-given-this"
    await withdraw_agreement(town.world.scheme, token=token)


async def _report(town: Town, pick: int, more: int) -> None:
    numbers, scheme = await town.numbers(), town.world.scheme
    place = {"pledge": numbers[pick % len(numbers)], "milestone": 1 + more % 2}
    worked = ("fully", "partly", "not")[more % 3]
    await add_item(scheme, organisation=town.organisation, item=a_note(), **place)
    await send_report(
        scheme,
        organisation=town.organisation,
        report=a_report(worked),
        signed_by_role="Executive Director",
        **place,
    )


async def _reflect(town: Town, _pick: int, more: int) -> None:
    word = ("kept", "partly-kept", "not-kept")[more % 3]
    reflection = Reflection(
        findings=dict.fromkeys(TYPES, word),
        what_worked="The youth board met.",
        what_did_not_work="Two panels met as before.",
        what_changes="We ask earlier.",
        signed_by_role="Executive Director",
    )
    await send_reflection(town.world.scheme, organisation=town.organisation, reflection=reflection)


async def _review(town: Town, pick: int, more: int) -> None:
    await judge(town, pick, more)


async def judge(town: Town, pick: int, more: int) -> None:
    """Have every seat that is offered accepted, and every accepted one sealed."""
    scheme = town.world.scheme
    for seat in await Seat.objects().where(Seat.state == "offered").order_by(Seat.id):
        await accept_seat(scheme, seat=seat.id)
    for seat in await Seat.objects().where(Seat.state == "accepted").order_by(Seat.id):
        case = await Case.objects().where(Case.id == seat.case).first()
        assert case is not None
        words = allowed_verdicts(case.kind, sent_back_before=0, most=1)
        said = [
            Said(question, words[(pick + more * seat.number) % len(words)], "The note says so.")
            for question in await questions_of(case)
        ]
        await seal_verdicts(scheme, seat=seat.id, said=said)


async def _ask_for_more_time(town: Town, pick: int, more: int) -> None:
    owed = await open_obligations(town.organisation, "evidence", "plan")
    owed.sort(key=lambda row: (row.due_on, row.id))
    ahead = (owed[0].due_on - town.world.scheme.today()).days if owed else 0
    if ahead > A_MONTH:
        town.world.pass_days(ahead - A_MONTH)
        await town.walk_rounds()
    number = picked([row.id for row in owed], pick % 3)
    await ask_for_more_time(
        town.world.scheme,
        organisation=town.organisation,
        obligation=number,
        days=(10, 30, 60, 61)[more % 4],
        reason="The hall floods.",
    )


async def _be_heard_about_a_date(town: Town, pick: int, more: int) -> None:
    """Ask for more time, and have a panel decide it."""
    await _ask_for_more_time(town, pick, more)
    await _have_it_judged(town, pick, more)


async def _report_and_be_reviewed(town: Town, pick: int, more: int) -> None:
    """Send a report, have a panel judge it, and let the days for a reply pass."""
    await _report(town, pick, more)
    await _have_it_judged(town, pick, more)
    town.world.pass_days(REPLY_DAYS)
    await town.walk_rounds()


async def _have_it_judged(town: Town, pick: int, more: int) -> None:
    await town.walk_rounds()
    town.world.pass_days(1)
    await town.walk_rounds()
    await judge(town, pick, more)
    await town.walk_rounds()


async def _stop_a_clock(town: Town, pick: int, more: int) -> None:
    number = picked([owed.id for owed in await open_obligations(town.organisation)], pick)
    if more % 2:
        await resume_for_hub(town.world.scheme, obligation=number)
        return
    await pause_for_hub(
        town.world.scheme, obligation=number, why="hub-late", steward_employer_domain=HUB
    )


async def _erase(town: Town, pick: int, more: int) -> None:
    """Let two stewards remove one passage of what it published."""
    texts = await public_texts(town.organisation)
    left = [
        (text.id, each.place)
        for text in texts
        for each in text.passages
        if each.text and not each.gone
    ]
    if not left or more % 2:
        return
    text, place = left[pick % len(left)]
    one, another = STEWARDS
    scheme = town.world.scheme
    number = await propose_erasure(
        scheme,
        steward=one,
        steward_employer_domain=HUB,
        text=text,
        chosen=(place,),
        ground=GROUNDS[0],
    )
    await confirm_erasure(scheme, steward=another, steward_employer_domain=HUB, number=number)


ACTS = named(
    *(
        _wait,
        _forget_what_was_computed,
        _sign,
        _leave,
        _answer,
        _plan,
        _practice,
        _draft,
        _publish,
        _amend,
        _withdraw,
        _hold_session,
        _confirm,
        _withdraw_agreement,
        _report,
        _reflect,
        _review,
        _ask_for_more_time,
        _be_heard_about_a_date,
        _report_and_be_reviewed,
        _stop_a_clock,
        _erase,
    ),
)
