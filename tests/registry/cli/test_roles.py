"""Who works for the hub, from the command line."""

from tests.registry.cli.conftest import Terminal

HEAD = "head@hub.example"


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
