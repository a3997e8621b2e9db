"""What is deployed is what the code says: commands, ports, settings, addresses and users."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from litestar import Litestar

from registry.cli import main
from registry.grants import role_of
from registry.health import QUESTIONS
from registry.settings import PREFIX, Settings, file_variable, secret_settings, variable
from registry.web.cookies import SESSION, cookie_name
from registry.web.routes import HANDLERS

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if "charter-registry" in each["image"]}
SET_UP = {name: each for name, each in OURS.items() if name != "witness"}
ASKED_FOR = re.compile(r"\$\{([A-Z_]+)(:[?-][^}]*)?\}")

FILLED_IN = {
    "REGISTRY_SECRET": "q7Jm2vX9pLr4TzW8sBn5KdY3fHc6GaEe",
    "POSTGRES_PASSWORD": "pearls",
    "APPLICATION_PASSWORD": "pearls",
    "VALKEY_PASSWORD": "pearls",
    "STORE_PASSWORD": "pearls",
    "TLS_FOLDER": "/etc/tls",
    "REGISTRY_WITNESSES": "",
}


def example() -> dict[str, str]:
    """Return .env.example as somebody who fills it in would leave it."""
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value or FILLED_IN[name] for name, value in given.items()}


def environment_of(service: str) -> dict[str, str]:
    """Return the environment of a service, with the variables of the example put in."""
    known = example()
    return {
        name: ASKED_FOR.sub(lambda found: known[found[1]], str(value))
        for name, value in SERVICES[service].get("environment", {}).items()
    }


def settings_of(service: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in environment_of(service).items():
        monkeypatch.setenv(name, value)
    return Settings()


def words_of(command: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that a line of words names, and the words after it."""
    context = click.Context(main)
    _, command_found, rest = main.resolve_command(context, command[1:])
    assert command_found is not None, command
    return command_found, rest


def test_the_services_promised_are_all_there() -> None:
    promised = {"postgres", "valkey", "migrate", "web", "worker", "nginx", "store", "clamav"}
    assert promised | {"witness"} <= SERVICES.keys()
    assert {name for name, each in SERVICES.items() if each.get("profiles")} == {"mail-catcher"}
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"] == "valkey/valkey:9"


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_ours_exists_and_takes_these_words(name: str) -> None:
    command, rest = words_of(OURS[name]["command"])
    command.make_context("registry", list(rest))


def test_the_doctor_is_asked_after_somebody_it_knows() -> None:
    check = SERVICES["worker"]["healthcheck"]["test"]
    command, rest = words_of(check[1:])
    context = command.make_context("doctor", list(rest))
    assert set(context.params["names"]) <= QUESTIONS.keys()


@pytest.mark.parametrize("name", SET_UP)
def test_every_setting_is_one_and_production_accepts_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {variable(each) for each in Settings.model_fields}
    known |= {file_variable(each) for each in secret_settings()}
    given = {each for each in environment_of(name) if each.startswith(PREFIX)}
    assert given <= known
    settings = settings_of(name, monkeypatch)
    assert settings.in_production


def test_addresses_lead_to_services_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of("worker", monkeypatch)
    assert "@postgres:5432/" in settings.database_url
    assert "@valkey:6379/" in settings.redis_url
    assert settings.files_url.endswith("http://store:9000")
    assert settings.scanner_url == "tcp://clamav:3310"
    assert "/files/evidence" in " ".join(SERVICES["store"]["entrypoint"])


def test_nginx_and_the_checks_ask_the_web_process_where_it_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = settings_of("web", monkeypatch).web_port
    assert SERVICES["web"]["expose"] == [str(port)]
    assert f"127.0.0.1:{port}/health/live" in SERVICES["web"]["healthcheck"]["test"][-1]
    assert f"server web:{port};" in (DEPLOY / "nginx.conf").read_text()
    assert f"EXPOSE {port}" in (DEPLOY / "Dockerfile").read_text()


def test_only_nginx_is_published_and_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published.pop("mail-catcher") == ["127.0.0.1:8025:8025"]
    assert published == {"nginx": ["80:8080", "443:8443"]}
    [subnet] = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert settings_of("web", monkeypatch).trusted_proxies == (subnet["subnet"],)
    assert COMPOSE["networks"]["inside"]["internal"]
    on_front = {name for name, each in SERVICES.items() if "front" in each["networks"]}
    assert on_front == {"web", "nginx"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_may_become_more_than_it_is(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("root", "0")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only") or name == "clamav"


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate"}))
def test_whatever_keeps_running_is_looked_after(name: str) -> None:
    assert "healthcheck" in SERVICES[name]
    assert SERVICES[name].get("restart") == "always" or SERVICES[name]["profiles"]


def test_the_witness_knows_nothing_of_the_registry_but_what_everybody_can_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert environment_of("witness") == {}
    assert SERVICES["witness"]["volumes"] == ["witness:/witness"]
    command, rest = words_of(OURS["witness"]["command"])
    given = command.make_context("witness", list(rest)).params
    assert given["log_at"] == f"http://web:{settings_of('web', monkeypatch).web_port}/log/vkey"
    assert str(given["port"]) in SERVICES["witness"]["healthcheck"]["test"][-1]
    assert (
        f'"address": "http://witness:{given["port"]}"' in (REPOSITORY / ".env.example").read_text()
    )
    witnesses = json.dumps([{"address": "http://witness:8410", "key": "w+0123abcd+AAAA"}])
    monkeypatch.setenv("REGISTRY_WITNESSES", witnesses)
    assert [each.address for each in Settings().witnesses] == ["http://witness:8410"]


def test_only_the_worker_sees_the_private_keys() -> None:
    keepers = {
        name
        for name, each in SERVICES.items()
        if any(str(volume).startswith("keys:") for volume in each.get("volumes", ()))
    }
    assert keepers == {"worker"}
    holders = {name for name in OURS if "REGISTRY_SIGNING_KEY_FILE" in environment_of(name)}
    assert holders == {"worker"}


def test_only_migrating_is_done_by_the_owner_of_the_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owners = {name for name in OURS if "REGISTRY_DATABASE_OWNER_URL" in environment_of(name)}
    assert owners == {"migrate"}
    settings = settings_of("migrate", monkeypatch)
    assert role_of(settings.owner_url) == SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    assert role_of(settings.database_url) != role_of(settings.owner_url)


def test_every_volume_is_named_and_used() -> None:
    used = {
        volume.split(":")[0]
        for each in SERVICES.values()
        for volume in each.get("volumes", ())
        if not volume.startswith((".", "$"))
    }
    assert used == set(COMPOSE["volumes"])


def test_every_variable_asked_for_is_in_the_example_and_the_other_way_round() -> None:
    text = (REPOSITORY / "docker-compose.yml").read_text()
    assert {found[1] for found in ASKED_FOR.finditer(text)} == example().keys()


def test_the_queue_drops_nothing_and_survives_a_restart() -> None:
    lines = (DEPLOY / "valkey.conf").read_text().splitlines()
    directives = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    assert directives["appendonly"] == "yes"
    assert directives["appendfsync"] == "everysec"
    assert directives["maxmemory-policy"] == "noeviction"
    assert "--requirepass" in SERVICES["valkey"]["command"][-1]


def test_nginx_keeps_pages_of_nobody_who_is_signed_in() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    pattern = re.search(r'"~(.+session=)" 1;', text)
    assert pattern is not None
    for secure in (True, False):
        assert re.search(pattern[1], f"a=b; {cookie_name(SESSION, secure=secure)}=x")
    assert "proxy_cache_use_stale error" in text
    assert text.count("{") == text.count("}")


def test_nginx_knows_the_addresses_it_treats_apart() -> None:
    routes = {route.path for route in Litestar(HANDLERS, openapi_config=None).routes}
    text = (DEPLOY / "nginx.conf").read_text()
    for place in ("/concerns/", "/static/", "/health/ready"):
        assert place in text
        assert any(path.startswith(place) for path in routes), place


def test_the_image_is_made_from_files_that_are_here() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, flags=re.MULTILINE)
    files = [name for line in copied for name in line.split() if name != "."]
    assert files
    assert [name for name in files if not (REPOSITORY / name).exists()] == []
    assert "USER 10001" in text
    allowed = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in files} <= set(allowed)
