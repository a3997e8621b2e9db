"""`registry witness`: a tiny witness of a public log, for anybody to run.

It keeps a key and a small database of its own, and needs nothing of the registry it watches.
"""

import asyncio
import signal
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server.embed import Server

from badges.log.errors import LogError
from badges.log.note import CosignatureSigner, read_vkey
from badges.log.witness import Witness, witness_app
from charter.clock import WallClock
from registry.proofs.key_folder import start_note_key


@click.command()
@click.option("--name", required=True, help="The witness's name, such as a host it belongs to.")
@click.option(
    "--data-dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of its key and of what it has seen.",
)
@click.option(
    "--log", "logs", multiple=True, required=True, help="A log's key, as /log/vkey shows it."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8410, show_default=True)
@click.option("--show-key", is_flag=True, help="Print the witness's own key and stop.")
def witness(
    name: str, data_dir: Path, logs: tuple[str, ...], host: str, port: int, *, show_key: bool
) -> None:
    """Cosign checkpoints of logs at /add-checkpoint, as long as they only grow."""
    try:
        watched = open_witness(name, data_dir, logs)
    except LogError as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(watched.signer.verifier.vkey)
    if not show_key:
        asyncio.run(_serve(watched, host, port))


def open_witness(name: str, data_dir: Path, logs: tuple[str, ...]) -> Witness:
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
