"""`registry sweep`: walk every round once, now."""

import asyncio
import json
from dataclasses import replace
from datetime import date, datetime, time

import click

from charter.clock import SetClock
from registry.bootstrap import Registry, bootstrap
from registry.cli.reading import refuse_in_production, usable_settings
from registry.database import open_database
from registry.rounds.table import ROUNDS, at_local
from registry.services import running_services

LATE_ENOUGH = time(23)
"""The hour of a given day at which all that falls due on it was looked at."""


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Walk as if at the end of this local day; refused in production.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep(as_of: datetime | None, *, as_json: bool) -> None:
    """Find what is due and chase it, as the worker does by itself. Twice changes nothing."""
    if as_of is not None:
        refuse_in_production("another day than today")
    settings = usable_settings()
    with running_services(settings) as real:
        registry = bootstrap(real)
        walked = asyncio.run(_walk(_set_to(registry, as_of.date()) if as_of else registry))
    if as_json:
        click.echo(json.dumps({"rounds": walked}, indent=2))
    else:
        click.echo(f"Walked {len(walked)} rounds: {', '.join(walked)}.")


async def _walk(registry: Registry) -> list[str]:
    async with open_database(registry.settings.database_url):
        for each in ROUNDS:
            await each.walk(registry)
    return [each.name for each in ROUNDS]


def _set_to(registry: Registry, day: date) -> Registry:
    clock = SetClock(at_local(day, LATE_ENOUGH, registry.scheme.pack.zone))
    return replace(
        registry,
        scheme=replace(registry.scheme, clock=clock),
        desk=replace(registry.desk, clock=clock),
    )
