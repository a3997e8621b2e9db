"""`registry serve`: the web processes, on granian."""

import click
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import MPServer

from registry.cli.reading import usable_settings
from registry.services import hand_down, running_services
from registry.settings import Settings

APPLICATION = "registry.serving:application"
"""Read by each process that granian starts, by its name: a command line never imports the web."""

STOP_SECONDS = 10
"""How long requests under way may still take when a process is asked to stop."""


@click.command()
@click.option("--host", help="The address to listen on; REGISTRY_WEB_HOST otherwise.")
@click.option("--port", type=int, help="The port to listen on; REGISTRY_WEB_PORT otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the register's pages until told to stop."""
    given = {"web_host": host, "web_port": port}
    settings = usable_settings(**{name: value for name, value in given.items() if value})
    with running_services(settings) as real:
        hand_down(real)
        web_server(real).serve()


def web_server(settings: Settings, application: str = APPLICATION) -> MPServer:
    """Return the server of the web processes; they read their settings from the environment."""
    return MPServer(
        application,
        factory=True,
        address=settings.web_host,
        port=settings.web_port,
        interface=Interfaces.ASGI,
        workers=settings.web_processes,
        loop=Loops.uvloop,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
