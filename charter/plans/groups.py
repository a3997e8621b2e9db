"""Use cases of community groups: registered, checked, asked; free to say no (rule 11a)."""

from datetime import date, timedelta
from uuid import UUID

from piccolo.columns import Column

from charter.clock import start_of_day
from charter.errors import InvalidInput, NotFound
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.plans import ask_rules, codesign_rules
from charter.plans.answers import find_standing
from charter.plans.ask_rules import Ask, Asked, Door
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.quiet import quiet_until
from charter.plans.tables import CommunityGroup, GroupMember, RequestToTakePart
from charter.scheme import Scheme


async def register_group(scheme: Scheme, *, group: GroupRegistration, account: UUID) -> UUID:
    """Write down a community group and give the hub its date to check it.

    Raises `InvalidInput`.
    """
    errors = codesign_rules.check_group(group, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        row = CommunityGroup(
            id=tx.new_id(),
            name=group.name.strip(),
            borough=group.borough,
            people=group.people,
            registered_at=tx.now,
        )
        await row.save()
        await GroupMember(group=row.id, account=account, since=tx.now).save()
        await open_obligation(tx, "group-check", organisation=None, subject=row.id)
        return row.id


async def check_group(scheme: Scheme, *, group: UUID, accept: bool, reason: str = "") -> None:
    """Say, as a steward, that a group is what it says it is, or why not. Raises `GroupChecked`."""
    if not accept and not 0 < len(reason.strip()) <= codesign_rules.REFUSAL_MOST:
        raise InvalidInput(
            "Say why, so that the group can put it right,"
            f" in {codesign_rules.REFUSAL_MOST} characters or fewer."
        )
    async with transaction(scheme) as tx:
        row = await lock_group(group)
        if row.state != "registered":
            raise codesign_rules.GroupChecked("This group has been checked already.")
        changes: dict[Column | str, object] = {
            CommunityGroup.state: "checked" if accept else "refused",
            CommunityGroup.checked_at: tx.now if accept else None,
            CommunityGroup.refusal: "" if accept else reason.strip(),
        }
        await CommunityGroup.update(changes).where(CommunityGroup.id == group)
        waiting = await Obligation.objects().where(
            (Obligation.subject == group)
            & (Obligation.kind == "group-check")
            & (Obligation.state == "open")
        )
        for obligation in waiting:
            await meet_obligation(tx, obligation)


async def close_door(scheme: Scheme, *, group: UUID, until: date | None) -> None:
    """Take no requests until the end of a day, or take them again. Raises `InvalidInput`."""
    most = scheme.pack.numbers.community.closed_door_most_days
    today = scheme.today()
    if until is not None and not today <= until <= today + timedelta(days=most):
        raise InvalidInput(f"Choose a day within the next {most} days.")
    async with transaction(scheme):
        await lock_group(group)
        await CommunityGroup.update({CommunityGroup.closed_until: until}).where(
            CommunityGroup.id == group
        )


async def ask_group(scheme: Scheme, *, organisation: UUID, group: UUID, ask: Ask) -> UUID:
    """Ask a group to take part and return the request.

    Raises `InvalidInput`, `NotSigned`, `QuietNow`, `GroupNotChecked`, `DoorClosed`, `AskedOften`,
    `PeopleAskedOften` and `HoursOverCap`; nothing reaches the group then.
    """
    errors = ask_rules.check_ask(ask, scheme.today())
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        await find_standing(tx, organisation)
        ask_rules.decide_asking(await quiet_until(tx.today))
        row = await lock_group(group)
        door = Door(row.checked_at, row.closed_until, row.people, await _asked_before(tx, group))
        ask_rules.decide_ask(ask, door, tx.today, scheme.pack)
        words = await tx.publish_words(
            "request", {"purpose": ask.purpose.strip()}, organisation=organisation
        )
        request = RequestToTakePart(
            id=tx.new_id(),
            organisation=organisation,
            group=group,
            people=ask.people,
            hours=ask.hours,
            pay_pence=ask.pay_pence,
            held_on=ask.held_on,
            answer_by=tx.today + timedelta(days=scheme.pack.numbers.community.ask_answer_days),
            words=words.id,
            asked_at=tx.now,
        )
        await request.save()
        _record(tx, "request-sent", request, by="lead")
        return request.id


async def answer_request(scheme: Scheme, *, request: UUID, accept: bool) -> None:
    """Accept a request, or decline it with no reason asked. Raises `RequestAnswered`."""
    async with transaction(scheme) as tx:
        row = await _find_request(request)
        await tx.lock_organisation(row.organisation)
        state = "accepted" if accept else "declined"
        if not await _end(tx, row, state) or tx.today > row.answer_by:
            raise ask_rules.RequestAnswered("This request has been answered, or has lapsed.")
        _record(tx, f"request-{state}", row, by="community-group")


async def lapse_requests(scheme: Scheme) -> int:
    """Let every request lapse whose day to answer has passed; return how many.

    Safe to run twice: a request lapses once. Nothing is held against the group.
    """
    rows = await RequestToTakePart.objects().where(
        (RequestToTakePart.state == "asked") & (RequestToTakePart.answer_by < scheme.today())
    )
    lapsed = 0
    for row in rows:
        async with transaction(scheme) as tx:
            await tx.lock_organisation(row.organisation)
            if await _end(tx, row, "lapsed"):
                _record(tx, "request-lapsed", row, by="system")
                lapsed += 1
    return lapsed


async def _end(tx: Ledger, row: RequestToTakePart, state: str) -> bool:
    ended = (
        await RequestToTakePart.update(
            {RequestToTakePart.state: state, RequestToTakePart.answered_at: tx.now}
        )
        .where((RequestToTakePart.id == row.id) & (RequestToTakePart.state == "asked"))
        .returning(RequestToTakePart.id)
    )
    return bool(ended)


def _record(tx: Ledger, kind: str, row: RequestToTakePart, *, by: str) -> None:
    tx.record(kind, {"request": str(row.id)}, organisation=row.organisation, by=by)


async def _asked_before(tx: Ledger, group: UUID) -> tuple[Asked, ...]:
    """Return what the group was asked for this quarter, whoever of the signatories asked."""
    start = start_of_day(ask_rules.start_of_quarter(tx.today), tx.scheme.pack.zone)
    rows = await RequestToTakePart.objects().where(
        (RequestToTakePart.group == group) & (RequestToTakePart.asked_at >= start)
    )
    return tuple(Asked(row.people, row.hours, row.state) for row in rows)


async def lock_group(group: UUID) -> CommunityGroup:
    """Lock a group's row until the end of the transaction. Raises `NotFound`."""
    row = (
        await CommunityGroup.objects().where(CommunityGroup.id == group).lock_rows("UPDATE").first()
    )
    if row is None:
        raise NotFound("There is no such group.")
    return row


async def _find_request(request: UUID) -> RequestToTakePart:
    row = await RequestToTakePart.objects().where(RequestToTakePart.id == request).first()
    if row is None:
        raise NotFound("There is no such request.")
    return row
