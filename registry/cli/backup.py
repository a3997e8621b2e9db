"""`registry backup` and `registry restore`: the whole register in one file, and back."""

import asyncio
import json
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from registry.adapters.object_store import object_store_from_url
from registry.backup import BackupRefused, Manifest, Place, back_up
from registry.backup import restore as restore_into
from registry.cli.reading import usable_settings
from registry.services import running_services
from registry.settings import Settings

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@JSON
def backup(file: Path, *, as_json: bool) -> None:
    """Write database and files into FILE. The register may be in use meanwhile.

    The secret and the private keys are not in it: keep them elsewhere.
    """
    with running_services(usable_settings()) as real:
        try:
            now = datetime.now(UTC)
            manifest = asyncio.run(back_up(_place(real), file, made_at=now, release=_release()))
        except BackupRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    _tell("Backed up", manifest, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
def restore(file: Path, *, as_json: bool) -> None:
    """Restore FILE into an empty database and the files' store, and check every part of it.

    Run `registry migrate` afterwards: it gives the application's role its rights.
    """
    with running_services(usable_settings()) as real:
        try:
            manifest = asyncio.run(restore_into(_place(real), file))
        except BackupRefused as refusal:
            raise click.ClickException(str(refusal)) from refusal
    _tell("Restored and checked", manifest, as_json=as_json)


def _tell(what: str, manifest: Manifest, *, as_json: bool) -> None:
    counts = {"rows": sum(manifest.rows.values()), "files": len(manifest.files)}
    if as_json:
        told = {**counts, "made_at": manifest.made_at.isoformat(), "release": manifest.release}
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(f"{what}: {counts['rows']:,} rows and {counts['files']:,} files.")


def _place(settings: Settings) -> Place:
    return Place(settings.owner_url, object_store_from_url(settings.files_url))


def _release() -> str:
    try:
        return version("charter-registry")
    except PackageNotFoundError:
        return "unreleased"
