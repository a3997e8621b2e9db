"""What an operator watches: ages, lateness and counts on a private port, never a person."""

import re
from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from charter.clock import SetClock
from charter.ledger import transaction
from charter.obligations.service import open_obligation
from charter.organisations.tables import Organisation
from registry.accounts.security import DENIED, note
from registry.accounts.service import account_for
from registry.bootstrap import Registry, bootstrap
from registry.demo.household import free_port
from registry.embedded import Services
from registry.metrics import MEASURES, write_metrics
from registry.settings import Settings
from tests.charter.acting import published
from tests.registry.web.people import world_of
from tests.world import START
from workers.metrics import answer_to, serving_metrics

SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@pytest.fixture
def clock() -> SetClock:
    """Hold the hands of the clock."""
    return SetClock(START)


@pytest.fixture
async def registry(database: str, services: Services, clock: SetClock) -> Registry:
    """Give a registry with one organisation and one late hub."""
    settings = Settings(
        environment="development",
        database_url=database,
        redis_url=services.redis_url,
        metrics_port=free_port(),
        secret=SecretStr("a secret of the tests, long enough to derive keys from"),
    )
    made = bootstrap(settings, clock=clock)
    world = world_of(made, clock)
    await published(world)
    async with transaction(made.scheme) as tx:
        await open_obligation(tx, "group-check", organisation=None)
    account = await account_for(made.desk, email="edi-lead@harbour-lights.example")
    await note(made.desk, DENIED, account=account, detail="hub.today.today_page")
    world.pass_days(40)
    return made


def samples(text: str) -> dict[str, float]:
    """Return the numbers of an answer, by name and labels."""
    return {
        f"{name} {labels}".strip(): float(number) for name, labels, number in SAMPLE.findall(text)
    }


async def test_every_number_is_told_and_none_fails(registry: Registry) -> None:
    told = samples((await write_metrics(registry)).decode())
    for measure in MEASURES:
        assert told[f'registry_scrape_failed number="{measure.name}"'] == 0, measure.name
    assert told['registry_organisations standing="on-track"'] == 1
    assert told['registry_hub_late kind="group-check"'] == 1
    assert told['registry_hub_late_days kind="group-check"'] > 0
    assert told["registry_outbox_age_seconds"] > 0
    assert told["registry_log_behind"] == told["registry_events"] > 0


async def test_no_number_tells_of_a_person_or_an_organisation(registry: Registry) -> None:
    text = (await write_metrics(registry)).decode()
    [row] = await Organisation.select(Organisation.id, Organisation.name, Organisation.slug)
    for secret in (str(row["id"]), row["name"], row["slug"], "edi-lead", "hub.today"):
        assert secret not in text


async def test_what_is_away_is_said_and_the_rest_is_told(registry: Registry) -> None:
    away = replace(
        registry, settings=registry.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    )
    told = samples((await write_metrics(away)).decode())
    assert told['registry_scrape_failed number="registry_queue_age_seconds"'] == 1
    assert "registry_queue_age_seconds" not in told
    assert told["registry_events"] > 0


async def test_the_numbers_are_served_on_a_port_of_their_own(registry: Registry) -> None:
    settings = registry.settings
    assert settings.metrics_host == "127.0.0.1"
    async with (
        serving_metrics(registry),
        serving_metrics(registry),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.metrics_port}") as client,
    ):
        answer = await client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert "registry_outbox_age_seconds" in answer.text
        assert (await client.head("/metrics")).content == b""
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405


@pytest.mark.parametrize("head", [b"", b"\r\n\r\n", b"\xff\xfe \x00", b"GET", b"GET /metricsx "])
async def test_whatever_is_asked_else_is_not_there(registry: Registry, head: bytes) -> None:
    assert (await answer_to(head, registry)).startswith(b"HTTP/1.1 404 ")
