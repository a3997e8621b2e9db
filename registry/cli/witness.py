"""`registry witness`: a tiny witness of a public log, for anybody to run.

It keeps a key and a small database of its own, and needs nothing of the registry it watches.
"""

import asyncio
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import httpx2
from granian.constants import Interfaces
from granian.server.embed import Server

from badges.log.errors import LogError
from badges.log.note import CosignatureSigner, read_vkey
from badges.log.witness import Witness, witness_app
from charter.clock import WallClock
from registry.proofs.key_folder import start_note_key

KEPT_KEYS: Final = "log-keys"
PATIENCE: Final = 10.0
ASK_AGAIN_SECONDS: Final = 2.0


@click.command()
@click.option("--name", required=True, help="The witness's name, such as a host it belongs to.")
@click.option(
    "--data-dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of its key and of what it has seen.",
)
@click.option("--log", "logs", multiple=True, help="A log's key, as /log/vkey shows it.")
@click.option(
    "--log-at",
    metavar="URL",
    help="Where to read the keys instead, the first time; they are kept, and no others believed.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8410, show_default=True)
@click.option("--show-key", is_flag=True, help="Print the witness's own key and stop.")
def witness(
    *,
    name: str,
    data_dir: Path,
    logs: tuple[str, ...],
    log_at: str | None,
    host: str,
    port: int,
    show_key: bool,
) -> None:
    """Cosign checkpoints of logs at /add-checkpoint, as long as they only grow."""
    if show_key:
        click.echo(_opened(name, data_dir, logs).signer.verifier.vkey)
        return
    if not (logs or log_at):
        raise click.UsageError("Name the log's key with --log, or where it is with --log-at.")
    watched = _opened(name, data_dir, logs or keys_first_seen(data_dir, log_at or ""))
    click.echo(watched.signer.verifier.vkey)
    asyncio.run(_serve(watched, host, port))


def _opened(name: str, data_dir: Path, logs: Sequence[str]) -> Witness:
    try:
        return open_witness(name, data_dir, logs)
    except LogError as refusal:
        raise click.ClickException(refusal.message) from refusal


def keys_first_seen(data_dir: Path, log_at: str) -> list[str]:
    """Return the log's keys as they were when this witness first asked at `log_at`.

    It waits until they are published. A registry that changes its key later has to be believed
    anew by a person, with --log.
    """
    kept = data_dir / KEPT_KEYS
    while not kept.exists():
        try:
            answer = httpx2.get(log_at, timeout=PATIENCE)
        except httpx2.HTTPError:
            answer = None
        if answer is not None and answer.is_success:
            data_dir.mkdir(parents=True, exist_ok=True)
            beside = kept.with_suffix(".unfinished")
            beside.write_text(answer.text)
            beside.replace(kept)
        else:
            click.echo(f"{log_at} does not show a key yet.", err=True)
            time.sleep(ASK_AGAIN_SECONDS)
    return kept.read_text().split("\n")[:-1]


def open_witness(name: str, data_dir: Path, logs: Sequence[str]) -> Witness:
    """Return the witness kept in `data_dir`, made there where there is none. Raises Malformed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    keys = [read_vkey(line) for line in logs]
    return Witness(
        signer=CosignatureSigner(name, start_note_key(data_dir / "witness-key.pem"), WallClock()),
        logs={key.name: [other for other in keys if other.name == key.name] for key in keys},
        path=data_dir / "witness.sqlite",
    )


async def _serve(watched: Witness, host: str, port: int) -> None:
    server = Server(
        witness_app(watched),
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, server.stop)
    await server.serve()
