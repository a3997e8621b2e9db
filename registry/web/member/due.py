"""What is due from an organisation: by when, from whom, what good looks like, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from charter.obligations.rules import HUB_REASONS
from charter.obligations.service import describe, open_obligations
from charter.obligations.tables import Obligation, Pause
from charter.plans.queries import find_published_pledge
from charter.reviews.extensions import MOVABLE
from registry.web.member.room import Room

Place = Callable[[Obligation], str]
"""Returns where, below the organisation's own address, something due is done."""


def _milestone(owed: Obligation) -> str:
    return f"/pledges/{owed.pledge}/milestones/{owed.milestone}"


PLACES: Mapping[str, tuple[str, Place]] = {
    "plan": ("The sponsor publishes it", lambda _owed: "/plan"),
    "re-plan": ("The sponsor publishes it", lambda _owed: "/plan"),
    "evidence": ("Anyone in your team", _milestone),
    "more-needed-reply": ("Anyone in your team", _milestone),
    "new-evidence": ("Anyone in your team", _milestone),
    "re-identification": ("Anyone in your team", lambda _owed: "/plan"),
    "reflection": ("The sponsor signs it", lambda _owed: "/reflection"),
    "concern-response": (
        "The sponsor answers in public",
        lambda owed: f"/concerns/{owed.subject}/answer",
    ),
    "re-sign": ("The sponsor", lambda _owed: "/charter"),
    "co-design-pay": ("Your team; the people paid confirm it", lambda _owed: "/sessions"),
}
"""Who acts on each kind of obligation, and where."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing due. `days` counts to the date and is negative after it.

    `waits_on` says what a clock that stands still is waiting for, or is empty.
    """

    id: int
    kind: str
    title: str
    due_on: date
    days: int
    by_whom: str
    address: str
    good: str
    waits_on: str
    may_move: bool

    @property
    def late(self) -> bool:
        """Whether the date has passed and the clock runs."""
        return self.days < 0 and not self.waits_on


async def due_from(room: Room) -> list[DueLine]:
    """Return what the organisation owes: running clocks first, each in the order of its date."""
    owed = [row for row in await open_obligations(room.own.id) if row.owner == "organisation"]
    pauses = {
        pause.obligation: pause.why
        for pause in await Pause.objects().where(
            Pause.obligation.is_in([row.id for row in owed] or [0]) & Pause.until.is_null()
        )
    }
    lines = [await _line(room, row, pauses.get(row.id, "")) for row in owed]
    return sorted(lines, key=lambda line: (bool(line.waits_on), line.due_on, line.id))


async def _line(room: Room, owed: Obligation, paused: str) -> DueLine:
    by_whom, place = PLACES.get(owed.kind, ("Your team", lambda _owed: ""))
    return DueLine(
        id=owed.id,
        kind=owed.kind,
        title=describe(room.pack, owed),
        due_on=owed.due_on,
        days=(owed.due_on - room.today).days,
        by_whom=by_whom,
        address=f"{room.address}{place(owed)}",
        good=await _what_good_looks_like(room, owed),
        waits_on=_waits_on(paused),
        may_move=owed.kind in MOVABLE and not paused,
    )


async def _what_good_looks_like(room: Room, owed: Obligation) -> str:
    """Return what was promised as evidence, or what the pack says satisfies the kind."""
    if owed.pledge is not None:
        pledge = await find_published_pledge(room.own.id, owed.pledge)
        for milestone in pledge.milestones if pledge else ():
            if milestone.number == owed.milestone:
                return milestone.evidence
    met_by = room.pack.obligation_kind(owed.kind).met_by
    return f"{met_by[:1].upper()}{met_by[1:]}"


def _waits_on(paused: str) -> str:
    if not paused:
        return ""
    return "the reviewers" if paused in HUB_REASONS else paused.replace("-", " ")
