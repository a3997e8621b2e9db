"""Plays a stretch of scheme time: people act by day, and the rounds are walked at their hours.

The same seed gives the same codes, salts and order, and so the same standings, results and
events. Keys, sign-in codes and sessions are never drawn from it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from zoneinfo import ZoneInfo

from charter.chance import SeededChance
from charter.clock import SetClock, start_of_day
from registry.adapters.mailers import OutboxMailer
from registry.bootstrap import Registry
from registry.demo.cast import Cast, the_cast
from registry.demo.crew import Crew
from registry.demo.neighbours import Neighbours
from registry.demo.panels import Panels
from registry.demo.players import Player
from registry.proofs.desk import open_proof_desk
from registry.rounds.outbox import Handler, work_outbox
from registry.rounds.post import post_handlers
from registry.rounds.proof import proof_handlers
from registry.rounds.table import ROUNDS, Round, at_local

OFFICE_HOURS = time(10)
"""When people act, in local time."""

LOOKS = (time(4), time(20))
"""When the rounds that come round all day long are walked: before people act and after them.

A panel takes two looks: one seals the list, a later one draws from it. So nobody who acts once a
day waits longer for the hourly rounds here than they would in life.
"""


@dataclass(frozen=True, slots=True)
class PlayedDay:
    """How far the play has come."""

    day: date
    number: int
    of: int


Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A registry whose clock is set, with everybody who acts on it."""

    registry: Registry
    clock: SetClock
    players: Sequence[Player]
    crew: Crew
    neighbours: Neighbours
    panels: Panels
    handlers: Mapping[str, Handler]

    def steps_of(self, day: date, zone: ZoneInfo) -> list[tuple[datetime, Step]]:
        """Return what happens on `day` in order: every round at its hour, people by day.

        Rounds that come round all day long are walked before and after people act. Without
        players only rounds are walked.
        """
        steps: list[tuple[datetime, Step]] = [
            (at_local(day, hour, zone), partial(self._walk, round_))
            for round_ in ROUNDS
            for hour in ((round_.at,) if round_.at else LOOKS)
        ]
        if self.players:
            steps.append((at_local(day, OFFICE_HOURS, zone), partial(self._work, day)))
        return sorted(steps, key=itemgetter(0))

    async def _walk(self, round_: Round) -> None:
        await round_.walk(self.registry)

    async def _work(self, day: date) -> None:
        for player in self.players:
            await player.act(day)
        await self.neighbours.act(day)
        await self.panels.act(day)
        await self.crew.act()


def set_stage(registry: Registry, cast: Cast, *, first: date, last: date, seed: int) -> Stage:
    """Return the stage on its first day, with chance that `seed` fixes."""
    zone = registry.scheme.pack.zone
    starts = start_of_day(first, zone)
    clock = SetClock(starts)
    chance = SeededChance(seed)

    async def draw_seed() -> bytes:
        return chance.bytes(32)

    played = replace(
        registry,
        scheme=replace(registry.scheme, clock=clock, chance=chance),
        desk=replace(registry.desk, clock=clock),
        draw_seed=draw_seed,
    )
    players = [
        Player(played, script, last - timedelta(days=script.signs)) for script in cast.organisation
    ]
    crew = Crew(played, {script.name: script for script in cast.organisation})
    # Mail of a play never leaves: it stays in the outbox, where the inbox page shows it.
    handlers = {
        **post_handlers(played, OutboxMailer()),
        **proof_handlers(open_proof_desk(played.settings, played.scheme), lists=False),
    }
    neighbours, panels = Neighbours(played, cast, last), Panels(played, cast, last)
    return Stage(played, clock, players, crew, neighbours, panels, handlers)


async def play(
    registry: Registry, *, until: datetime, seed: int = 1, cast: Cast | None = None
) -> AsyncIterator[PlayedDay]:
    """Play the whole cast from its first day until `until`; yield after each day."""
    company = cast or the_cast()
    last = until.astimezone(registry.scheme.pack.zone).date()
    first = last - timedelta(days=company.days)
    async for played in play_stretch(registry, company, first=first, until=until, seed=seed):
        yield played


async def play_stretch(
    registry: Registry, cast: Cast, *, first: date, until: datetime, seed: int
) -> AsyncIterator[PlayedDay]:
    """Play from the local day `first` until `until`; yield after each day.

    A cast of nobody leaves the organisations in the database to themselves, as time passes.
    """
    last = until.astimezone(registry.scheme.pack.zone).date()
    stage = set_stage(registry, cast, first=first, last=last, seed=seed)
    if cast.organisation:
        await stage.crew.take_office(cast)
    days = (last - first).days + 1
    for number in range(days):
        day = first + timedelta(days=number)
        await play_day(stage, day, until=until)
        yield PlayedDay(day, number + 1, days)


async def play_day(stage: Stage, day: date, *, until: datetime) -> None:
    """Walk the rounds of one day at their hours, and let people act in between."""
    zone = stage.registry.scheme.pack.zone
    for hour, step in stage.steps_of(day, zone):
        if hour <= until:
            stage.clock.set(hour)
            await step()
    await work_outbox(stage.clock, stage.handlers, lanes=1)
