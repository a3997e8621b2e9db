"""Everything that was asked of a community group, by whom, paid or not (rules 11a and 24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from charter.plans.codesign_queries import RequestSeen, SessionSeen, asked_of, sessions_with
from charter.plans.tables import Confirmation


@dataclass(frozen=True, slots=True)
class SessionGiven:
    """A session held with a group, with the group's own word on it.

    `paid` is paid, declined or unpaid; empty while the group has not answered. `agrees` is None
    then, and after agreement was taken back.
    """

    session: SessionSeen
    paid: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class AskedBy:
    """What one organisation asked of a group, and what it was given."""

    organisation: UUID
    requests: tuple[RequestSeen, ...]
    sessions: tuple[SessionGiven, ...]

    @property
    def shaped(self) -> frozenset[int]:
        """Return the numbers of the pledges that the group shaped."""
        return frozenset(line.number for given in self.sessions for line in given.session.pledges)


@dataclass(frozen=True, slots=True)
class HoursOfGroup:
    """Hours a group was asked for and gave, by its own word about pay."""

    asked: Decimal
    paid: Decimal
    declined: Decimal
    unpaid: Decimal


async def all_asked_of(group: UUID) -> tuple[AskedBy, ...]:
    """Return everything asked of a group, by organisation, whoever asked last first."""
    requests = await asked_of(group)
    answers = {
        row.session: row for row in await Confirmation.objects().where(Confirmation.group == group)
    }
    given = [_given(session, answers.get(session.id)) for session in await sessions_with(group)]
    organisations = dict.fromkeys(
        [
            *(asked.organisation for asked in requests),
            *(each.session.organisation for each in given),
        ]
    )
    return tuple(
        AskedBy(
            organisation,
            tuple(asked for asked in requests if asked.organisation == organisation),
            tuple(each for each in given if each.session.organisation == organisation),
        )
        for organisation in organisations
    )


def hours_in(asked: Iterable[AskedBy]) -> HoursOfGroup:
    """Add up the hours a group was asked for and gave."""
    by = list(asked)
    sessions = [given for each in by for given in each.sessions]

    def hours(paid: str) -> Decimal:
        return sum((given.session.hours for given in sessions if given.paid == paid), Decimal(0))

    return HoursOfGroup(
        asked=sum((request.hours for each in by for request in each.requests), Decimal(0)),
        paid=hours("paid"),
        declined=hours("declined"),
        unpaid=hours("unpaid"),
    )


def _given(session: SessionSeen, answer: Confirmation | None) -> SessionGiven:
    if answer is None:
        return SessionGiven(session, "", None)
    stands = answer.withdrawn_at is None
    return SessionGiven(
        session, answer.paid, (answer.happened and answer.agrees) if stands else None
    )
