"""Three organisations that live through much in a few weeks, and a play of them to compare."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from charter.clock import start_of_day
from charter.history.events import RecordedEvent
from charter.history.queries import events_after
from charter.organisations.tables import Organisation
from charter.standing.assessment import Assessment, assess
from charter.standing.results import Results
from charter.standing.words import Flag, Level, Result, Standing
from registry.bootstrap import bootstrap
from registry.database import open_database
from registry.demo.cast import Cast, Character, Endorsed
from registry.demo.play import Stage, play_day, set_stage
from registry.settings import Settings
from tests.conftest import as_application, new_database
from tests.registry.web.conftest import SECRET
from tests.world import the_pack

LAST = date(2026, 3, 31)
"""Two days after the clocks go forward: one day of the play has 23 hours."""

SEED = 7

KEEPS_ITS_WORD = Character(
    name="Harbour Lights Theatre",
    town="Liverpool",
    sector="arts-and-culture",
    boroughs=("liverpool",),
    identifier="99100001",
    domain="harbour-lights.example",
    signs=68,
    plan_after=2,
    milestones=(14, 40, 300),
    worked=("fully", "partly"),
)
FALLS_SILENT = Character(
    name="Estuary Buses",
    town="Liverpool",
    sector="transport",
    boroughs=("liverpool", "wirral"),
    identifier="99100006",
    domain="estuary-buses.example",
    signs=69,
    plan_after=1,
    milestones=(8, 30, 300),
    silent_from=2,
)
IS_REFUSED = Character(
    name="Sandstone Homes",
    town="Sefton",
    sector="housing",
    boroughs=("sefton",),
    scheme="GB-SHPE",
    identifier="9901",
    domain="sandstone-homes.example",
    signs=67,
    plan_after=9,
    lag=-3,
    milestones=(12, 35, 300),
    found=("not-accepted", "accepted"),
    confirmed=False,
    does_not_apply=("systemic",),
)

ENDORSED = Endorsed(
    day=5,
    panel="Seaham panel",
    url="https://seaham-panel.example",
    organisation=KEEPS_ITS_WORD.name,
    text="People here were heard.",
)

DayPlayed = Callable[[Stage, date, datetime], Awaitable[None]]
"""Plays one day of a stage, until an instant."""

DRAWN_BY_THE_SYSTEM = frozenset({"code", "sha256", "did_digest"})
"""Facts of proofs: what they name comes from keys and codes that no seed fixes."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The three answers about one organisation."""

    standing: Standing
    since: datetime
    days_late: int
    level: Level | None
    results: Results
    pledge_results: dict[int, Result]
    flags: tuple[tuple[Flag, datetime], ...]


@dataclass(frozen=True, slots=True)
class Played:
    """All that a play left behind: the organisations by id, and every event in order."""

    organisations: dict[UUID, str]
    events: tuple[RecordedEvent, ...]

    def facts(self) -> list[tuple[object, ...]]:
        """Return every event without ids, codes and proofs."""
        return [
            (
                self.organisations.get(event.organisation or UUID(int=0)),
                event.kind,
                event.effective_at,
                event.recorded_at,
                event.by,
                _without_proofs(event.data),
            )
            for event in self.events
        ]

    def answers_at(self, at: datetime) -> dict[str, Answers]:
        """Return standing, level and results of each public organisation as of an instant."""
        pack = the_pack()
        assessed = {
            name: assess(
                [
                    each
                    for each in self.events
                    if each.organisation == id_ and each.recorded_at <= at
                ],
                at,
                pack,
            )
            for id_, name in self.organisations.items()
        }
        return {name: _answers(each) for name, each in assessed.items() if each is not None}


def cast_of(days: int) -> Cast:
    """Return the company for a play of `days`, its signatures as many days before the end."""
    return Cast(
        days=days,
        auditors=6,
        organisation=(KEEPS_ITS_WORD, FALLS_SILENT, IS_REFUSED),
        endorsed=(ENDORSED,),
    )


def midnights(days: int) -> list[datetime]:
    """Return the local midnights at the ends of the last `days` days."""
    zone = the_pack().zone
    return [start_of_day(LAST - timedelta(days=back), zone) for back in reversed(range(days))]


async def by_the_day(stage: Stage, day: date, until: datetime) -> None:
    """Play a day as the demonstration does."""
    await play_day(stage, day, until=until)


@dataclass(frozen=True, slots=True)
class House:
    """Where plays are given: the server, the migrated template, and a folder for keys."""

    server_url: str
    template: str
    folder: Path


async def played(house: House, *, days: int, play_one: DayPlayed) -> Played:
    """Play the company in a database of its own and return what is left in it."""
    async with (
        new_database(house.server_url, template=house.template) as url,
        open_database(as_application(url)),
    ):
        settings = Settings(
            environment="demo",
            database_url=as_application(url),
            data_dir=house.folder,
            files_url=(house.folder / "files").as_uri(),
            secret=SecretStr(SECRET),
        )
        registry = bootstrap(settings)
        company = cast_of(days)
        first = LAST - timedelta(days=company.days)
        stage = set_stage(registry, company, first=first, last=LAST, seed=SEED)
        await stage.crew.take_office(company)
        until = start_of_day(LAST + timedelta(days=1), registry.scheme.pack.zone)
        for number in range(company.days + 1):
            await play_one(stage, first + timedelta(days=number), until)
        return await _left_behind()


async def _left_behind() -> Played:
    rows = await Organisation.select(Organisation.id, Organisation.name)
    events: Sequence[RecordedEvent] = await events_after(0, limit=1_000_000)
    return Played({row["id"]: row["name"] for row in rows}, tuple(events))


def _without_proofs(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name not in DRAWN_BY_THE_SYSTEM}


def _answers(found: Assessment) -> Answers:
    return Answers(
        found.standing,
        found.since,
        found.days_late,
        found.level,
        found.results,
        found.pledge_results,
        tuple((flag.flag, flag.since) for flag in found.flags),
    )


__all__ = ["LAST", "DayPlayed", "House", "Played", "by_the_day", "midnights", "played"]
