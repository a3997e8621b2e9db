"""The `registry` command. Each line of the table is one command; its module is read when asked for.

A module here names its own options and calls a use case or starts a process; it decides nothing.
"""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "backup": "registry.cli.backup:backup",
    "clock-play": "registry.cli.play:clock_play",
    "config": "registry.cli.config:config",
    "demo": "registry.cli.demo:demo",
    "doctor": "registry.cli.doctor:doctor",
    "endorse": "registry.cli.endorse:endorse_command",
    "export": "registry.cli.export:export",
    "import": "registry.cli.importing:import_lists",
    "issue-badges": "registry.cli.issue_badges:issue_badges",
    "keys": "registry.cli.keys:keys",
    "log": "registry.cli.log:log",
    "migrate": "registry.cli.migrate:migrate",
    "rehearse": "registry.cli.rehearse:rehearse_command",
    "restore": "registry.cli.backup:restore",
    "roles": "registry.cli.roles:roles",
    "seed": "registry.cli.play:seed",
    "serve": "registry.cli.serve:serve",
    "sweep": "registry.cli.sweep:sweep",
    "verify": "registry.cli.verify:verify",
    "witness": "registry.cli.witness:witness",
    "work": "registry.cli.work:work",
}
"""The name of each command, and where it is written."""


class CommandTable(click.Group):
    """A group whose commands are read from a table when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name every command, without reading any."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Read one command from its module; none where the table has no such name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is no command")
        return command


@click.command(cls=CommandTable)
@click.version_option(package_name="charter-registry")
def main() -> None:
    """Run a public register of anti-racism commitments."""
