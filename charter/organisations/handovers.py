"""Read models of handovers: which part stands empty, and who has been asked to take it."""

from dataclasses import dataclass
from datetime import date

from charter.obligations.tables import Obligation
from charter.organisations.people_rules import empty_roles
from charter.organisations.queries import (
    OrganisationSeen,
    find_organisation,
    invitations_of,
    members_of,
)


@dataclass(frozen=True, slots=True)
class HandoverSeen:
    """An organisation with an empty part. `due_on` is the hub's own date.

    `asked` are the parts for which somebody's answer is waited for.
    """

    organisation: OrganisationSeen
    due_on: date
    empty: tuple[str, ...]
    asked: tuple[str, ...]


async def handovers_waiting(today: date) -> tuple[HandoverSeen, ...]:
    """Return the open handovers, the one due first before the others."""
    rows = (
        await Obligation.select(Obligation.subject, Obligation.due_on)
        .where((Obligation.kind == "handover") & (Obligation.state == "open"))
        .order_by(Obligation.due_on, Obligation.id)
    )
    seen = []
    for row in rows:
        own = await find_organisation(row["subject"])
        if own is not None:
            held = {member.role for member in await members_of(own.id)}
            asked = [each.role for each in await invitations_of(own.id, today)]
            seen.append(HandoverSeen(own, row["due_on"], empty_roles(held), tuple(asked)))
    return tuple(seen)
