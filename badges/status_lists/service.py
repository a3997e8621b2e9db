"""Use cases of status lists: giving an edition its place, and signing the lists anew."""

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


async def take_place(tx: Ledger) -> tuple[int, int]:
    """Return a list and a free index on it, and count it as issued.

    The place is the caller's once its edition is saved; the row lock keeps others waiting.
    """
    open_list = await _lock_open_list()
    await StatusList.update({StatusList.issued: StatusList.issued + 1}).where(
        StatusList.number == open_list.number,
    )
    while await _is_taken(open_list.number, index := draw_index(tx.scheme.chance)):
        continue
    return open_list.number, index


async def _lock_open_list() -> StatusList:
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


async def _is_taken(number: int, index: int) -> bool:
    here = (Edition.status_list == number) & (Edition.status_index == index)
    return await Edition.exists().where(here)


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
