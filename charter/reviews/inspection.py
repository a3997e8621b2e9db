"""Opening a sealed list of eligible auditors: to the inspector whom the pack names (rule 20).

Auditors stand in it by number: who they are stays sealed. Each opening is a public event.
"""

from dataclasses import dataclass
from uuid import UUID

from charter.errors import FieldError, InvalidInput, NotFound
from charter.ledger import transaction
from charter.reviews import drawing
from charter.reviews.cases import public_owner
from charter.reviews.tables import Case, SealedList
from charter.scheme import Scheme

WHY = ("after-a-complaint", "yearly-check", "by-lot")
"""Why a sealed list is opened; the reason is public."""


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list as it was sealed before its draw, with everything that repeats the draw.

    `passed_over` are the places the seed drew before the last seat and that got none, because a
    tie had become known meanwhile. `is_true` says that list and salt give the published digest,
    and that the places drawn are those the seed draws.
    """

    auditors: tuple[UUID, ...]
    salt: str
    digest: str
    seed: str
    positions: tuple[int, ...]
    passed_over: tuple[int, ...]
    is_true: bool


async def open_sealed_lists(scheme: Scheme, *, case: int, why: str) -> tuple[OpenedList, ...]:
    """Open every list a case was drawn from, in public. Raises `NotFound` and `InvalidInput`."""
    if why not in WHY:
        raise InvalidInput(
            "Choose why you open it.", errors=[FieldError("why", "Choose why. It is published.")]
        )
    async with transaction(scheme) as tx:
        row = await Case.objects().where(Case.number == case).first()
        lists = (
            await SealedList.objects()
            .where((SealedList.case == row.id) & SealedList.drawn_at.is_not_null())
            .order_by(SealedList.sealed_at)
            if row
            else []
        )
        if row is None or not lists:
            raise NotFound("No seat of such a case was drawn yet.")
        tx.record(
            "sealed-list-opened",
            {"case": row.number, "why": why},
            organisation=public_owner(row),
            by="inspector",
        )
        return tuple(_open(each) for each in lists)


def _open(row: SealedList) -> OpenedList:
    positions = tuple(row.positions or ())
    seed = row.seed or b""
    order = drawing.order_of_draw(drawing.seed_of_case(seed, row.digest), len(row.auditors))
    reached = max((order.index(place) for place in positions), default=-1)
    passed = tuple(place for place in order[: reached + 1] if place not in positions)
    drawn = drawing.draw(
        drawing.seed_of_case(seed, row.digest), row.auditors, len(positions), passed_over=passed
    )
    sealed = drawing.seal(row.salt, [auditor.bytes for auditor in row.auditors])
    return OpenedList(
        auditors=tuple(row.auditors),
        salt=row.salt.hex(),
        digest=row.digest.hex(),
        seed=seed.hex(),
        positions=positions,
        passed_over=passed,
        is_true=sealed == row.digest and drawn == list(positions),
    )
