"""Rule 10a: a small body reports twice a year in one sitting, on one page or in a call.

A call is typed up by the hub and counts for nothing until the organisation has read it and sent it
itself; that it was a call is public.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.calendar import add_months
from charter.errors import FieldError, InvalidInput, NotFound, RuleViolation
from charter.evidence import rules
from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import file_report, find_milestone, keep_item
from charter.evidence.tables import CallTypedUp
from charter.framework.ladders import Band
from charter.ledger import Ledger, transaction
from charter.obligations.service import open_obligations
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Organisation
from charter.plans.drafts import Typed, write_typed
from charter.plans.queries import MilestoneSeen, PledgeSeen, find_published_pledge
from charter.scheme import Scheme

FORM = "sitting"
"""The form of a sitting among those that a body has begun."""

MONTHS_A_YEAR = 12

NOTE_LABEL = "Told in one sitting"
"""What a reviewer sees above what was told of a milestone in a sitting."""


class NoSitting(RuleViolation):
    """Only bodies of some sizes report in one sitting."""

    code = "no-sitting"
    rule = 10


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one milestone in a sitting; `shows` is what anybody can see of it."""

    pledge: int
    milestone: int
    report: ReportDraft
    shows: str


@dataclass(frozen=True, slots=True)
class DueInSitting:
    """One milestone that a sitting asks about."""

    pledge: PledgeSeen
    milestone: MilestoneSeen
    due_on: date


def check_sitting(told: Sequence[Told], *, signed_by_role: str) -> list[FieldError]:
    """Return everything missing from a sitting, under names such as `reports[0].summary`."""
    if not told:
        return [FieldError("", "Say of at least one milestone whether it worked.")]
    return [
        FieldError(f"reports[{place}].{error.field}", error.message)
        for place, each in enumerate(told)
        for error in _errors_in(each, signed_by_role)
    ]


def _errors_in(told: Told, signed_by_role: str) -> Iterable[FieldError]:
    yield from rules.check_report(told.report, signed_by_role=signed_by_role)
    if not told.shows.strip():
        yield FieldError("shows", "Say what shows it: a count, a date, where it can be seen.")


def last_day(band: Band, today: date) -> date:
    """Return up to which due date a sitting asks: until the next sitting of the year."""
    return add_months(today, MONTHS_A_YEAR // band.reports_per_year)


async def due_in_sitting(scheme: Scheme, *, organisation: UUID) -> tuple[DueInSitting, ...]:
    """Return every milestone due until the next sitting, the earliest first. Raises `NoSitting`."""
    band = await _sitting_band(scheme, organisation)
    until = last_day(band, scheme.today())
    owed = [row for row in await open_obligations(organisation, "evidence") if row.due_on <= until]
    asked = {(row.pledge, row.milestone): row.due_on for row in owed}
    pledges = [
        await find_published_pledge(organisation, number)
        for number in sorted({row.pledge for row in owed})
    ]
    found = [
        DueInSitting(pledge, step, asked[pledge.number, step.number])
        for pledge in pledges
        if pledge is not None
        for step in pledge.milestones
        if (pledge.number, step.number) in asked
    ]
    return tuple(sorted(found, key=lambda due: (due.due_on, due.pledge.number)))


async def send_sitting(
    scheme: Scheme, *, organisation: UUID, told: Sequence[Told], signed_by_role: str = ""
) -> None:
    """Send the reports of a sitting, all of them or none.

    A call that waited to be confirmed is confirmed by it. Raises `NoSitting`, `InvalidInput` with
    every error at once, `NotFound` and `NoReportDue`.
    """
    await _sitting_band(scheme, organisation)
    errors = check_sitting(told, signed_by_role=signed_by_role)
    if errors:
        raise InvalidInput("The sitting is not complete.", errors=errors)
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        for each in told:
            row = await find_milestone(organisation, each.pledge, each.milestone)
            item = NewItem("note", NOTE_LABEL, each.shows)
            await keep_item(tx, organisation, row.id, each.milestone, item)
            honest = each.report.worked != "fully"
            await file_report(
                tx,
                row,
                each.milestone,
                each.report,
                signed_by_role=signed_by_role if honest else "",
            )
        await _confirm_call(tx, organisation)


async def type_up_call(
    scheme: Scheme, *, organisation: UUID, typed: Typed, steward_employer_domain: str
) -> None:
    """Keep what a body told in a call in its own form, for it to read and send.

    Raises `NoSitting` and `OwnEmployer`.
    """
    await _sitting_band(scheme, organisation)
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if shares_employer(steward_employer_domain, body.domain):
            raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere.")
        await write_typed(tx, organisation=organisation, form=FORM, typed=typed)
        await CallTypedUp(organisation=organisation, typed_at=tx.now).save()
        tx.record("call-typed-up", {}, organisation=organisation, by="steward")


async def call_waiting(organisation: UUID) -> datetime | None:
    """Return when a call was typed up that nobody has confirmed yet, or None."""
    row = (
        await CallTypedUp.objects()
        .where((CallTypedUp.organisation == organisation) & CallTypedUp.confirmed_at.is_null())
        .order_by(CallTypedUp.typed_at, ascending=False)
        .first()
    )
    return None if row is None else row.typed_at


async def _confirm_call(tx: Ledger, organisation: UUID) -> None:
    waited = (
        await CallTypedUp.update({CallTypedUp.confirmed_at: tx.now})
        .where((CallTypedUp.organisation == organisation) & CallTypedUp.confirmed_at.is_null())
        .returning(CallTypedUp.id)
    )
    if waited:
        tx.record("call-confirmed", {}, organisation=organisation, by="member")


async def _sitting_band(scheme: Scheme, organisation: UUID) -> Band:
    body = await Organisation.objects().where(Organisation.id == organisation).first()
    if body is None:
        raise NotFound("There is no such organisation.")
    band = scheme.pack.band(body.band)
    if not band.one_sitting:
        raise NoSitting(
            "Only small groups report in one sitting. Report on each milestone from what is due."
        )
    return band
