"""What the hub does, and what happens to everybody: quiet, outages, pauses, post, corrections.

Concerns are here too: whoever raises one is nobody's account.
"""

from datetime import timedelta
from uuid import UUID

from charter.concerns.appeals import appeal_as_organisation, appeal_by_receipt, wish_for_meeting
from charter.concerns.service import answer_concern, raise_concern, triage_concern
from charter.concerns.tables import Concern
from charter.history.queries import events_of
from charter.obligations.letters import record_arrival, record_bounce, write_letter
from charter.obligations.outages import record_outage
from charter.obligations.standstill import pause_every_clock, resume_every_clock
from charter.obligations.tables import Notice, Obligation
from charter.obligations.wrong_facts import confirm_correction, facts_in_force, propose_correction
from charter.plans.service import end_quiet_period, keep_quiet, open_quiet_period
from charter.reviews.service import confirm_payment, dispute_payment, record_payment
from charter.reviews.tables import PayEntry
from tests.charter.acting import accept
from tests.charter.lives.own_acts import judge
from tests.charter.lives.town import HUB, NOBODY, STEWARDS, Town, named

MINUTES = (30, 61, 400)
"""How long an outage lasts: some are too short to move anything."""

DAYS_OFF = (-40, -1, 1, 3, 30, 200)
"""By how many days a date was recorded wrongly."""


async def _accept(town: Town, _pick: int, _more: int) -> None:
    """Accept who it is, as it shows it."""
    await accept(town.world, town.organisation)


async def _quiet(town: Town, pick: int, more: int) -> None:
    """Open a quiet period of some days, or end the one there is."""
    scheme = town.world.scheme
    if more % 3 == 0:
        await end_quiet_period(scheme)
    else:
        until = scheme.today() + timedelta(days=pick % 15)
        await open_quiet_period(scheme, reason="After the attack in the docks.", until=until)
    await keep_quiet(scheme)


async def _outage(town: Town, pick: int, more: int) -> None:
    """Be out of reach, on a day on which something was due where there is one."""
    today = town.world.scheme.today()
    rows = (
        await Obligation.select(Obligation.due_on)
        .where((Obligation.state == "open") & (Obligation.due_on <= today))
        .order_by(Obligation.due_on, Obligation.id)
    )
    days = [row["due_on"] for row in rows] or [today]
    day = days[pick % len(days)]
    await record_outage(town.world.scheme, day=day, minutes=MINUTES[more % len(MINUTES)])


async def _wait_for_an_outage(town: Town, pick: int, more: int) -> None:
    """Let time pass to a day on which something is due, and be out of reach on it."""
    today = town.world.scheme.today()
    rows = (
        await Obligation.select(Obligation.due_on)
        .where((Obligation.state == "open") & (Obligation.due_on > today))
        .order_by(Obligation.due_on, Obligation.id)
    )
    if rows:
        day = rows[pick % len(rows)]["due_on"]
        town.world.pass_days((day - today).days)
        await town.walk_rounds()
        await record_outage(town.world.scheme, day=day, minutes=MINUTES[more % len(MINUTES)])


async def _stop_every_clock(town: Town, _pick: int, more: int) -> None:
    if more % 3:
        await pause_every_clock(town.world.scheme, why="hub-late")
    else:
        await resume_every_clock(town.world.scheme)


async def _post(town: Town, pick: int, more: int) -> None:
    """Write one letter of all that waits for one person; it arrives, bounces, or both in turn."""
    scheme = town.world.scheme
    waiting = await Notice.objects().where(Notice.state == "queued").order_by(Notice.id)
    if not waiting:
        return
    account = waiting[pick % len(waiting)].account
    notices = [notice.id for notice in waiting if notice.account == account]
    await write_letter(scheme, account=account, notices=notices)
    if more % 4 != 1:
        await record_arrival(scheme, notices=notices)
    if more % 4 in {1, 2}:
        await record_bounce(scheme, notices=notices)


async def _pay(town: Town, _pick: int, more: int) -> None:
    """Pay everybody who is owed for a case or a session; they confirm, dispute or say nothing."""
    scheme = town.world.scheme
    for row in await PayEntry.objects().where(PayEntry.paid_at.is_null()).order_by(PayEntry.id):
        await record_payment(scheme, entry=row.id, kind="fee")
        if more % 4 == 1:
            await dispute_payment(scheme, entry=row.id)
        elif more % 4:
            await confirm_payment(scheme, entry=row.id)


async def _put_right(town: Town, pick: int, more: int) -> None:
    """Have a steward propose to put a date or a size right, and another confirm it, or the same."""
    scheme, body = town.world.scheme, town.organisation
    facts = facts_in_force(await events_of(body))
    if not facts:
        return
    fact = facts[pick % len(facts)]
    value = ("tiny", "small", "standard")[more % 3]
    if fact.fact == "due_on":
        was = await Obligation.objects().where(Obligation.id == (fact.obligation or 0)).first()
        assert was is not None
        value = (was.due_on + timedelta(days=DAYS_OFF[more % len(DAYS_OFF)])).isoformat()
    number = await propose_correction(
        scheme,
        steward=STEWARDS[0],
        steward_employer_domain=HUB,
        event=fact.event,
        value=value,
        reason="The month was mistyped.",
        organisation=body,
    )
    await confirm_correction(
        scheme, steward=STEWARDS[more % 5 != 0], steward_employer_domain=HUB, number=number
    )


async def _raise_a_concern(town: Town, _pick: int, more: int) -> None:
    """Say that its word is not true; upheld, it gives its five answers again."""
    receipt = await raise_concern(
        town.world.scheme,
        about=("promise", "promise", "conduct-of-scheme")[more % 3],
        organisation=town.organisation,
        text="The poster says all panels are mixed. Mine was not.",
        wants_meeting=more % 2 == 0,
    )
    town.receipts.append(receipt)
    if more % 4:
        await _triage(town, 0, more)


async def _hear_a_concern(town: Town, pick: int, more: int) -> None:
    """Raise a concern about its word, and have a panel decide it."""
    await _raise_a_concern(town, pick, 1 + 3 * (more % 2))
    await town.walk_rounds()
    await judge(town, pick, more)
    await town.walk_rounds()


async def _triage(town: Town, pick: int, more: int) -> None:
    await triage_concern(
        town.world.scheme,
        concern=await _a_concern(pick),
        outcome=("answered", "passed-to-panel", "passed-to-panel", "meeting-offered")[more % 4],
        steward_employer_domain=HUB,
    )


async def _appeal(town: Town, pick: int, more: int) -> None:
    """Have whoever raised a concern, or the organisation, ask for another look."""
    scheme, why = town.world.scheme, "Nobody asked the people who were on those panels."
    if more % 2:
        concern = await _a_concern(pick)
        await appeal_as_organisation(
            scheme, organisation=town.organisation, concern=concern, why=why
        )
        return
    receipt = town.receipts[pick % len(town.receipts)] if town.receipts else "00000"
    if more % 4:
        await wish_for_meeting(scheme, receipt=receipt, wanted=False)
    else:
        await appeal_by_receipt(scheme, receipt=receipt, why=why)


async def _answer_a_concern(town: Town, pick: int, _more: int) -> None:
    await answer_concern(
        town.world.scheme,
        organisation=town.organisation,
        concern=await _a_concern(pick),
        answer="The poster was wrong.",
        plan="We put up another and ask the town about it by June.",
    )


async def _a_concern(pick: int) -> UUID:
    rows = await Concern.select(Concern.id).order_by(
        Concern.received_at, Concern.id, ascending=False
    )
    return rows[pick % len(rows)]["id"] if rows else NOBODY


ACTS = named(
    *(_accept, _quiet, _outage, _wait_for_an_outage, _stop_every_clock, _post, _pay, _put_right),
    *(_raise_a_concern, _hear_a_concern, _triage, _appeal, _answer_a_concern),
)
