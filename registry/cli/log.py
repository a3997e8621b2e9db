"""`registry log`: auditing a public log from outside."""

import asyncio
import json
import sys
from pathlib import Path

import click

from badges.log.audit import AuditReport, Trust, audit_log, open_log
from badges.log.errors import LogError
from badges.log.note import NoteVerifier, read_vkey


@click.group()
def log() -> None:
    """Look at a public log."""


@log.command()
@click.argument("where")
@click.option("--key", "keys", multiple=True, help="A key of the log, as /log/vkey shows it.")
@click.option("--witness", "witnesses", multiple=True, help="A key of a witness you trust.")
@click.option("--quorum", default=0, show_default=True, help="How many witnesses must agree.")
@click.option(
    "--kept",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint you kept earlier; the log must still contain it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(
    where: str,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    quorum: int,
    kept: tuple[Path, ...],
    *,
    as_json: bool,
) -> None:
    """Read the whole log at WHERE (its address or a folder) and report every fault.

    Without --key the log's own word is taken for its keys: keep them for the next time.
    """
    try:
        report = asyncio.run(_audit(where, keys, witnesses, quorum, kept))
    except LogError as refusal:
        raise click.ClickException(refusal.message) from refusal
    _tell(report, as_json=as_json)
    sys.exit(0 if report.is_good else 1)


async def _audit(
    where: str,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    quorum: int,
    kept: tuple[Path, ...],
) -> AuditReport:
    async with open_log(where) as source:
        lines = keys or tuple((await source.read("vkey") or b"").decode().splitlines())
        trust = Trust(
            keys=_read_keys(lines),
            witnesses=_read_keys(witnesses),
            quorum=quorum,
            kept=[path.read_bytes() for path in kept],
        )
        return await audit_log(source, trust)


def _read_keys(lines: tuple[str, ...]) -> list[NoteVerifier]:
    return [read_vkey(line) for line in lines]


def _tell(report: AuditReport, *, as_json: bool) -> None:
    size = report.checkpoint.size if report.checkpoint else None
    if as_json:
        found = {
            "good": report.is_good,
            "size": size,
            "entries": report.entries,
            "tiles": report.tiles,
            "cosigned": report.cosigned,
            "findings": report.findings,
        }
        click.echo(json.dumps(found, indent=2))
        return
    for finding in report.findings:
        click.echo(finding, err=True)
    click.echo(f"{report.entries} entries and {report.tiles} tiles read; size signed: {size}.")
    click.echo("The log is good." if report.is_good else "The log is NOT good.")
