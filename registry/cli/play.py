"""`registry clock-play` and `registry seed`: letting scheme time pass, by the use cases alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from charter.clock import end_of_day
from charter.standing.tables import CurrentStanding
from registry import database
from registry.bootstrap import Registry, bootstrap
from registry.cli.progress import Progress
from registry.cli.reading import refuse_in_production, usable_settings
from registry.database import open_database
from registry.demo.cast import Cast, the_cast
from registry.demo.company import company_of
from registry.demo.play import PlayedDay, play, play_stretch
from registry.demo.region import sign_all
from registry.demo.state import PlayState, play_state
from registry.proofs.desk import open_proof_desk
from registry.services import running_services

NOBODY = Cast(days=0, auditors=0, organisation=())
DAY = click.DateTime(["%Y-%m-%d"])
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

Playing = Callable[[Registry, PlayState], AsyncIterator[PlayedDay]]


@click.command("clock-play")
@click.option("--from", "first", type=DAY, required=True, help="The first local day.")
@click.option("--to", "last", type=DAY, required=True, help="The last local day.")
@click.option("--seed", "chance", default=1, show_default=True, help="Codes, salts and order.")
@JSON
def clock_play(first: datetime, last: datetime, chance: int, *, as_json: bool) -> None:
    """Play a stretch of scheme time.

    An empty database gets the invented region's organisations; any other is left to itself while
    the rounds are walked. The seed never fixes keys.
    """

    def playing(registry: Registry, state: PlayState) -> AsyncIterator[PlayedDay]:
        cast = the_cast() if state is PlayState.NOTHING else NOBODY
        until = last_instant(last.date(), registry.scheme.pack.zone)
        return play_stretch(registry, cast, first=first.date(), until=until, seed=chance)

    if last < first:
        raise click.BadParameter("--to is before --from")
    _run("playing time", playing, as_json=as_json)


@click.command()
@click.option("--organisations", "size", type=click.IntRange(1, 9000), required=True)
@click.option("--as-of", type=DAY, help="The last local day; today otherwise.")
@JSON
def seed(size: int, as_of: datetime | None, *, as_json: bool) -> None:
    """Fill an empty database with invented organisations and a hundred days of their past.

    The same number on the same day always gives the same organisations, standings and events.
    """

    def playing(registry: Registry, state: PlayState) -> AsyncIterator[PlayedDay]:
        if state is not PlayState.NOTHING:
            raise click.ClickException("the database is not empty; seed a new one")
        pack = registry.scheme.pack
        until = last_instant(as_of.date(), pack.zone) if as_of else datetime.now(UTC)
        return play(registry, until=until, cast=company_of(size, pack.region))

    _run("seeding", playing, as_json=as_json)


def _run(what: str, playing: Playing, *, as_json: bool) -> None:
    refuse_in_production(what)
    settings = usable_settings()
    with running_services(settings) as real:
        registry = bootstrap(real)
        standings = asyncio.run(_played(registry, playing, quiet=as_json))
    if as_json:
        click.echo(json.dumps({"standings": standings}, indent=2))
    else:
        for standing, count in standings.items():
            click.echo(f"{count:6}  {standing}")


async def _played(registry: Registry, playing: Playing, *, quiet: bool) -> dict[str, int]:
    """Play on the registry's database, sign what came of it, and count the standings."""
    settings = registry.settings
    await database.migrate(settings.owner_url, application_url=settings.database_url)
    async with open_database(settings.database_url):
        progress = Progress("Playing")
        async for played in playing(registry, await play_state()):
            if not quiet:
                progress.tell(played.number, played.of, f"{played.day:%d %B %Y}")
        await sign_all(open_proof_desk(registry.settings, registry.scheme))
        rows = await CurrentStanding.select(CurrentStanding.standing)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["standing"]] = counts.get(row["standing"], 0) + 1
    return dict(sorted(counts.items()))


def last_instant(day: date, zone: ZoneInfo) -> datetime:
    """Return an instant late enough for everything that `day` brings."""
    return end_of_day(day, zone) - timedelta(seconds=1)
