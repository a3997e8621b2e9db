"""`registry doctor`: how everything that this installation depends on is doing."""

import asyncio
import json
import sys
from dataclasses import asdict

import click

from registry.bootstrap import bootstrap
from registry.cli.reading import usable_settings
from registry.database import open_database
from registry.health import QUESTIONS, Health, examine
from registry.services import running_services
from registry.settings import Settings


@click.command()
@click.option("--only", "names", multiple=True, help="Ask after this one only; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(names: tuple[str, ...], *, as_json: bool) -> None:
    """Ask after every dependency: state, version, age. Fails where one is down."""
    unknown = sorted(set(names) - set(QUESTIONS))
    if unknown:
        raise click.BadParameter(f"there is no {', '.join(unknown)}; choose {', '.join(QUESTIONS)}")
    with running_services(usable_settings()) as real:
        health = asyncio.run(_examined(real))
    if names:
        health = Health([finding for finding in health.findings if finding.name in names])
    if as_json:
        findings = [asdict(finding) for finding in health.findings]
        click.echo(json.dumps({"well": health.well, "findings": findings}, indent=2))
    else:
        for finding in health.findings:
            age = "never" if finding.age_seconds is None else f"{finding.age_seconds} s ago"
            words = (f"{finding.name:<10}{finding.state:<10}", age, finding.version, finding.detail)
            click.echo("  ".join(word for word in words if word))
    sys.exit(0 if health.well else 1)


async def _examined(settings: Settings) -> Health:
    try:
        async with open_database(settings.database_url):
            return await examine(bootstrap(settings))
    except OSError as fault:
        raise click.ClickException(f"the database does not answer: {fault}") from fault
