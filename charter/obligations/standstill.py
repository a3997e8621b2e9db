"""A steward stops a clock with a public reason, and lets it run again (rule 32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.errors import FieldError, InvalidInput, RuleViolation
from charter.framework.pack import FrameworkPack
from charter.ledger import transaction
from charter.obligations.service import describe, find_obligation, pause_clock, resume_clock
from charter.obligations.tables import Obligation, Pause
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.organisations.tables import Organisation
from charter.scheme import Scheme

REASONS = ("hub-late", "outage", "quiet-period")
"""Why a steward may stop a clock. The reason is public."""

STEWARD = "steward"


class ClockNotTheirs(RuleViolation):
    """A steward stops and starts an organisation's clocks only, and resumes only what one paused.

    The hub's own lateness is never paused away, and a clock that waits on a panel or on a payee
    runs again when they answer.
    """

    code = "clock-not-theirs"
    rule = 32


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """One clock of an organisation. `why`, `by` and `since` are set while it stands still."""

    obligation: int
    organisation: UUID
    organisation_name: str
    slug: str
    domain: str | None
    what: str
    due_on: date
    why: str
    by: str
    since: datetime | None

    @property
    def may_resume(self) -> bool:
        """Whether a steward stopped it, so that a steward may start it."""
        return self.by == STEWARD


async def pause_for_hub(
    scheme: Scheme, *, obligation: int, why: str, steward_employer_domain: str
) -> None:
    """Stop one clock of an organisation, in public. Pausing a stopped clock changes nothing.

    Raises `ClockNotTheirs`, `OwnEmployer` and `InvalidInput`.
    """
    if why not in REASONS:
        raise InvalidInput(
            "Choose why the clock stops.",
            errors=[FieldError("why", "Choose why the clock stops. It is published.")],
        )
    async with transaction(scheme) as tx:
        owed = await find_obligation(obligation)
        if owed.owner != "organisation" or owed.state != "open":
            raise ClockNotTheirs("Only a clock that runs for an organisation can be paused.")
        body = await tx.lock_organisation(owed.organisation)
        if shares_employer(steward_employer_domain, body.domain):
            raise OwnEmployer(
                "You work for this organisation. Ask a steward from elsewhere to decide."
            )
        await pause_clock(tx, owed, why=why, by=STEWARD)


async def resume_for_hub(scheme: Scheme, *, obligation: int) -> None:
    """Let a clock run again that a steward stopped. Raises `ClockNotTheirs`."""
    async with transaction(scheme) as tx:
        owed = await find_obligation(obligation)
        pause = await _open_pauses([owed.id])
        if not pause:
            return
        if pause[0].by != STEWARD:
            raise ClockNotTheirs("This clock runs again when those it waits for have answered.")
        await tx.lock_organisation(owed.organisation)
        await resume_clock(tx, owed, by=STEWARD)


async def clocks_of(pack: FrameworkPack, organisation: UUID) -> tuple[ClockSeen, ...]:
    """Return every clock of an organisation that runs or stands still, the next date first."""
    owed = (
        await Obligation.objects()
        .where(
            (Obligation.organisation == organisation)
            & (Obligation.owner == "organisation")
            & (Obligation.state == "open")
        )
        .order_by(Obligation.due_on, Obligation.id)
    )
    return await _see(pack, owed)


async def clocks_paused(pack: FrameworkPack) -> tuple[ClockSeen, ...]:
    """Return every clock that stands still because a steward stopped it."""
    pauses = await Pause.objects().where((Pause.by == STEWARD) & Pause.until.is_null())
    if not pauses:
        return ()
    owed = await Obligation.objects().where(
        Obligation.id.is_in([pause.obligation for pause in pauses])
    )
    return await _see(pack, owed)


async def clock(pack: FrameworkPack, obligation: int) -> ClockSeen | None:
    """Return one clock of an organisation, or None where no organisation owes this."""
    owed = await Obligation.objects().where(
        (Obligation.id == obligation)
        & (Obligation.owner == "organisation")
        & Obligation.organisation.is_not_null()
        & (Obligation.state == "open")
    )
    return next(iter(await _see(pack, owed)), None)


async def _see(pack: FrameworkPack, owed: Sequence[Obligation]) -> tuple[ClockSeen, ...]:
    if not owed:
        return ()
    bodies = {
        row.id: row
        for row in await Organisation.objects().where(
            Organisation.id.is_in([row.organisation for row in owed])
        )
    }
    pauses = {row.obligation: row for row in await _open_pauses([row.id for row in owed])}
    return tuple(_clock(pack, row, bodies[row.organisation], pauses.get(row.id)) for row in owed)


def _clock(
    pack: FrameworkPack, row: Obligation, body: Organisation, pause: Pause | None
) -> ClockSeen:
    return ClockSeen(
        obligation=row.id,
        organisation=body.id,
        organisation_name=body.name,
        slug=body.slug,
        domain=body.domain,
        what=describe(pack, row),
        due_on=row.due_on,
        why=pause.why if pause else "",
        by=pause.by if pause else "",
        since=pause.since if pause else None,
    )


async def _open_pauses(obligations: Sequence[int]) -> list[Pause]:
    return await Pause.objects().where(
        Pause.obligation.is_in(list(obligations)) & Pause.until.is_null()
    )
