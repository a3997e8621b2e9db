"""`registry config`: whether the settings are fit to start with, and what they mean."""

import json
import sys

import click

from registry.settings import (
    Settings,
    SettingsRefused,
    file_variable,
    is_secret,
    load_settings,
    variable,
)

HIDDEN = "(hidden)"


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(*, as_json: bool) -> None:
    """Read the settings as the registry would, and say all that is wrong with them."""
    try:
        settings = load_settings()
    except SettingsRefused as refusal:
        if as_json:
            click.echo(json.dumps({"ok": False, "problems": refusal.problems}, indent=2))
        else:
            for name, sentence in refusal.problems.items():
                click.echo(f"{name} {sentence}", err=True)
        sys.exit(1)
    values = settings_in_words(settings)
    if as_json:
        click.echo(json.dumps({"ok": True, "settings": values}, indent=2))
    else:
        for name, value in values.items():
            click.echo(f"{name}={value}")


@config.command()
def describe() -> None:
    """Print the table of all settings, as it stands in docs/settings.md."""
    click.echo(settings_table())


def settings_in_words(settings: Settings) -> dict[str, str]:
    """Return each variable with its value; secrets hidden, where they are not a default."""
    return {
        variable(name): HIDDEN
        if is_secret(field) and getattr(settings, name) != field.default
        else str(getattr(settings, name))
        for name, field in Settings.model_fields.items()
    }


def settings_table() -> str:
    """Write the table of all settings in Markdown."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        names = f"`{variable(name)}`"
        if is_secret(field):
            names += f" or `{file_variable(name)}`"
        unset = field.default in (None, (), "") or not str(field.default)
        default = "" if unset else f"`{field.default}`"
        lines.append(f"| {names} | {default} | {field.description} |")
    return "\n".join(lines)
