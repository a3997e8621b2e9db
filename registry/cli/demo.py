"""`registry demo`: an invented region on embedded services, with everything that runs it."""

import asyncio
import os
import signal
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click
from asyncpg import DuplicateTableError

from badges.log.note import Ed25519Signer
from registry import database
from registry.bootstrap import bootstrap
from registry.cli.play import last_instant
from registry.cli.progress import Progress
from registry.cli.reading import PRODUCTION, usable_settings
from registry.cli.witness import open_witness
from registry.database import open_database
from registry.demo.cast import the_cast
from registry.demo.household import (
    POLL_SECONDS,
    Household,
    Resident,
    free_port,
    is_taken,
    open_household,
)
from registry.demo.region import play_region, start_over
from registry.demo.state import PlayState, play_state
from registry.demo.welcome import welcome
from registry.embedded import DataFolderInUse
from registry.proofs.issuer import log_origin
from registry.proofs.key_folder import key_folder
from registry.services import environment_around, running_services
from registry.setting_values import LogWitness
from registry.settings import Settings, variable

SEED = 2026
"""Fixes codes, salts and order of the play, never keys."""

PAGES_SECONDS = 20.0
"""How long the web process may take to listen before we go on without it."""

WITNESS = "witness.demo.example"


@click.command()
@click.option("--port", type=int, default=8400, show_default=True, help="The web port.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of everything the demonstration keeps.  [default: data/demo-PORT]",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Play until the end of this day, not until now; the worker then catches up.",
)
def demo(port: int, data_dir: Path | None, as_of: datetime | None) -> None:
    """Play an invented region and serve it, with a worker and a witness, until Ctrl-C."""
    if os.environ.get(variable("environment")) == PRODUCTION:
        raise click.ClickException("a demonstration is refused in production")
    folder = data_dir or Path("data") / f"demo-{port}"
    settings = usable_settings(
        environment="demo",
        data_dir=folder,
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
        log_format="text",
    )
    if is_taken(settings.web_host, port):
        raise click.ClickException(f"port {port} is taken; choose another with --port")
    require_same_address(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running_services(settings) as real:
            _run(real, as_of.date() if as_of else None)
    except DataFolderInUse:
        raise click.ClickException(f"another demonstration runs on {folder}") from None
    except KeyboardInterrupt:
        click.echo("\nStopped. What was done is kept.")


def require_same_address(settings: Settings) -> None:
    """Keep a region at the address it was played at: its badges and its log name it."""
    kept = settings.data_dir / "address"
    if kept.exists() and kept.read_text() != settings.public_url:
        raise click.ClickException(
            f"the region in {settings.data_dir} was played at {kept.read_text()}; "
            "start it there, or give another --data-dir"
        )
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(settings.public_url)


def _run(real: Settings, as_of: date | None) -> None:
    """Bring up the household in order: schema, witness, pages, the play, and then the worker."""
    state = asyncio.run(_prepared(real))
    witness_port = free_port()
    witnessed, witness = _with_witness(real, witness_port)
    with open_household(environment_around(witnessed), real.data_dir / "logs") as household:
        household.move_in(witness)
        household.move_in(Resident("web", ("serve",)))
        _await_pages(real)
        if state is PlayState.NOTHING:
            click.echo(f"Pages are served at {real.public_url}/ already; the play fills them.")
            asyncio.run(_play(witnessed, household, as_of))
        household.move_in(Resident("worker", ("work",)))
        for line in welcome(real.public_url, the_cast()):
            click.echo(line)
        _keep_going(household)


async def _prepared(real: Settings) -> PlayState:
    """Bring the schema up to date; return what the database holds, never a broken-off play."""
    try:
        await database.migrate(real.owner_url, application_url=real.database_url)
    except DuplicateTableError:
        raise click.ClickException(
            f"the data in {real.data_dir} are of an unreleased version; remove the folder"
        ) from None
    async with open_database(real.database_url):
        state = await play_state()
    if state is PlayState.FOREIGN:
        raise click.ClickException("the database holds organisations that no play brought")
    if state is PlayState.BROKEN_OFF:
        click.echo("The last play was broken off; it begins again.")
        await start_over(real.owner_url, real.data_dir)
        await database.migrate(real.owner_url, application_url=real.database_url)
        return PlayState.NOTHING
    return state


def _with_witness(real: Settings, port: int) -> tuple[Settings, Resident]:
    """Return settings that ask a witness of our own, and that witness."""
    folder = real.data_dir / "witness"
    log_key = Ed25519Signer(log_origin(real), key_folder(real).start_log_key()).verifier.vkey
    key = open_witness(WITNESS, folder, (log_key,)).signer.verifier.vkey
    asked = LogWitness(address=f"http://127.0.0.1:{port}", key=key)
    words = ("witness", "--name", WITNESS, "--data-dir", str(folder), "--log", log_key)
    resident = Resident("witness", (*words, "--port", str(port)))
    return real.model_copy(update={"witnesses": (asked,)}), resident


async def _play(settings: Settings, household: Household, as_of: date | None) -> None:
    registry = bootstrap(settings)
    now = datetime.now(UTC)
    until = min(now, last_instant(as_of, registry.scheme.pack.zone)) if as_of else now
    progress = Progress("Playing the region")
    async with open_database(settings.database_url):
        async for played in play_region(registry, until=until, seed=SEED):
            progress.tell(played.number, played.of, f"{played.day:%d %B %Y}")
            household.look_after()
    progress.end()


def _await_pages(real: Settings) -> None:
    """Wait until the web process listens, or long enough for its log to say why it does not."""
    deadline = time.monotonic() + PAGES_SECONDS
    while not is_taken(real.web_host, real.web_port) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _keep_going(household: Household) -> None:
    while True:
        for name in household.look_after():
            click.echo(f"The {name} ended and was started again; see {household.log_of(name)}")
        time.sleep(POLL_SECONDS)
