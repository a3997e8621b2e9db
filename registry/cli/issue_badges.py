"""`registry issue-badges`: sign at once whatever waits for a signature."""

import asyncio
import json

import click

from badges.keys import UnusableKey
from badges.log.errors import SigningRefused
from registry.bootstrap import bootstrap
from registry.database import open_database
from registry.proofs.desk import open_proof_desk
from registry.proofs.log import append_events, sign_log
from registry.proofs.signing import publish_public_keys, sign_due_badges, sign_stale_lists
from registry.services import running_services
from registry.settings import Settings, load_settings


@click.command("issue-badges")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def issue_badges(*, as_json: bool) -> None:
    """Sign keys, lists, badges and the log as the worker would; running it twice signs once."""
    try:
        counts = asyncio.run(_issue(load_settings()))
    except (SigningRefused, UnusableKey) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        click.echo(json.dumps(counts, indent=2))
        return
    click.echo(f"Badges signed: {counts['badges']}. Log entries added: {counts['entries']}.")


async def _issue(settings: Settings) -> dict[str, int]:
    with running_services(settings) as real:
        registry = bootstrap(real)
        async with open_database(real.database_url):
            desk = open_proof_desk(real, registry.scheme)
            await publish_public_keys(desk)
            await sign_stale_lists(desk)
            badges = await sign_due_badges(desk)
            await sign_stale_lists(desk)
            entries = await append_events(registry.scheme)
            await sign_log(desk)
    return {"badges": badges, "entries": entries}
