"""`registry migrate`: bring the database's schema up to date."""

import asyncio

import click
from asyncpg import InsufficientPrivilegeError

from registry import database
from registry.cli.reading import usable_settings
from registry.services import running_services
from registry.settings import variable


@click.command()
def migrate() -> None:
    """Bring the database up to date, and give the application's role its rights.

    Running it twice changes nothing.
    """
    with running_services(usable_settings()) as real:
        try:
            asyncio.run(database.migrate(real.owner_url, application_url=real.database_url))
        except InsufficientPrivilegeError as fault:
            owner = variable("database_owner_url")
            raise click.ClickException(
                f"{fault}; set {owner} to the address of the role that owns the tables"
            ) from fault
    click.echo("The database is up to date.")
