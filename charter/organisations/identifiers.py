"""Use case of register numbers: a wrong one is put right, and who it is is shown again (row 16)."""

from datetime import datetime
from uuid import UUID

import msgspec
from piccolo.custom_types import Combinable

from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput
from charter.history.tables import Event
from charter.ledger import Ledger, transaction
from charter.organisations.identity import already_registered
from charter.organisations.proofs import ask_for_proof_again
from charter.organisations.rules import (
    IdentityNotAccepted,
    check_identifiers,
    normalise_identifier,
)
from charter.organisations.tables import Identifier
from charter.scheme import Scheme

Pair = tuple[str, str]
"""An org-id.guide scheme, and the identifier in it."""


async def change_identifiers(
    scheme: Scheme, *, organisation: UUID, identifiers: tuple[Pair, ...]
) -> None:
    """Let an organisation carry these numbers from now on, in public.

    A number it gives up may be carried by whoever it belongs to. It shows again who it is, and a
    steward looks at it (row 16). A past day still reads the old ones. Raises `InvalidInput`,
    `IdentityNotAccepted` and `AlreadyRegistered`.
    """
    errors = check_identifiers(identifiers, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    asked = {(register, normalise_identifier(number)) for register, number in identifiers}
    with refuse_when_taken(organisation_identifier_once=already_registered()):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            if body.state != "accepted":
                # A decision gives back every number a refusal had released.
                raise IdentityNotAccepted(
                    "Numbers are put right once the hub has accepted who you are. Until then, tell "
                    "the hub."
                )
            was = await carried(organisation)
            if was == asked:
                return
            for pair in sorted(was - asked):
                await Identifier.update({Identifier.released: True}).where(_is(organisation, pair))
            for pair in sorted(asked - was):
                await _carry(organisation, pair)
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
    return [_read(written) for written in facts["was"]]


async def _carry(organisation: UUID, pair: Pair) -> None:
    this = _is(organisation, pair)
    if await Identifier.exists().where(this):
        await Identifier.update({Identifier.released: False}).where(this)
    else:
        register, number = pair
        await Identifier(organisation=organisation, scheme=register, identifier=number).save()


def _is(organisation: UUID, pair: Pair) -> Combinable:
    register, number = pair
    return (
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


def _read(written: str) -> Pair:
    register, _, number = written.partition(" ")
    return register, number
