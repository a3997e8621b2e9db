"""Use case of register numbers: a wrong one is put right, and who it is is shown again (row 16)."""

from datetime import datetime
from uuid import UUID

import msgspec

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput
from charter.history.tables import Event
from charter.ledger import Ledger, transaction
from charter.organisations.identity import already_registered
from charter.organisations.proofs import ask_for_proof_again
from charter.organisations.rules import check_identifiers, normalise_identifier
from charter.organisations.tables import Identifier
from charter.scheme import Scheme

Pair = tuple[str, str]
"""An org-id.guide scheme, and the identifier in it."""


async def change_identifiers(
    scheme: Scheme, *, organisation: UUID, identifiers: tuple[Pair, ...]
) -> None:
    """Let an organisation carry these numbers from now on, in public.

    A number it gives up may be carried by whoever it belongs to. Once accepted, it shows again who
    it is, and a steward looks at it (row 16). A past day still reads the old ones. Raises
    `InvalidInput` and `AlreadyRegistered`.
    """
    errors = check_identifiers(identifiers, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    asked = {(register, normalise_identifier(number)) for register, number in identifiers}
    with refuse_when_taken(organisation_identifier_once=already_registered()):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            was = await carried(organisation)
            if was == asked:
                return
            for register, number in sorted(was - asked):
                await _set(organisation, register, number, released=True)
            for register, number in sorted(asked - was):
                await _carry(organisation, register, number)
            if body.state == "accepted":
                await _tell(tx, organisation, was, asked)


async def carried(organisation: UUID) -> set[Pair]:
    """Return the numbers that an organisation carries now."""
    rows = await Identifier.objects().where(
        (Identifier.organisation == organisation) & Identifier.released.eq(False)  # noqa: FBT003 - the value compared
    )
    return {(row.scheme, row.identifier) for row in rows}


async def identifiers_on(organisation: UUID, at: datetime) -> list[Pair] | None:
    """Return what an organisation carried at an instant; None where nothing changed since."""
    changed = (
        await Event.objects()
        .where(
            (Event.organisation == organisation)
            & (Event.kind == "identifiers-changed")
            & (Event.recorded_at > at)
        )
        .order_by(Event.id)
        .first()
    )
    if changed is None:
        return None
    facts = msgspec.json.decode(changed.data)
    return [(register, number) for register, _, number in map(_parted, facts["was"])]


async def _carry(organisation: UUID, register: str, number: str) -> None:
    same = (
        (Identifier.organisation == organisation)
        & (Identifier.scheme == register)
        & (Identifier.identifier == number)
    )
    if await Identifier.exists().where(same):
        await _set(organisation, register, number, released=False)
    else:
        await Identifier(organisation=organisation, scheme=register, identifier=number).save()


async def _set(organisation: UUID, register: str, number: str, *, released: bool) -> None:
    await Identifier.update({Identifier.released: released}).where(
        (Identifier.organisation == organisation)
        & (Identifier.scheme == register)
        & (Identifier.identifier == number)
    )


async def _tell(tx: Ledger, organisation: UUID, was: set[Pair], now: set[Pair]) -> None:
    tx.record(
        "identifiers-changed",
        {"identifiers": _written(now), "was": _written(was)},
        organisation=organisation,
        by="lead",
    )
    await ask_for_proof_again(tx, organisation)


def _written(pairs: set[Pair]) -> list[str]:
    return [f"{register} {number}" for register, number in sorted(pairs)]


def _parted(written: str) -> tuple[str, str, str]:
    return written.partition(" ")
