"""The log, audited by code that is not ours: Go's checksum-database packages."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from badges.log import queries
from badges.log.checkpoint import Checkpoint, write_hash
from badges.log.export import export_log
from badges.log.note import sign_note
from registry.database import open_database
from registry.embedded import Services
from tests.badges.log.logs import ORIGIN, LogWorld, serving
from tests.conftest import as_application, new_database

SIZES = [1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 511, 512, 513, 1000]
DEBIAN_GO_PATH = Path("/usr/share/gocode")
NEEDS_GO = (
    "needs Go and its package golang.org/x/mod/sumdb "
    "(on Debian: apt-get install golang-go golang-golang-x-mod-dev)"
)


@pytest.fixture(scope="session")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the independent auditor, or skip saying what is missing."""
    go = shutil.which("go")
    if go is None or not (DEBIAN_GO_PATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip(NEEDS_GO)
    folder = tmp_path_factory.mktemp("go")
    program = folder / "independent"
    subprocess.run(  # noqa: S603 - our own program
        [go, "build", "-o", program, Path(__file__).parent / "independent" / "main.go"],
        check=True,
        env=os.environ
        | {"GO111MODULE": "off", "GOPATH": str(DEBIAN_GO_PATH), "GOCACHE": str(folder / "cache")},
    )
    return program


def run(program: Path, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [program, *arguments], check=False, capture_output=True, text=True
    )


async def audit(program: Path, *arguments: Path | str) -> dict[str, Any]:
    done = await asyncio.to_thread(run, program, *arguments)
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)
    return counts


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="session")
async def published_once(
    services: Services, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> LogWorld:
    """Publish a log at each of `SIZES`, and keep every checkpoint and many proofs beside it."""
    world = LogWorld(tmp_path_factory.mktemp("published"))
    async with (
        new_database(services.owner_url, template=migrated_template) as url,
        open_database(as_application(url)),
    ):
        for size in SIZES:
            await publish(world, size)
        witnesses = [world.witness.verifier]
        await export_log(world.folder / "log", keys=world.log.keys, witnesses=witnesses)
    return world


@pytest.fixture
def published(published_once: LogWorld, tmp_path: Path) -> LogWorld:
    """Lend a copy of that log, to be spoilt."""
    shutil.copytree(published_once.folder, tmp_path, dirs_exist_ok=True)
    return LogWorld(tmp_path)


async def publish(world: LogWorld, size: int) -> None:
    beside = world.folder / "beside"
    await world.append(size - len(world.events.committed))
    await world.sign_and_cosign()
    checkpoint = await queries.newest_checkpoint()
    assert checkpoint is not None
    write(beside / "earlier" / str(size), checkpoint.note)
    for index in {0, size // 2, size - 1}:
        name = f"proofs/{size}-{index}"
        write(beside / f"{name}.tlog-proof", str(await queries.tlog_proof(index, extra=b"salt")))
        write(beside / f"{name}.entry", await queries.entry_at(index))
    for old in SIZES[: SIZES.index(size) + 1]:
        hashes = await queries.consistency_proof(old, size)
        write(beside / "consistency" / f"{old}-{size}", "\n".join(map(write_hash, hashes)))


async def test_the_log_is_good_in_the_eyes_of_another_s_code(
    auditor: Path, published: LogWorld
) -> None:
    counts = await audit(auditor, published.folder / "log", published.folder / "beside")
    assert counts == {
        "size": 1000,
        "entries": 1000,
        "tiles": 5,
        "earlier": len(SIZES),
        "consistency": len(SIZES) * (len(SIZES) + 1) // 2,
        "proofs": len(list((published.folder / "beside" / "proofs").glob("*.entry"))),
    }
    async with serving(published.folder / "log") as address:
        assert (await audit(auditor, address))["entries"] == 1000


Spoil = Callable[[LogWorld], None]


def flip(path: str, at: int) -> Spoil:
    def spoil(world: LogWorld) -> None:
        raw = bytearray((world.folder / path).read_bytes())
        raw[at] ^= 1
        (world.folder / path).write_bytes(bytes(raw))

    return spoil


def replace_in(path: str, old: str, new: str) -> Spoil:
    def spoil(world: LogWorld) -> None:
        text = (world.folder / path).read_text()
        assert old in text
        (world.folder / path).write_text(text.replace(old, new, 1))

    return spoil


def forget_the_witness(world: LogWorld) -> None:
    path = world.folder / "log" / "checkpoint"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))


def show_another_face(world: LogWorld) -> None:
    """Sign, and have cosigned by a careless witness, another root for a size published before."""
    forked = Checkpoint(ORIGIN, 257, bytes(32))
    signers = [*world.log.signers, world.witness.witness.signer]
    write(world.folder / "beside" / "earlier" / "257", str(sign_note(str(forked), signers)))


def swap_proofs(world: LogWorld) -> None:
    proofs = world.folder / "beside" / "proofs"
    (proofs / "512-0.entry").write_bytes((proofs / "512-256.entry").read_bytes())


@pytest.mark.parametrize(
    "spoil",
    [
        flip("log/tile/entries/002", 40),
        flip("log/tile/entries/003.p/232", -1),
        flip("log/tile/0/001", 500),
        flip("log/tile/1/000.p/3", 0),
        replace_in("log/checkpoint", "\n1000\n", "\n999\n"),
        replace_in("log/vkey", "+", "+0"),
        forget_the_witness,
        show_another_face,
        swap_proofs,
        replace_in("beside/proofs/512-256.tlog-proof", "index 256", "index 255"),
        flip("beside/proofs/1000-500.entry", 20),
        flip("beside/consistency/7-1000", 0),
    ],
    ids=lambda spoil: getattr(spoil, "__name__", ""),
)
async def test_a_spoilt_log_is_not_good_in_the_eyes_of_another_s_code(
    auditor: Path, published: LogWorld, spoil: Spoil
) -> None:
    spoil(published)
    log, beside = published.folder / "log", published.folder / "beside"
    assert (await asyncio.to_thread(run, auditor, log, beside)).returncode == 1
