"""Commands that look after a database: migrate, sweep, clock-play, seed, doctor."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli import COMMANDS, main
from registry.demo.company import company_of
from registry.embedded import Services
from registry.rounds.table import ROUNDS
from tests.world import the_pack

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, owner_url: str, services: Services, tmp_path: Path) -> Run:
    """Give a way to run a command on a database and folder of the test's own."""
    environment = {
        "REGISTRY_ENVIRONMENT": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_DATABASE_OWNER_URL": owner_url,
        "REGISTRY_REDIS_URL": services.redis_url,
        "REGISTRY_DATA_DIR": str(tmp_path),
    }

    def run_command(*words: str, **changes: str | None) -> Result:
        return CliRunner().invoke(main, words, env=environment | changes)

    return run_command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"])
    assert told.exit_code == 0
    assert len(told.output.splitlines()) > 4


def test_migrating_twice_changes_nothing(run: Run) -> None:
    for _ in range(2):
        done = run("migrate")
        assert done.exit_code == 0, done.output
        assert done.output == "The database is up to date.\n"


def test_a_sweep_walks_every_round_once(run: Run) -> None:
    done = run("sweep", "--as-of", "2026-03-29", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"rounds": [each.name for each in ROUNDS]}


def test_the_first_days_of_a_region_can_be_played(run: Run) -> None:
    done = run("clock-play", "--from", "2026-03-01", "--to", "2026-03-02", "--json")
    assert done.exit_code == 0, done.output
    # All have applied; the hub takes some days to accept them, and nobody has a standing before.
    assert json.loads(done.output) == {"standings": {}}
    refused = run("seed", "--organisations", "1")
    assert refused.exit_code == 1
    assert "is not empty" in refused.output


def test_open_data_is_written_with_its_description_beside_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    done = run("export", str(folder), "--json")
    assert done.exit_code == 0, done.output
    sizes = json.loads(done.output)["files"]
    assert sizes == {path.name: path.stat().st_size for path in folder.iterdir()}
    package = json.loads((folder / "datapackage.json").read_text())
    assert {each["path"] for each in package["resources"]} < sizes.keys()


def test_time_runs_forwards_only(run: Run) -> None:
    refused = run("clock-play", "--from", "2026-03-02", "--to", "2026-03-01")
    assert refused.exit_code == 2
    assert "--to is before --from" in refused.output


@pytest.mark.parametrize(
    "words",
    [
        ("clock-play", "--from", "2026-03-01", "--to", "2026-03-02"),
        ("seed", "--organisations", "1"),
        ("sweep", "--as-of", "2026-03-01"),
    ],
)
@pytest.mark.parametrize("environment", ["production", None])
def test_no_day_but_today_is_played_in_production(
    run: Run, words: tuple[str, ...], environment: str | None
) -> None:
    refused = run(*words, REGISTRY_ENVIRONMENT=environment)
    assert refused.exit_code == 1
    assert "is refused in production" in refused.output


def test_the_doctor_fails_where_no_worker_walks(run: Run) -> None:
    told = run("doctor", "--json")
    assert told.exit_code == 1
    answer = json.loads(told.output)
    states = {finding["name"]: finding["state"] for finding in answer["findings"]}
    assert not answer["well"]
    assert (states["database"], states["valkey"], states["worker"]) == ("up", "up", "down")


def test_a_company_of_any_size_is_the_same_each_time_and_has_no_name_twice() -> None:
    region = the_pack().region
    company = company_of(2000, region).organisation
    assert company == company_of(2000, region).organisation
    assert company[:10] == company_of(10, region).organisation
    assert (
        len({each.name for each in company}) == len({each.identifier for each in company}) == 2000
    )
    assert {each.sector for each in company} == {sector.id for sector in region.sectors}
