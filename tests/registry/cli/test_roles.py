"""Who works for the hub, from the command line."""

from tests.registry.cli.conftest import Terminal

HEAD = "head@hub.example"


<<<<<<< HEAD
class Terminal:
    """A terminal of an installation with a database of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def roles(self, *words: str) -> Result:
        """Run `registry roles` with some words."""
        return CliRunner().invoke(main, ["roles", *words], env=self.environment)

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


=======
>>>>>>> e82b0c4 (Rehearse other rules before they bite, and fold four times as fast)
def test_the_first_steward_of_an_installation_is_made_here(terminal: Terminal) -> None:
    assert terminal.held() == []
    for _ in range(2):
        done = terminal.roles("grant", "steward", " Head@Hub.example ")
        assert done.exit_code == 0, done.output
    assert terminal.held() == [{"role": "steward", "email": HEAD}]
    assert terminal.roles("list").output == f"steward        {HEAD}\n"


def test_a_role_ends_and_the_others_stay(terminal: Terminal) -> None:
    for role in ("steward", "payment"):
        terminal.roles("grant", role, HEAD)
    assert terminal.roles("end", "steward", HEAD).exit_code == 0
    assert terminal.held() == [{"role": "payment", "email": HEAD}]


def test_only_roles_of_the_hub_are_given_and_only_to_an_address(terminal: Terminal) -> None:
    assert terminal.roles("grant", "auditor", HEAD).exit_code == 2
    refused = terminal.roles("grant", "steward", "nobody")
    assert refused.exit_code == 1
    assert "Error: " in refused.output
    assert terminal.held() == []
