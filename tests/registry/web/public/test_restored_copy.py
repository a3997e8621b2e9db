"""A restored copy of the register serves the same public JSON as the register itself."""

import tarfile
from pathlib import Path

import asyncpg
import msgspec
import pytest

from registry.adapters.object_store import ObjectStore, object_store_from_url
from registry.backup import MANIFEST, BackupRefused, Place, back_up, read_manifest, restore
from registry.database import migrate
from registry.embedded import Services
from tests.conftest import as_application, new_database
from tests.registry.web.public.conftest import Lived, opened
from tests.registry.web.public.test_addresses import SLUG

PUBLIC = (
    "/organisations.json",
    f"/organisations/{SLUG}.json",
    f"/organisations/{SLUG}/standing.json",
    f"/organisations/{SLUG}/history.json",
    "/late.json",
    "/statistics.json",
)

EVIDENCE = b"Minutes of a meeting, as a file."


def store_in(folder: Path) -> ObjectStore:
    return object_store_from_url(f"file://{folder}")


@pytest.fixture
async def backed_up(lived: Lived, tmp_path: Path) -> Path:
    """Back the town up, with one file in its store."""
    files = store_in(tmp_path / "files")
    await files.put(EVIDENCE)
    target = tmp_path / "town.tar"
    await back_up(Place(lived.url, files), target, made_at=lived.ended_at, release="test")
    return target


async def public_json(lived: Lived, url: str) -> dict[str, object]:
    async with opened(lived, url) as town:
        return {path: await town.json(path) for path in PUBLIC}


async def test_a_restored_copy_serves_the_same_public_json(
    lived: Lived, services: Services, backed_up: Path, tmp_path: Path
) -> None:
    files = store_in(tmp_path / "restored")
    async with new_database(services.owner_url) as url:
        manifest = await restore(Place(url, files), backed_up)
        await migrate(url, application_url=as_application(url))
        assert await public_json(lived, url) == await public_json(lived, lived.url)
    assert manifest.rows["event"] > 10
    assert [await files.read(digest) for digest in manifest.files] == [EVIDENCE]


async def test_a_restored_copy_still_refuses_to_change_its_past(
    services: Services, backed_up: Path, tmp_path: Path
) -> None:
    async with new_database(services.owner_url) as url:
        await restore(Place(url, store_in(tmp_path / "restored")), backed_up)
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("DELETE FROM event")
        await connection.close()


async def test_only_an_empty_database_is_restored_into(
    lived: Lived, backed_up: Path, tmp_path: Path
) -> None:
    with pytest.raises(BackupRefused, match="not empty"):
        await restore(Place(lived.url, store_in(tmp_path / "restored")), backed_up)


async def test_a_backup_is_never_overwritten(lived: Lived, backed_up: Path, tmp_path: Path) -> None:
    place = Place(lived.url, store_in(tmp_path / "files"))
    with pytest.raises(BackupRefused, match="never overwritten"):
        await back_up(place, backed_up, made_at=lived.ended_at, release="test")


@pytest.fixture
def damaged(backed_up: Path, tmp_path: Path) -> Path:
    """Change some letters inside a backup."""
    copy = tmp_path / "damaged.tar"
    copy.write_bytes(backed_up.read_bytes().replace(EVIDENCE, EVIDENCE.upper()))
    return copy


async def test_a_damaged_file_is_found_and_nothing_of_the_database_is_restored(
    services: Services, backed_up: Path, damaged: Path, tmp_path: Path
) -> None:
    async with new_database(services.owner_url) as url:
        place = Place(url, store_in(tmp_path / "restored"))
        with pytest.raises(BackupRefused, match="is damaged in the backup"):
            await restore(place, damaged)
        assert (await restore(place, backed_up)).files


def test_what_is_no_backup_is_refused_by_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"anything")
    with pytest.raises(BackupRefused, match="is no backup"):
        read_manifest(other)
    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass
    with pytest.raises(BackupRefused, match=f"lacks {MANIFEST}"):
        read_manifest(tmp_path / "empty.tar")


async def test_a_backup_of_another_format_is_refused(backed_up: Path, tmp_path: Path) -> None:
    newer = msgspec.structs.replace(read_manifest(backed_up), format=2)
    content = tmp_path / MANIFEST
    content.write_bytes(msgspec.json.encode(newer))
    with tarfile.open(tmp_path / "newer.tar", "w") as tar:
        tar.add(content, MANIFEST)
    with pytest.raises(BackupRefused, match="another release"):
        read_manifest(tmp_path / "newer.tar")
