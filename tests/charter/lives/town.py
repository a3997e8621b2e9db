"""An organisation whose life is lived act by act: real use cases, real rounds, a real database.

An act takes two dials, which choose what it is about and how. Most acts are refused most of the
time; a refusal by rule is as good as anything, and any other error is a fault.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from charter.errors import CharterError
from charter.evidence.service import add_item, send_report
from charter.history.erasure import confirm_erasure, propose_erasure, public_texts
from charter.history.erasure_rules import GROUNDS
from charter.obligations.chase import chase, settle_due
from charter.obligations.service import open_obligations
from charter.obligations.standstill import pause_for_hub, resume_for_hub
from charter.plans.pledge_rules import MilestoneDraft
from charter.plans.queries import find_draft
from charter.plans.service import (
    amend_pledge,
    answer_type,
    confirm_session,
    end_pledges,
    lapse_requests,
    list_existing_practice,
    open_re_identifications,
    publish_plan,
    publish_pledge,
    save_pledge,
    withdraw_agreement,
    withdraw_pledge,
)
from charter.plans.tables import Pledge
from charter.reviews.cases import questions_of
from charter.reviews.rules import allowed_verdicts
from charter.reviews.service import (
    Reflection,
    Said,
    accept_seat,
    ask_for_more_time,
    count_silence_as_received,
    draw_waiting_panels,
    end_decision_pauses,
    open_reflections,
    publish_due_cases,
    redraw_late_seats,
    register_auditor,
    seal_verdicts,
    send_reflection,
)
from charter.reviews.tables import Case, Seat
from charter.signing.service import (
    open_re_sign_windows,
    sign_again,
    sign_charter,
    withdraw_from_charter,
)
from charter.standing.memory import Walks
from tests.charter.acting import (
    SPONSOR,
    TYPES,
    YES,
    accept,
    answer_all,
    answer_for,
    apply,
    draft_all,
    draft_for,
    hold_session,
)
from tests.charter.obligations.owing import Hub
from tests.charter.reviews.stage import a_note, a_report
from tests.world import World

AUDITORS = 4
STEWARDS = (UUID(int=0xE1, version=4), UUID(int=0xE2, version=4))
HUB = "hub.example"
NOBODY = UUID(int=0)
A_MINUTE = 1 / 1_440
"""Part of a day. No two acts share an instant, so that "as of then" tells them apart."""

WAITS = (0, 1, 6, 15, 31, 62, 95, 153, 367)


@dataclass
class Town:
    """The world, the organisation in it, and what its people hold in their hands."""

    world: World = field(default_factory=World)
    organisation: UUID = NOBODY
    codes: list[str] = field(default_factory=list)
    roots: int = 0

    async def begin(self, beginning: str) -> None:
        """Bring the organisation as far as its life begins."""
        scheme = self.world.scheme
        for number in range(AUDITORS):
            account = UUID(int=0xC0FFEE00 + number, version=4)
            await register_auditor(scheme, account=account, employer_domain="")
        self.organisation = await apply(self.world)
        if beginning == "applied":
            return
        await accept(self.world, self.organisation)
        await sign_charter(scheme, organisation=self.organisation, account=SPONSOR)
        if beginning == "signed":
            return
        await answer_all(self.world, self.organisation)
        await draft_all(self.world, self.organisation)
        await publish_plan(scheme, organisation=self.organisation)
        if beginning == "agreed":
            held = await hold_session(self.world, self.organisation)
            self.codes += held.tokens
            await confirm_session(scheme, token=held.tokens[0], answer=YES)

    async def act(self, name: str, pick: int, more: int) -> bool:
        """Try one act, a minute after the one before; return whether it was allowed."""
        self.world.pass_days(A_MINUTE)
        try:
            await ACTS[name](self, pick, more)
        except CharterError:
            return False
        return True

    async def numbers(self) -> list[int]:
        """Return the numbers of its pledges; one that nobody has where there is none."""
        rows = (
            await Pledge.select(Pledge.number)
            .where(Pledge.organisation == self.organisation)
            .order_by(Pledge.number)
        )
        return [row["number"] for row in rows] or [99]

    async def walk_rounds(self) -> None:
        """Walk the rounds that a worker walks, as they stand in the table of rounds."""
        scheme = self.world.scheme
        for walk in ROUNDS:
            await walk(scheme)
        self.roots += 1
        seed = hashlib.sha256(str(self.roots).encode()).digest()
        await draw_waiting_panels(scheme, seed=seed)
        await chase(scheme, Hub())


ROUNDS = (
    *(settle_due, end_pledges, open_re_identifications, open_reflections, open_re_sign_windows),
    *(lapse_requests, end_decision_pauses, count_silence_as_received, publish_due_cases),
    redraw_late_seats,
)

Act = Callable[[Town, int, int], Awaitable[object]]
ACTS: dict[str, Act] = {}


def act(play: Act) -> Act:
    """Add an act to the table, by its name."""
    ACTS[play.__name__.removeprefix("_").replace("_", "-")] = play
    return play


@act
async def _wait(town: Town, pick: int, _more: int) -> None:
    """Let time pass, walking the rounds now and then as a worker that is often away would."""
    days = WAITS[pick % len(WAITS)]
    for _ in range(2):
        town.world.pass_days(days / 2)
        await town.walk_rounds()


@act
async def _forget_what_was_computed(town: Town, _pick: int, _more: int) -> None:
    """Start a new process, which remembers no walk."""
    town.world.scheme = replace(town.world.scheme, walks=Walks())


@act
async def _sign(town: Town, _pick: int, more: int) -> None:
    sign = sign_charter if more % 2 else sign_again
    await sign(town.world.scheme, organisation=town.organisation, account=SPONSOR)


@act
async def _leave(town: Town, _pick: int, more: int) -> None:
    if more % 4 == 0:
        await withdraw_from_charter(
            town.world.scheme,
            organisation=town.organisation,
            account=SPONSOR,
            reason="We merge with a theatre that has signed.",
        )


@act
async def _answer(town: Town, pick: int, more: int) -> None:
    answer = answer_for(TYPES[pick % 5], applies=more % 3 > 0)
    await answer_type(town.world.scheme, organisation=town.organisation, answer=answer)


@act
async def _practice(town: Town, pick: int, _more: int) -> None:
    await list_existing_practice(
        town.world.scheme,
        organisation=town.organisation,
        type_id=TYPES[pick % 5],
        title="An open door",
        text="Anyone may watch a rehearsal on Thursdays.",
    )


@act
async def _draft(town: Town, pick: int, more: int) -> None:
    """Draft a pledge that also concerns another type, which never counts (rule 7)."""
    draft = draft_for(town.world, TYPES[pick % 5], secondary_types=(TYPES[(pick + 1 + more) % 5],))
    await save_pledge(town.world.scheme, organisation=town.organisation, number=None, draft=draft)


@act
async def _publish(town: Town, pick: int, more: int) -> None:
    if more % 2:
        await publish_plan(town.world.scheme, organisation=town.organisation)
        return
    numbers = await town.numbers()
    await publish_pledge(
        town.world.scheme, organisation=town.organisation, number=numbers[pick % len(numbers)]
    )


@act
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


@act
async def _withdraw(town: Town, pick: int, _more: int) -> None:
    numbers = await town.numbers()
    await withdraw_pledge(
        town.world.scheme,
        organisation=town.organisation,
        number=numbers[pick % len(numbers)],
        reason="The building closes.",
    )


@act
async def _hold_session(town: Town, pick: int, more: int) -> None:
    numbers = await town.numbers()
    about = tuple(numbers) if more % 2 else (numbers[pick % len(numbers)],)
    held = await hold_session(town.world, town.organisation, pledges=about)
    town.codes += held.tokens


@act
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


@act
async def _withdraw_agreement(town: Town, pick: int, _more: int) -> None:
    token = town.codes[pick % len(town.codes)] if town.codes else "nobody-was-given-this"
    await withdraw_agreement(town.world.scheme, token=token)


@act
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


@act
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


@act
async def _review(town: Town, pick: int, more: int) -> None:
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


@act
async def _ask_for_more_time(town: Town, pick: int, more: int) -> None:
    owed = await open_obligations(town.organisation)
    number = owed[pick % len(owed)].id if owed else 99
    await ask_for_more_time(
        town.world.scheme,
        organisation=town.organisation,
        obligation=number,
        days=(10, 30, 60, 61)[more % 4],
        reason="The hall floods.",
    )


@act
async def _stop_a_clock(town: Town, pick: int, more: int) -> None:
    owed = await open_obligations(town.organisation)
    number = owed[pick % len(owed)].id if owed else 99
    if more % 2:
        await resume_for_hub(town.world.scheme, obligation=number)
        return
    await pause_for_hub(
        town.world.scheme, obligation=number, why="hub-late", steward_employer_domain=HUB
    )


@act
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
