"""`registry migrate`: bring the database's schema up to date."""

import asyncio

import click

from registry import database
from registry.cli.reading import usable_settings
from registry.services import running_services


@click.command()
def migrate() -> None:
    """Bring the database up to date. Running it twice changes nothing."""
    with running_services(usable_settings()) as real:
        asyncio.run(database.migrate(real.database_url))
    click.echo("The database is up to date.")
