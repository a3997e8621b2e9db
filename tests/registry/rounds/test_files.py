"""A file stays in quarantine until it was looked at; it leaves it safe, or refused (rule 17)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from charter.evidence.public_copies import copies_of, find_published_copy, send_public_copy
from charter.evidence.rules import NewItem
from charter.evidence.service import add_item
from charter.evidence.tables import EvidenceItem
from registry.adapters.mailers import OutboxMailer
from registry.adapters.object_store import ObjectStore, object_store_from_url
from registry.adapters.scanner import EICAR_FILE, CouldNotCheck, Finding, scanner_from_url
from registry.doors import Doors
from registry.rounds.files import check_quarantined_files
from tests.charter.reviews.stage import Stage
from tests.registry.adapters.files.samples import CANARY, pdf


@dataclass
class AbsentScanner:
    """Could not check anything."""

    asked: list[Path] = field(default_factory=list)

    async def scan(self, file: Path) -> Finding:
        self.asked.append(file)
        return CouldNotCheck("nobody answers")


@dataclass
class Desk:
    """Harbour Lights with an upload in quarantine, and the doors of a worker."""

    stage: Stage
    doors: Doors

    async def upload(self, content: bytes, *, keep: bool = True) -> UUID:
        stored = await self.doors.files.put(content)
        if not keep:
            await self.doors.files.delete(stored.digest)
        item = NewItem(
            kind="file", label="Count of panels", size=stored.size, sha256=stored.digest,
            media_type="application/pdf",
        )  # fmt: skip
        return await add_item(
            self.stage.world.scheme,
            organisation=self.stage.organisation,
            pledge=1,
            milestone=1,
            item=item,
        )

    async def check(self, doors: Doors | None = None) -> int:
        return await check_quarantined_files(self.stage.world.scheme, doors or self.doors)

    async def row(self, item: UUID) -> Mapping[str, object]:
        [row] = await EvidenceItem.select().where(EvidenceItem.id == item)
        return dict(row)


@pytest.fixture
def files() -> ObjectStore:
    return object_store_from_url("memory://")


@pytest.fixture
async def desk(files: ObjectStore, database: str) -> Desk:  # noqa: ARG001 the database is opened
    doors = Doors(OutboxMailer(), files, scanner_from_url("builtin://"))
    return Desk(await Stage().set(), doors)


class TestQuarantine:
    async def test_ends_with_a_safe_copy_that_is_stored(self, desk: Desk) -> None:
        item = await desk.upload(pdf(script=True))
        assert await desk.check() == 1
        row = await desk.row(item)
        assert (row["state"], row["media_type"]) == ("safe", "application/pdf")
        copy = await desk.doors.files.read(str(row["safe_sha256"]))
        assert copy.startswith(b"%PDF")
        assert CANARY.encode() not in copy
        assert await desk.check() == 0

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (EICAR_FILE, "file-has-virus"),
            (b"MZ" + b"\0" * 60, "file-wrong-type"),
            (pdf(locked=True), "file-password-protected"),
        ],
        ids=["a virus", "a program", "a locked file"],
    )
    async def test_ends_with_a_reason(self, desk: Desk, content: bytes, code: str) -> None:
        item = await desk.upload(content)
        assert await desk.check() == 1
        row = await desk.row(item)
        assert (row["state"], row["refusal"], row["safe_sha256"]) == ("refused", code, "")

    async def test_lasts_while_nobody_can_look_for_viruses(self, desk: Desk) -> None:
        item = await desk.upload(pdf())
        absent = AbsentScanner()
        assert await desk.check(Doors(desk.doors.mailer, desk.doors.files, absent)) == 0
        assert len(absent.asked) == 1
        assert (await desk.row(item))["state"] == "quarantined"

    async def test_ends_with_a_reason_where_the_file_is_gone(self, desk: Desk) -> None:
        item = await desk.upload(pdf(), keep=False)
        assert await desk.check() == 1
        assert (await desk.row(item))["refusal"] == "file-not-uploaded"


class TestPublicCopy:
    async def send(self, desk: Desk, content: bytes) -> UUID:
        await desk.stage.report()
        item = await EvidenceItem.objects().first()
        assert item is not None
        stored = await desk.doors.files.put(content)
        return await send_public_copy(
            desk.stage.world.scheme,
            organisation=desk.stage.organisation,
            item=item.id,
            file=NewItem("file", "Minutes without names", sha256=stored.digest, size=stored.size),
        )

    async def test_is_published_as_the_copy_that_was_made_safe(self, desk: Desk) -> None:
        copy = await self.send(desk, pdf(script=True))
        assert await desk.check() == 1
        found = await find_published_copy(desk.stage.organisation, copy)
        assert found is not None
        assert CANARY.encode() not in await desk.doors.files.read(found.safe_sha256)

    async def test_with_a_virus_is_never_published(self, desk: Desk) -> None:
        await self.send(desk, EICAR_FILE)
        assert await desk.check() == 1
        [seen] = await copies_of(desk.stage.organisation)
        assert (seen.state, seen.refusal) == ("refused", "file-has-virus")
