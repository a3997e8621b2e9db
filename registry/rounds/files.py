"""Checking the files that wait in quarantine (rule 17).

A file leaves quarantine in one of two ways: as a safe copy that was stored before the row says
so, or refused with a code whose sentence the sender reads. Where nobody could look for viruses it
stays where it is, and the next round tries again.
"""

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from charter.evidence.public_copies import is_unused, publish_public_copy, refuse_public_copy
from charter.evidence.service import mark_item_safe, refuse_item
from charter.evidence.tables import EvidenceItem, PublicCopy
from charter.scheme import Scheme
from registry.accounts import kept_files
from registry.accounts.desk import Desk
from registry.adapters.files.kinds import Refusal, RefusalCode, SafeCopy
from registry.adapters.files.pipeline import make_safe
from registry.adapters.object_store import FileMissing, ObjectStore
from registry.adapters.scanner import CouldNotCheck, Found
from registry.doors import Doors

MOST_AT_ONCE = 50

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in quarantine, whatever it waits for, and what is done once it was looked at."""

    id: UUID
    sha256: str
    label: str
    pass_on: Callable[[Scheme, UUID, str, str], Awaitable[None]]
    refuse: Callable[[Scheme, UUID, str], Awaitable[None]]


async def check_quarantined_files(scheme: Scheme, doors: Doors) -> int:
    """Check the files that have waited longest; return how many left quarantine."""
    waiting = [*await _items(), *await _copies()]
    return sum([await _check(scheme, doors, each) for each in waiting])


async def forget_kept_files(desk: Desk, files: ObjectStore) -> int:
    """Delete files that waited beside a form nobody came back to; return how many."""
    gone = [
        digest
        for digest in await kept_files.forget_old(desk)
        if await is_unused(digest) and not await kept_files.waits_elsewhere(digest)
    ]
    for digest in gone:
        await files.delete(digest)
    return len(gone)


async def _items() -> list[Waiting]:
    rows = (
        await EvidenceItem.select(EvidenceItem.id, EvidenceItem.sha256, EvidenceItem.label)
        .where((EvidenceItem.kind == "file") & (EvidenceItem.state == "quarantined"))
        .order_by(EvidenceItem.uploaded_at)
        .limit(MOST_AT_ONCE)
    )
    return [Waiting(**row, pass_on=_pass_item, refuse=_refuse_item) for row in rows]


async def _copies() -> list[Waiting]:
    rows = (
        await PublicCopy.select(PublicCopy.id, PublicCopy.sha256, PublicCopy.label)
        .where(PublicCopy.state == "quarantined")
        .order_by(PublicCopy.sent_at)
        .limit(MOST_AT_ONCE)
    )
    return [Waiting(**row, pass_on=_publish_copy, refuse=_refuse_copy) for row in rows]


async def _pass_item(scheme: Scheme, item: UUID, digest: str, media_type: str) -> None:
    await mark_item_safe(scheme, item=item, safe_sha256=digest, media_type=media_type)


async def _refuse_item(scheme: Scheme, item: UUID, code: str) -> None:
    await refuse_item(scheme, item=item, code=code)


async def _publish_copy(scheme: Scheme, copy: UUID, digest: str, media_type: str) -> None:
    await publish_public_copy(scheme, copy=copy, safe_sha256=digest, media_type=media_type)


async def _refuse_copy(scheme: Scheme, copy: UUID, code: str) -> None:
    await refuse_public_copy(scheme, copy=copy, code=code)


async def _check(scheme: Scheme, doors: Doors, waiting: Waiting) -> bool:
    """Check one file; say whether it left quarantine."""
    verdict = await check_file(doors, waiting.sha256, name=waiting.label)
    if verdict is None:
        return False
    if isinstance(verdict, Refusal):
        await waiting.refuse(scheme, waiting.id, verdict.code)
        return True
    stored = await doors.files.put(verdict.content)
    await waiting.pass_on(scheme, waiting.id, stored.digest, verdict.media_type)
    return True


async def check_file(doors: Doors, digest: str, *, name: str = "") -> SafeCopy | Refusal | None:
    """Return a safe copy of a stored file, why there is none, or None: ask again later."""
    with tempfile.TemporaryDirectory(prefix="registry-check-") as folder:
        original = Path(folder, "original")
        try:
            await _fetch(doors.files, digest, original)
        except FileMissing:
            return Refusal.because(RefusalCode.NOT_UPLOADED)
        finding = await doors.scanner.scan(original)
        if isinstance(finding, CouldNotCheck):
            _log.warning("file could not be checked", digest=digest, why=finding.why)
            return None
        if isinstance(finding, Found):
            _log.warning("virus found", digest=digest, virus=finding.name)
            return Refusal.because(RefusalCode.HAS_VIRUS)
        verdict = await make_safe(original, name=name)
    if isinstance(verdict, Refusal) and verdict.code is RefusalCode.NOT_UPLOADED:
        return None
    return verdict


async def _fetch(files: ObjectStore, digest: str, target: Path) -> None:
    with target.open("wb") as out:
        async for piece in files.open(digest):
            out.write(piece)
