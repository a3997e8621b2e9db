"""`registry export`: the open data of the whole register, as files in a folder."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click

from registry.bootstrap import Registry, bootstrap
from registry.cli.reading import usable_settings
from registry.database import open_database
from registry.services import running_services
from registry.web.public.bulk import FILES, describe_package, write_csv, write_json_lines
from registry.web.public.listing import Site

PACKAGE = "datapackage.json"
WRITERS = {".csv": write_csv, ".jsonl": write_json_lines}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(folder: Path, *, as_json: bool) -> None:
    """Write what /open-data offers into FOLDER: CSV, JSON Lines and a description of both."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_services(usable_settings()) as real:
        sizes = asyncio.run(_export(bootstrap(real), folder))
    if as_json:
        click.echo(json.dumps({"files": sizes}, indent=2))
    else:
        for name, size in sizes.items():
            click.echo(f"{size:12,}  {folder / name}")


async def _export(registry: Registry, folder: Path) -> dict[str, int]:
    """Write every file; return the bytes of each by name."""
    site = Site(registry.settings.public_url, registry.scheme)
    sizes = {}
    async with open_database(registry.settings.database_url):
        for file in FILES.values():
            for suffix, write in WRITERS.items():
                name = f"{file.name}{suffix}"
                sizes[name] = await _write(write(file, site), folder / name)
    package = json.dumps(beside_each_other(describe_package(site)), indent=2)
    (folder / PACKAGE).write_text(package + "\n", encoding="utf-8")
    return {**sizes, PACKAGE: len(package) + 1}


def beside_each_other(package: dict[str, Any]) -> dict[str, Any]:
    """Return the description with each file beside it, instead of at its address."""
    resources = [{**each, "path": f"{each['name']}.csv"} for each in package["resources"]]
    return {**package, "resources": resources}


async def _write(pieces: AsyncIterator[bytes], target: Path) -> int:
    """Write `pieces` to `target`, which appears only when it is whole."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    size = 0
    with unfinished.open("wb") as out:
        async for piece in pieces:
            size += out.write(piece)
    unfinished.replace(target)
    return size
