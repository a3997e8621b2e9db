"""Use cases of status lists: giving editions their places, and signing the lists anew."""

import msgspec

from badges.credentials.facts import Issuer
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.keys import Signers
from badges.status_lists.bits import ENTRIES, draw_index
from badges.status_lists.document import build_status_list
from badges.tables import Edition, StatusList
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme

MOST_ISSUED = ENTRIES // 2
"""A fuller list is closed: a free place is then still found within two draws on average."""


async def take_places(tx: Ledger, open_list: StatusList, count: int) -> list[int]:
    """Return `count` free indexes on the list that was locked, and count them as issued.

    The places are the caller's once its editions are saved.
    """
    await StatusList.update({StatusList.issued: StatusList.issued + count}).where(
        StatusList.number == open_list.number,
    )
    free: list[int] = []
    while len(free) < count:
        drawn = {draw_index(tx.scheme.chance): None for _ in range(count - len(free))}
        taken = {*free, *await _taken(open_list.number, list(drawn))}
        free += [index for index in drawn if index not in taken]
    return free


async def lock_open_list() -> StatusList:
    """Return the list that new editions stand on, and keep every other signer waiting for it."""
    newest_first = StatusList.objects().order_by(StatusList.number, ascending=False)
    while True:
        newest = await newest_first.lock_rows("UPDATE").first()
        if newest is not None and newest.issued < MOST_ISSUED:
            return newest
        following = StatusList(number=newest.number + 1 if newest else 1)
        await StatusList.insert(following).on_conflict(
            target=StatusList.number,
            action="DO NOTHING",
        )


async def _taken(number: int, indexes: list[int]) -> list[int]:
    here = (Edition.status_list == number) & Edition.status_index.is_in(indexes)
    rows = await Edition.select(Edition.status_index).where(here)
    return [row["status_index"] for row in rows]


async def sign_status_lists(scheme: Scheme, *, issuer: Issuer, signers: Signers) -> int:
    """Sign every list as it stands now, in both forms; return how many there are.

    For each hour and after each revocation. A revocation that commits while a list is being
    signed has left work of its own in the outbox, so it is never missed.
    """
    async with transaction(scheme) as tx:
        lists = await StatusList.objects().order_by(StatusList.number).lock_rows("UPDATE")
        for row in lists:
            await _sign(tx, row.number, issuer, signers)
        return len(lists)


async def _sign(tx: Ledger, number: int, issuer: Issuer, signers: Signers) -> None:
    here = (Edition.status_list == number) & Edition.revoked_at.is_not_null()
    revoked = await Edition.select(Edition.status_index).where(here)
    indexes = [row["status_index"] for row in revoked]
    unsigned = build_status_list(number, indexes, issuer=issuer, at=tx.now)
    sealed = with_proof(unsigned, signer=signers.embedded, at=tx.now)
    await StatusList.update(
        {
            StatusList.credential: msgspec.json.encode(sealed),
            StatusList.revoked: len(indexes),
            StatusList.jwt: as_token(unsigned, signer=signers.token),
            StatusList.signed_at: tx.now,
            StatusList.valid_until: unsigned.valid_until,
        },
    ).where(StatusList.number == number)
