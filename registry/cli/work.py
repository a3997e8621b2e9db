"""`registry work`: one worker process."""

import runpy

import click

from registry.cli.reading import usable_settings
from registry.services import hand_down, running_services

WORKER = "workers"
"""The package that is run, by its name: a command line imports no job."""


@click.command()
def work() -> None:
    """Look after what is due until told to stop: letters, rounds, files, badges, the log."""
    with running_services(usable_settings()) as real:
        hand_down(real)
        runpy.run_module(WORKER, run_name="__main__")
