"""`registry import`: take in what is kept elsewhere, such as a list of existing signatories."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from charter.errors import CharterError
from charter.organisations.import_rules import JudgedRow
from charter.organisations.importing import preview_import
from registry.bootstrap import Registry, bootstrap
from registry.cli.reading import usable_settings
from registry.database import open_database
from registry.services import running_services
from registry.web.member.arriving import take_in, tell_row
from registry.web.public.signatory_file import SignatoryFile, read_signatories


@click.group("import")
def import_lists() -> None:
    """Take in what is kept elsewhere. What is here already stays as it is."""


@import_lists.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Say what would become of each row; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def organisations(file: Path, *, preview: bool, as_json: bool) -> None:
    """Take in existing signatories from FILE, a CSV with the columns of organisations.csv.

    Each still has to prove who it is, and its sponsor to sign. With one wrong row nothing is
    written. A second run changes nothing.
    """
    act = _preview if preview else _import
    with running_services(usable_settings()) as real:
        try:
            told = asyncio.run(_tell(act, bootstrap(real), file.read_bytes()))
        except CharterError as refusal:
            raise click.ClickException(refusal.message) from None
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo("\n".join((*told["lines"], told["summary"])))
    if told["counts"].get("wrong"):
        raise SystemExit(1)


async def _tell(act: Any, registry: Registry, content: bytes) -> dict[str, Any]:
    """Read a list, act on it, and return what became of it."""
    file = read_signatories(content, registry.scheme.pack)
    async with open_database(registry.settings.database_url):
        judged = await preview_import(registry.scheme, file.listed)
        summary = await act(registry, file, judged)
    return {
        "counts": dict(Counter(each.outcome for each in judged)),
        "left_aside": list(file.left_aside),
        "lines": [line for each in judged for line in tell_row(each)],
        "rows": [_row(each) for each in judged],
        "summary": summary,
    }


async def _preview(_: Registry, file: SignatoryFile, judged: list[JudgedRow]) -> str:
    counts = Counter(each.outcome for each in judged)
    aside = f" Columns left aside: {', '.join(file.left_aside)}." if file.left_aside else ""
    return (
        f"{counts['new']} would be added, {counts['here-already']} are here already,"
        f" {counts['wrong']} are wrong. Nothing was written.{aside}"
    )


async def _import(registry: Registry, file: SignatoryFile, judged: list[JudgedRow]) -> str:
    if any(each.outcome == "wrong" for each in judged):
        return "Nothing was imported. Put the wrong rows right, then import again."
    added = await take_in(registry, file, judged)
    return f"{added} were added. Each now waits for a steward's check and its sponsor's signature."


def _row(judged: JudgedRow) -> dict[str, Any]:
    return {
        "row": judged.row.number,
        "name": judged.row.application.name,
        "outcome": judged.outcome,
        "slug": judged.slug or None,
        "errors": [{"field": each.field, "message": each.message} for each in judged.errors],
        "looks_like": list(judged.looks_like),
    }
