"""The audit: a good log is found good, and every edit of it is found out."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from badges.log.audit import AuditReport, LogFolder, Trust, audit_log, open_log
from badges.log.checkpoint import Checkpoint
from badges.log.cosigning import collect_cosignatures
from badges.log.entry import SequencedEvent
from badges.log.errors import LogError, NotInLog
from badges.log.export import export_log
from badges.log.note import CosignatureSigner, Ed25519Signer, read_vkey, sign_note
from badges.log.service import sign_checkpoint
from badges.log.tiles import Bundle, Tile, bundles_of, pack_entries, pack_hashes, tiles_of
from charter.clock import SetClock
from tests.badges.log.logs import NOON, ORIGIN, LogWorld, key, serving
from tests.badges.log.trees import GrownTree

LOG = Ed25519Signer(ORIGIN, key(1))
COSIGNER = CosignatureSigner("lanterns.example/witness", key(2), SetClock(NOON))
TRUST = Trust([LOG.verifier], [COSIGNER.verifier], 1)


def entry(**changes: Any) -> bytes:
    members: dict[str, Any] = {"v": 1, "k": "badge-edition-issued", "t": "2026-11-22T12:00:00Z"}
    return rfc8785.dumps(members | changes)


def write_log(folder: Path, entries: Sequence[bytes]) -> GrownTree:
    """Write a log of `entries` as files, without a database."""
    tree = GrownTree()
    tree.append(*entries)
    files = {Bundle(part.index, part.width).path: b"" for part in bundles_of(tree.size)}
    for part in bundles_of(tree.size):
        files[part.path] = pack_entries(entries[part.first : part.first + part.width])
    for tile in tiles_of(tree.size):
        level, first = tile.first
        files[tile.path] = pack_hashes(
            [
                tree.nodes[tile.first._replace(level=level, position=first + at)]
                for at in range(tile.width)
            ]
        )
    checkpoint = Checkpoint(ORIGIN, tree.size, tree.root(tree.size))
    files["checkpoint"] = str(sign_note(str(checkpoint), [LOG, COSIGNER])).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return tree


ENTRIES = [entry(b="K7P2M9Q4XA", n=number) for number in range(1, 301)]


FILES = [
    "checkpoint",
    *(tile.path for tile in tiles_of(300)),
    *(bundle.path for bundle in bundles_of(300)),
]


async def test_a_good_log_is_found_good(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES)
    report = await audit_log(LogFolder(tmp_path), TRUST)
    assert report.findings == []
    assert report.is_good
    assert (report.entries, report.tiles) == (300, 3)
    assert report.cosigned == {"lanterns.example/witness": "2026-11-22T12:00:00+00:00"}


async def test_an_empty_log_is_good(tmp_path: Path) -> None:
    write_log(tmp_path, [])
    assert (await audit_log(LogFolder(tmp_path), replace(TRUST, quorum=0))).is_good


async def test_every_flipped_bit_of_any_file_is_found(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES)
    chance = random.Random(7)  # noqa: S311 - a test's dice
    files = [tmp_path / name for name in FILES]
    for path in files * 8:
        good = path.read_bytes()
        bad = bytearray(good)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(bad))
        report = await audit_log(LogFolder(tmp_path), TRUST)
        assert not report.is_good, path
        path.write_bytes(good)


async def test_a_missing_file_is_found(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES)
    for path in (Bundle(1, 44).path, Tile(1, 0, 1).path, "checkpoint"):
        (tmp_path / path).rename(tmp_path / "away")
        report = await audit_log(LogFolder(tmp_path), TRUST)
        assert report.findings == [f"The log does not have {path}."]
        (tmp_path / "away").rename(tmp_path / path)


@pytest.mark.parametrize(
    ("bad", "finding"),
    [
        (b"not json", "is not one canonical JSON object"),
        (b"[" * 9000, "is not one canonical JSON object"),
        (b"\xff", "is not one canonical JSON object"),
        (b"[]", "is not one canonical JSON object"),
        (json.dumps({"v": 1, "k": "x"}).encode(), "is not one canonical JSON object"),
        (entry(v=2), "is not one canonical JSON object"),
        (entry(b="K7P2M9Q4XA", n=3), "edition 3 of badge K7P2M9Q4XA follows 1"),
        (entry(b="K7P2M9Q4XA", n=0), "edition 0 of badge K7P2M9Q4XA follows 1"),
        (entry(b="K7P2M9Q4XA", n="2"), "edition 2 of badge K7P2M9Q4XA follows 1"),
    ],
)
async def test_an_entry_of_another_form_or_a_hidden_edition_is_found(
    tmp_path: Path, bad: bytes, finding: str
) -> None:
    write_log(tmp_path, [ENTRIES[0], bad, entry(b="K7P2M9Q4XA", n=1)])
    (found,) = (await audit_log(LogFolder(tmp_path), TRUST)).findings
    assert finding in found


async def test_a_rewritten_history_is_found_by_whoever_kept_a_checkpoint(tmp_path: Path) -> None:
    kept = []
    for size in (1, 200, 256, 299, 300):
        tree = write_log(tmp_path / str(size), ENTRIES[:size])
        kept.append((tmp_path / str(size) / "checkpoint").read_bytes())
        assert tree.size == size
    whole, trust = LogFolder(tmp_path / "300"), replace(TRUST, kept=kept)
    assert (await audit_log(whole, trust)).is_good
    write_log(tmp_path / "rewritten", [ENTRIES[0], entry(k="merged"), *ENTRIES[1:]])
    report = await audit_log(LogFolder(tmp_path / "rewritten"), trust)
    assert [finding.split(" says")[0] for finding in report.findings] == [
        f"A checkpoint kept earlier over {size} entries" for size in (200, 256, 299, 300)
    ]
    shrunk = await audit_log(LogFolder(tmp_path / "299"), trust)
    assert shrunk.findings == ["A checkpoint over 300 entries was kept; the log shrank."]


async def test_a_log_served_over_http_is_audited_by_its_address(tmp_path: Path) -> None:
    write_log(tmp_path, ENTRIES)
    (tmp_path / "tile" / "0" / "index.html").write_text("a folder's page")
    async with serving(tmp_path) as address, open_log(f"{address}/") as site:
        assert (await audit_log(site, TRUST)).findings == []
        assert await site.read("nothing") is None
        with pytest.raises(LogError, match="answered 301"):
            await site.read("tile/0")


async def test_a_log_out_of_reach_is_a_finding(tmp_path: Path) -> None:
    async with open_log(str(tmp_path)) as folder:
        assert folder == LogFolder(tmp_path)
    async with open_log("http://127.0.0.1:9/log/") as site:
        report = await audit_log(site, TRUST)
    assert report.findings == ["http://127.0.0.1:9/log/checkpoint did not answer."]


# --- the registry's own log ------------------------------------------------------------------


@pytest.fixture
async def published(database: str, tmp_path: Path) -> LogWorld:
    assert database
    world = LogWorld(tmp_path)
    await world.append(270)
    await sign_checkpoint(log=world.log)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    return world


async def export_and_audit(world: LogWorld) -> AuditReport:
    folder = world.folder / "export"
    await export_log(folder, keys=world.log.keys, witnesses=[world.witness.verifier])
    keys, witnesses = (
        [read_vkey(line) for line in (folder / name).read_text().splitlines()]
        for name in ("vkey", "witness-vkeys")
    )
    return await audit_log(LogFolder(folder), Trust(keys, witnesses, 1))


async def test_an_exported_log_is_found_good(published: LogWorld) -> None:
    report = await export_and_audit(published)
    assert report.findings == []
    assert report.entries == 270


@pytest.mark.usefixtures("database")
async def test_a_log_that_was_never_signed_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(NotInLog):
        await export_log(tmp_path, keys=[])


async def test_a_growing_log_stays_good(published: LogWorld) -> None:
    for count in (1, 250, 3):
        published.events.committed.append(
            SequencedEvent(
                id=published.events.committed[-1].id + 5, kind="merged", recorded_at=NOON
            )
        )
        await published.append(count)
        published.clock.set(published.clock.at + timedelta(minutes=1))
        await sign_checkpoint(log=published.log)
        await collect_cosignatures(log=published.log, witnesses=[published.witness])
        assert (await export_and_audit(published)).findings == []
