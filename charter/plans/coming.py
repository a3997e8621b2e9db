"""What will be asked of an organisation by the calendar alone, before any of it is due."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from charter.framework.pack import FrameworkPack
from charter.plans import rules
from charter.plans.reading import answers_in_force
from charter.plans.tables import Pledge

Kind = Literal["re-identification", "re-plan"]


@dataclass(frozen=True, slots=True, order=True)
class Coming:
    """Something that opens on a local day: the five answers, or the end of a type's last pledge.

    `type` names the type of racism whose last pledge ends, and is None for the answers.
    """

    opens_on: date
    kind: Kind
    type: str | None = None


async def what_comes(organisation: UUID, *, pack: FrameworkPack, today: date) -> tuple[Coming, ...]:
    """Return what will open after today, the earliest first (rules 6 and 9)."""
    in_force = await answers_in_force(organisation)
    again = rules.identification_due_from(in_force, pack)
    answers = [] if again is None else [Coming(again, "re-identification")]
    ends = await _last_days(organisation)
    applicable = rules.assess_applicable(in_force, pack)
    pledges = [Coming(ends[name], "re-plan", name) for name in applicable if name in ends]
    return tuple(sorted(each for each in (*answers, *pledges) if each.opens_on > today))


async def _last_days(organisation: UUID) -> dict[str, date]:
    """Return, for each type with a live pledge, the last day on which one runs."""
    rows = (
        await Pledge.select(Pledge.type, Pledge.ends_on)
        .where(
            (Pledge.organisation == organisation)
            & (Pledge.state == "live")
            & Pledge.ends_on.is_not_null()
        )
        .order_by(Pledge.ends_on)
    )
    return {row["type"]: row["ends_on"] for row in rows}
