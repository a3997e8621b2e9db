"""A registry with keys of its own, Harbour Lights in it, and the worker's desk beside it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from badges.key_file import generate_keys, write_keys
from charter.clock import SetClock
from registry.bootstrap import Registry, bootstrap
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.settings import Settings
from tests.registry.web.conftest import SECRET
from tests.registry.web.proof.proving import Harbour
from tests.world import World

NOW = datetime.now(UTC).replace(microsecond=0)
"""The real present: other people's verifiers have no clock that can be set."""


@pytest.fixture
def clock() -> SetClock:
    """Hold the hands of the clock, set to the real present."""
    return SetClock(NOW)


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make keys once: an RSA key takes its time."""
    path = tmp_path_factory.mktemp("keys") / "signing-keys.json"
    write_keys(generate_keys(datetime(2020, 1, 1, tzinfo=UTC)), path)
    return path


@pytest.fixture
def registry(clock: SetClock, database: str, tmp_path: Path, made_keys: Path) -> Registry:
    """Build what a running process holds, on the test's own database and key folder."""
    folder = tmp_path / "keys"
    folder.mkdir()
    shutil.copy(made_keys, folder)
    settings = Settings(
        environment="development",
        database_url=database,
        secret=SecretStr(SECRET),
        signing_key_file=folder / made_keys.name,
    )
    return bootstrap(settings, clock=clock)


@pytest.fixture
def desk(registry: Registry) -> ProofDesk:
    """Open the worker's desk."""
    return open_proof_desk(registry.settings, registry.scheme)


@pytest.fixture
def harbour(registry: Registry, clock: SetClock, desk: ProofDesk) -> Harbour:
    """Say how Harbour Lights comes to a badge and loses it again."""
    world = World(clock=clock)
    world.scheme = registry.scheme
    return Harbour(world, desk)
