"""`registry roles`: who works for the hub. The first steward of an installation is made here."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from charter.errors import CharterError
from registry.accounts.desk import Desk
from registry.accounts.roles import HUB_ROLES, end_role, grant_role, holders_of
from registry.accounts.service import account_for, email_of
from registry.bootstrap import bootstrap
from registry.cli.reading import usable_settings
from registry.database import open_database
from registry.services import running_services

T = TypeVar("T")

ROLE = click.argument("role", type=click.Choice(sorted(HUB_ROLES)))


@click.group()
def roles() -> None:
    """Say who works for the hub. Nobody with such a role can set a standing."""


@roles.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_roles(*, as_json: bool) -> None:
    """Name everybody who holds a role in the hub, by role and address."""
    held = _at_the_desk(_held)
    if as_json:
        click.echo(json.dumps({"roles": held}, indent=2))
        return
    for row in held:
        click.echo(f"{row['role']:<14} {row['email']}")


@roles.command()
@ROLE
@click.argument("email")
def grant(role: str, email: str) -> None:
    """Give the person at EMAIL a role; they sign in with that address. Twice changes nothing."""

    async def act(desk: Desk) -> None:
        await grant_role(desk, account=await account_for(desk, email=email), role=role)

    _at_the_desk(act)
    click.echo(f"{email} holds the role {role}.")


@roles.command()
@ROLE
@click.argument("email")
def end(role: str, email: str) -> None:
    """Take a role from the person at EMAIL, from their next click on."""

    async def act(desk: Desk) -> None:
        await end_role(desk, account=await account_for(desk, email=email), role=role)

    _at_the_desk(act)
    click.echo(f"{email} does not hold the role {role}.")


async def _held(desk: Desk) -> list[dict[str, str]]:
    return [
        {"role": role, "email": await email_of(desk, account=account) or ""}
        for role in sorted(HUB_ROLES)
        for account in await holders_of(role)
    ]


def _at_the_desk(act: Callable[[Desk], Awaitable[T]]) -> T:
    """Do something at the desk of the installation that the settings name."""
    with running_services(usable_settings()) as real:
        desk = bootstrap(real).desk

        async def acted() -> T:
            async with open_database(real.database_url):
                return await act(desk)

        try:
            return asyncio.run(acted())
        except CharterError as refusal:
            raise click.ClickException(refusal.message) from refusal
