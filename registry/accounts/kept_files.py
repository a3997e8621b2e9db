"""A file that came with a form which could not be taken in: no browser can choose it again.

It waits on the page of its form, for its sender alone, until the form is taken in, the file is
left out, or nobody came back for it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.accounts.desk import Desk
from registry.accounts.parked import KEPT
from registry.accounts.tables import KeptFile


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits: the digest of its bytes, how many there are, and since when."""

    sha256: str
    size: int
    is_table: bool
    kept_at: datetime


async def keep_file(desk: Desk, *, account: UUID, page: str, file: Waiting) -> None:
    """Keep a file on a page, in place of the one before."""
    await KeptFile.raw(
        "INSERT INTO kept_file (account, page, sha256, size, is_table, kept_at)"
        " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (account, page) DO UPDATE SET"
        " sha256 = EXCLUDED.sha256, size = EXCLUDED.size, is_table = EXCLUDED.is_table,"
        " kept_at = EXCLUDED.kept_at",
        *(account, page, file.sha256, file.size, file.is_table, desk.now()),
    )


async def find_file(*, account: UUID, page: str) -> Waiting | None:
    """Return the file that waits for somebody on a page, or None."""
    row = (
        await KeptFile.objects()
        .where((KeptFile.account == account) & (KeptFile.page == page))
        .first()
    )
    return None if row is None else Waiting(row.sha256, row.size, row.is_table, row.kept_at)


async def let_go(*, account: UUID, page: str) -> None:
    """Forget what waits on a page: its form was taken in, or the file was left out."""
    await KeptFile.delete().where((KeptFile.account == account) & (KeptFile.page == page))


async def waits_elsewhere(sha256: str) -> bool:
    """Say whether the same bytes wait on some page."""
    waits: bool = await KeptFile.exists().where(KeptFile.sha256 == sha256)
    return waits


async def forget_old(desk: Desk) -> tuple[str, ...]:
    """Forget files that nobody came back for, and return their digests."""
    old = KeptFile.kept_at <= desk.now() - KEPT
    rows = await KeptFile.select(KeptFile.sha256).where(old)
    await KeptFile.delete().where(old)
    return tuple(sorted({row["sha256"] for row in rows}))
