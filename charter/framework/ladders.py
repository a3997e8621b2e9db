"""Who owes what, for how long, and what happens on the way: rules 10a, 34 and 35 as data."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from charter.framework.entry import Count, Entry, KebabId, Words
from charter.framework.numbers import Offset

Owner = Literal["organisation", "hub", "auditors"]
"""Who owes an obligation."""

Addressee = Literal["lead", "delegate", "sponsor", "steward", "hub-lead", "auditor"]
"""Who is written to, by role."""

MovedStanding = Literal["overdue", "lapsed", "suspended", "not-reporting", "removed"]
"""A standing that lateness alone can lead to."""

KeptLevel = Literal["committed", "evidenced", "reviewed"]
"""A level that can be lost by time, and is kept by renewing what it rests on."""

FIRST_LATE_DAY = 1
"""The day after the due date. A promise is late on the same day for every size of organisation."""

REFLECTION = "reflection"
"""The kind of obligation whose missing counts as a missed cycle (rule 27)."""

STANDARD_BAND = "standard"
"""The band every pack has, whose late steps are not stretched."""

UNSTRETCHED = 100
"""Percent."""


class LadderStep(Entry, frozen=True, kw_only=True):
    """One step of a chase."""

    name: KebabId
    title: Words
    """What the step is called in public, in a few words."""
    offset: Offset
    consequence: bool
    """A step with a consequence is never skipped and never capped (rules 36 and 37)."""
    public: bool
    """Whether the step is shown by name in public; before that it is only counted."""
    addressees: tuple[Addressee, ...]
    moves_to: MovedStanding | None = None
    """The standing this step leads to once every other condition of the table is met."""

    @property
    def reminds(self) -> bool:
        """Whether the step comes before the promise is late."""
        return self.offset < FIRST_LATE_DAY


class Ladder(Entry, frozen=True, kw_only=True):
    """The steps of one kind of clock, earliest first."""

    name: KebabId
    steps: tuple[LadderStep, ...] = msgspec.field(name="step")

    def find_step(self, name: str) -> LadderStep:
        """Return the step called `name`; raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def days_until(self, standing: MovedStanding) -> int | None:
        """Return how many days late leads to `standing`, or None where this ladder never does."""
        return next((step.offset for step in self.steps if step.moves_to == standing), None)


class ObligationRow(Entry, frozen=True, kw_only=True):
    """One kind of thing that can be due, as the pack's file states it (rule 34)."""

    kind: KebabId
    title: Words
    owner: Owner
    ladder: KebabId
    moves_standing: bool
    keeps_level: KeptLevel | None = None
    """The level that falls one step when this is missed; it then moves no standing."""
    asks_communities: bool = False
    """Whether nobody can meet it without asking communities: a quiet period stops its clock."""
    length: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\.[a-z_]+$")] | None = None
    """The number of rules.toml that says how long it runs, such as `signing.plan_days`."""
    met_by: Words
    """What satisfies it, in plain words."""


@dataclass(frozen=True, slots=True)
class ObligationKind:
    """One kind of thing that can be due (rule 34)."""

    kind: str
    title: str
    owner: Owner
    ladder: str
    moves_standing: bool
    met_by: str
    asks_communities: bool
    """Whether a quiet period stops its clock (rule 11a)."""
    days: int | None
    """How long it runs from its opening; None where another fact sets the date."""
    working: bool
    """Whether `days` are working days."""
    keeps_level: KeptLevel | None = None
    """The level that falls one step when this is missed."""


class Band(Entry, frozen=True, kw_only=True):
    """A size of organisation and what it may do more simply (rule 10a)."""

    id: KebabId
    name: Words
    meaning: Words
    paid_staff: bool
    people_under: Count | None = None
    """Fewer people than this; None for no limit."""
    reports_per_year: Count
    one_sitting: bool
    """Whether everything due may be reported on one page, or by a call the hub types up."""
    ready_made: bool
    """Whether ready-made pledges may be taken."""
    late_step_percent: Count
    """How far the steps after the first late day are stretched: UNSTRETCHED is not at all."""

    def stretch(self, offset: int) -> int:
        """Return `offset` as this band counts it; only what follows the first late day moves."""
        if offset <= FIRST_LATE_DAY:
            return offset
        return offset * self.late_step_percent // UNSTRETCHED

    def stretch_ladder(self, ladder: Ladder) -> Ladder:
        """Return `ladder` with the late steps of this band."""
        return msgspec.structs.replace(
            ladder,
            steps=tuple(
                msgspec.structs.replace(step, offset=self.stretch(step.offset))
                for step in ladder.steps
            ),
        )
