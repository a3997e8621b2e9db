"""A terminal of an installation, for the commands that are run in it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli import main
from registry.embedded import Services


class Terminal:
    """A terminal of an installation with a database of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def run(self, *words: str) -> Result:
        """Run `registry` with some words."""
        return CliRunner().invoke(main, list(words), env=self.environment)

    def roles(self, *words: str) -> Result:
        """Run `registry roles` with some words."""
        return self.run("roles", *words)

    def held(self) -> list[dict[str, str]]:
        """Return who holds which role."""
        told: list[dict[str, str]] = json.loads(self.roles("list", "--json").output)["roles"]
        return told


@pytest.fixture
def terminal(database_url: str, owner_url: str, services: Services, tmp_path: Path) -> Terminal:
    """Give a terminal whose database is up to date."""
    environment = {
        "REGISTRY_ENVIRONMENT": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_DATABASE_OWNER_URL": owner_url,
        "REGISTRY_REDIS_URL": services.redis_url,
        "REGISTRY_DATA_DIR": str(tmp_path),
    }
    assert CliRunner().invoke(main, ["migrate"], env=environment).exit_code == 0
    return Terminal(environment)
