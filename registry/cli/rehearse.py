"""`registry rehearse`: who would change standing, results or level under another pack."""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from charter.clock import end_of_day
from charter.framework.pack import PACKS, FrameworkPack, load_pack
from charter.framework.reading import BrokenPack
from charter.organisations.tables import Organisation
from charter.standing.rehearsal import Change, NotFoldable, rehearse
from registry.bootstrap import Registry, bootstrap
from registry.cli.reading import usable_settings
from registry.database import open_database
from registry.services import running_services

SOMEBODY_CHANGES = 1
"""The exit code where anybody's answer would be another; 2 is a pack that cannot be used."""


class Unusable(click.ClickException):
    """The new pack cannot be used."""

    exit_code = 2


@click.command("rehearse")
@click.option(
    "--pack",
    "named",
    required=True,
    help="The new pack: the name of one that ships with the registry, or a folder.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ask about the end of this local day, also one to come; now if it is not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rehearse_command(named: str, on: datetime | None, *, as_json: bool) -> None:
    """Show who would change under another pack, and write nothing. Ends with 1 if anybody would."""
    other = _read(named)
    with running_services(usable_settings()) as real:
        registry = bootstrap(real)
        at = end_of_day(on.date(), registry.scheme.pack.zone) if on else registry.scheme.now()
        changes = asyncio.run(_rehearsed(registry, other, at))
    told = {
        "pack": {"id": registry.scheme.pack.id, "digest": registry.scheme.pack.digest},
        "rehearsed": {"id": other.id, "digest": other.digest},
        "at": at.isoformat(),
        "changes": changes,
    }
    click.echo(json.dumps(told, indent=2) if as_json else "\n".join(as_table(changes)))
    sys.exit(SOMEBODY_CHANGES if changes else 0)


def _read(named: str) -> FrameworkPack:
    folder = PACKS / named if (PACKS / named).is_dir() else Path(named)
    if not folder.is_dir():
        raise Unusable(f"there is no pack and no folder called {named}")
    try:
        return load_pack(folder)
    except BrokenPack as broken:
        raise Unusable(str(broken)) from broken


async def _rehearsed(
    registry: Registry, other: FrameworkPack, at: datetime
) -> list[dict[str, Any]]:
    async with open_database(registry.settings.database_url):
        found = [each async for each in rehearse(await registry.scheme.packs(), other, at=at)]
        slugs = await _slugs([each.organisation for each in found])
    return [_told(each, slugs) for each in found]


async def _slugs(organisations: list[UUID]) -> dict[UUID, str]:
    rows = await Organisation.select(Organisation.id, Organisation.slug).where(
        Organisation.id.is_in(organisations or [UUID(int=0)])
    )
    return {row["id"]: row["slug"] for row in rows}


def _told(found: Change | NotFoldable, slugs: dict[UUID, str]) -> dict[str, Any]:
    row = {**asdict(found), "organisation": slugs[found.organisation]}
    if isinstance(found, NotFoldable):
        return {"organisation": row["organisation"], "answer": "missing", "now": row["missing"]}
    return row


def as_table(changes: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the table: a row for each change, and how many bodies."""
    if not changes:
        return ["Nobody would change standing, results or level."]
    bodies = len({row["organisation"] for row in changes})
    lines = [f"{'organisation':<40}{'answer':<10}now -> then"]
    lines += [
        f"{row['organisation']:<40}{row['answer']:<10}{_in_short(row['now'])}"
        f" -> {_in_short(row.get('then', 'not in the new pack'))}"
        for row in sorted(changes, key=lambda row: (row["organisation"], row["answer"]))
    ]
    return [*lines, f"{bodies} organisation{'' if bodies == 1 else 's'} would change."]


def _in_short(answer: Any) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{name} {count}" for name, count in answer.items() if count) or "none"
    return str(answer or "none")
