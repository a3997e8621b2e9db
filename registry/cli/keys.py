"""`registry keys`: the keys badges are signed with. Run it where the worker runs, as its user."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click

from badges.key_file import KINDS, KeyRing, SigningKey, generate_keys, write_keys
from badges.keys import UnusableKey
from badges.service import revoke_editions_of_key
from registry.bootstrap import bootstrap
from registry.database import open_database
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.proofs.key_folder import key_folder
from registry.proofs.signing import publish_public_keys
from registry.services import running_services
from registry.settings import Settings, load_settings

T = TypeVar("T")


@click.group()
def keys() -> None:
    """Look after the keys that badges are signed with."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_keys(*, as_json: bool) -> None:
    """Name every key, since when it signs, and whether it is believed still."""
    rows = [_row(key) for key in _ring(load_settings()).keys]
    if as_json:
        click.echo(json.dumps({"keys": rows}, indent=2))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values()))


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(*, as_json: bool) -> None:
    """Make new keys and sign with them from now on; the old ones are believed for a while.

    The first time, it makes the first keys. The worker needs no restart.
    """
    settings = load_settings()
    folder = key_folder(settings)
    now = datetime.now(UTC)
    ring = folder.read_ring().rotated(now) if folder.exists else generate_keys(now)
    write_keys(ring, folder.path)
    asyncio.run(_with_desk(settings, publish_public_keys))
    rows = [_row(key) for key in ring.keys if key.signs]
    said = "\n".join(f"Signing with {row['name']} ({row['kind']})." for row in rows)
    click.echo(json.dumps({"keys": rows}, indent=2) if as_json else said)


@keys.command()
@click.argument("name")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    required=True,
    help="Since when somebody else may have had the key (UTC).",
)
def revoke(name: str, since: datetime) -> None:
    """Stop believing a key at once, and revoke every badge signed with it since an instant."""
    settings = load_settings()
    folder = key_folder(settings)
    now = datetime.now(UTC)
    try:
        ring = folder.read_ring().revoked(name, now)
    except UnusableKey as unknown:
        raise click.ClickException(str(unknown)) from unknown
    if len({key.public.kind for key in ring.keys if key.signs}) < len(KINDS):
        ring = ring.rotated(now)
    write_keys(ring, folder.path)

    async def drill(desk: ProofDesk) -> int:
        await publish_public_keys(desk)
        return await revoke_editions_of_key(
            desk.scheme,
            verification_method=f"{desk.issuer.did}#{name}",
            since=since.replace(tzinfo=UTC),
        )

    revoked = asyncio.run(_with_desk(settings, drill))
    click.echo(f"{name} is believed no more. Editions revoked and to be signed again: {revoked}.")


async def _with_desk(settings: Settings, act: Callable[[ProofDesk], Awaitable[T]]) -> T:
    with running_services(settings) as real:
        registry = bootstrap(real)
        async with open_database(real.database_url):
            return await act(open_proof_desk(real, registry.scheme))


def _ring(settings: Settings) -> KeyRing:
    try:
        return key_folder(settings).read_ring()
    except UnusableKey as missing:
        click.echo(str(missing), err=True)
        sys.exit(1)


def _row(key: SigningKey) -> dict[str, str | None]:
    state = "signing" if key.signs else "revoked" if key.revoked_at else "retired"
    ended = key.revoked_at or key.retired_at
    return {
        "name": key.public.fragment,
        "kind": key.public.kind,
        "state": state,
        "since": key.since.isoformat(),
        "until": ended.isoformat() if ended else None,
    }
