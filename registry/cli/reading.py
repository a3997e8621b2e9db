"""Reading the settings for a command: refused ones end it with a sentence each."""

import os

import click

from registry.settings import Settings, SettingsRefused, load_settings, variable

PRODUCTION = "production"
"""What an installation is that names nothing else."""


def usable_settings(**given: object) -> Settings:
    """Return the settings of the environment, or end the command with all that is wrong."""
    try:
        return load_settings(**given)
    except SettingsRefused as refusal:
        raise click.ClickException(f"the settings cannot be used\n{refusal}") from None


def refuse_in_production(what: str) -> None:
    """End the command where this installation is a production one, or says nothing else."""
    named = os.environ.get(variable("environment"))
    if (named or PRODUCTION) == PRODUCTION:
        raise click.ClickException(
            f"{what} is refused in production; set {variable('environment')} to development"
        )
