"""Settings are read once, checked all at once, and never print a secret."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from registry.cli import COMMANDS, main
from registry.cli.config import settings_table
from registry.contrast import contrast
from registry.services import as_environment, running_services
from registry.settings import (
    STAND_INS,
    Settings,
    SettingsRefused,
    load_settings,
    secret_settings,
    variable,
)

REPOSITORY = Path(__file__).parents[2]
STRONG = "q7Jm2vX9pLr4TzW8sBn5KdY3fHc6GaEe"

PRODUCTION = {
    "REGISTRY_ENVIRONMENT": "production",
    "REGISTRY_PUBLIC_URL": "https://charter.example",
    "REGISTRY_DATABASE_URL": "postgresql://registry:pearls@database/registry",
    "REGISTRY_REDIS_URL": "redis://:pearls@queue:6379/0",
    "REGISTRY_FILES_URL": "s3://evidence",
    "REGISTRY_MAIL_URL": "smtp://mail:25",
    "REGISTRY_SCANNER_URL": "tcp://scanner:3310",
    "REGISTRY_SECRET": STRONG,
    "REGISTRY_HUB_EMAIL": "hub@harbour.example",
}

OWNER = {"REGISTRY_DATABASE_OWNER_URL": "postgresql://owner:pearls@database/registry"}
"""What migrating alone is told."""

SetVariables = Callable[..., None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> SetVariables:
    """Give a way to be in an environment that has exactly these settings."""

    def be_in(variables: dict[str, str]) -> None:
        for name in [name for name in os.environ if name.startswith("REGISTRY_")]:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return be_in


def test_an_empty_environment_is_production_and_names_all_that_it_lacks(
    environment: SetVariables,
) -> None:
    environment({})
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    services = {variable(name) for name in STAND_INS}
    others = {"REGISTRY_SECRET", "REGISTRY_PUBLIC_URL", "REGISTRY_HUB_EMAIL"}
    assert set(refusal.value.problems) == services | others


def test_a_demo_needs_no_setting_but_its_name(environment: SetVariables) -> None:
    environment({"REGISTRY_ENVIRONMENT": "demo"})
    settings = load_settings()
    assert not settings.in_production
    assert settings.database_url == "embedded://"


def test_production_with_every_service_is_accepted(environment: SetVariables) -> None:
    environment(PRODUCTION)
    assert load_settings().in_production


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"REGISTRY_ENVIRONMENT"}))
def test_production_refuses_to_start_without(name: str, environment: SetVariables) -> None:
    environment({key: value for key, value in PRODUCTION.items() if key != name})
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    assert set(refusal.value.problems) == {name}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("REGISTRY_DATABASE_URL", "sqlite:///here", "must begin with one of: postgresql://"),
        ("REGISTRY_MAIL_URL", "outbox://", "must be set in production"),
        ("REGISTRY_PUBLIC_URL", "http://charter.example", "https"),
        ("REGISTRY_PUBLIC_URL", "https://charter.example/register", "without path"),
        ("REGISTRY_DATABASE_OWNER_URL", "owner@database", "must begin with postgresql://"),
        ("REGISTRY_PUBLIC_URL", "charter.example", "must begin with https://"),
        ("REGISTRY_SECRET", "a" * 64, "drawn by chance"),
        ("REGISTRY_SECRET", "short", "32 characters"),
        ("REGISTRY_LINK_COLOUR", "#ffee88", "contrast of 1.2:1"),
        ("REGISTRY_BRAND_TEXT_COLOUR", "#000000", "needs 4.5:1"),
        ("REGISTRY_LINK_COLOUR", "yellow", "such as #5b2a86"),
        ("REGISTRY_WEB_PORT", "70000", "less than or equal to 65535"),
        ("REGISTRY_ENVIRONMENT", "staging", "'demo', 'development' or 'production'"),
        ("REGISTRY_DATABSE_URL", "postgresql://", "did you mean REGISTRY_DATABASE_URL?"),
        ("REGISTRY_SECRET_FILE", "/run/secrets/secret", "REGISTRY_SECRET is set too"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_reason(
    name: str, value: str, sentence: str, environment: SetVariables
) -> None:
    environment(PRODUCTION | {name: value})
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    assert list(refusal.value.problems) == [name]
    assert sentence in refusal.value.problems[name]


@pytest.mark.parametrize("name", secret_settings())
def test_a_secret_can_come_from_a_file(
    name: str, environment: SetVariables, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    given = PRODUCTION | OWNER
    file.write_text(given.get(variable(name), "[]") + "\n")
    rest = {key: value for key, value in given.items() if key != variable(name)}
    environment(given)
    straight = load_settings()
    environment(rest | {f"{variable(name)}_FILE": str(file)})
    assert getattr(load_settings(), name) == getattr(straight, name)


def test_a_secret_file_that_is_missing_is_named(environment: SetVariables) -> None:
    environment({"REGISTRY_ENVIRONMENT": "demo", "REGISTRY_SECRET_FILE": "/nowhere/secret"})
    with pytest.raises(SettingsRefused, match="REGISTRY_SECRET_FILE: names a file"):
        load_settings()


def test_settings_given_to_another_process_are_the_same_there(environment: SetVariables) -> None:
    provider = {
        "id": "council",
        "name": "Harbour Council",
        "issuer": "https://people.harbour.example",
        "client_id": "charter",
        "client_secret": "pearls",
    }
    environment(
        PRODUCTION
        | {"REGISTRY_OIDC_PROVIDERS": json.dumps([provider])}
        | {"REGISTRY_TRUSTED_PROXIES": '["10.0.0.1"]'}
    )
    settings = load_settings()
    environment(as_environment(settings))
    assert load_settings() == settings


def test_no_process_that_serves_is_told_how_to_own_the_tables(environment: SetVariables) -> None:
    environment(PRODUCTION | OWNER)
    settings = load_settings()
    assert settings.owner_url == OWNER["REGISTRY_DATABASE_OWNER_URL"]
    environment(as_environment(settings))
    assert load_settings().owner_url == settings.database_url


def test_no_secret_is_printed(environment: SetVariables) -> None:
    environment(PRODUCTION | OWNER)
    printed = CliRunner().invoke(main, ["config", "check"])
    assert printed.exit_code == 0
    assert "REGISTRY_HUB_EMAIL=hub@harbour.example" in printed.output
    for word in ("pearls", STRONG):
        assert word not in printed.output + repr(load_settings())


def test_the_check_fails_with_every_problem_and_no_value(environment: SetVariables) -> None:
    environment({"REGISTRY_DATABASE_URL": "mysql://user:pearls@host", "REGISTRY_SECRET": "pearls"})
    printed = CliRunner().invoke(main, ["config", "check", "--json"])
    assert printed.exit_code == 1
    problems = json.loads(printed.output)["problems"]
    assert len(problems) > 5
    assert "pearls" not in printed.output


def test_stand_ins_become_real_addresses(environment: SetVariables, open_folder: Path) -> None:
    environment({"REGISTRY_ENVIRONMENT": "demo"})
    demo = load_settings().model_copy(update={"data_dir": open_folder / "data"})
    with running_services(demo) as settings:
        assert asyncio.run(answer_of(settings.database_url)) == 1
        assert settings.redis_url.startswith("unix://")
        assert settings.files_url == f"file://{open_folder}/data/files"
        assert settings.mail_url == "outbox://"
        drawn = settings.secret.get_secret_value()
    assert len(drawn) > 32
    assert (open_folder / "data" / "secret").stat().st_mode & 0o077 == 0
    with running_services(demo) as again:
        assert again.secret.get_secret_value() == drawn


def test_named_services_are_left_as_they_are(environment: SetVariables) -> None:
    environment(PRODUCTION)
    settings = load_settings()
    with running_services(settings) as running:
        assert running == settings


def test_every_setting_is_documented() -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text()
    assert settings_table() in page, "put the output of `registry config describe` there"
    assert all(field.description for field in Settings.model_fields.values())


def test_every_command_of_the_table_explains_itself() -> None:
    for name in COMMANDS:
        printed = CliRunner().invoke(main, [name, "--help"])
        assert printed.exit_code == 0
        assert printed.output.count("\n") > 4
    assert CliRunner().invoke(main, ["no-such-command"]).exit_code == 2


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


async def answer_of(database_url: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        answer: int = await connection.fetchval("SELECT 1")
        return answer
    finally:
        await connection.close()
