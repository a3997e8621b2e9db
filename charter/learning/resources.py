"""Resources others may use: proposed by anybody signed in, released by a steward (rule 28).

Whoever proposed one, or the hub, takes it out again; its history stays.
"""

from uuid import UUID

import msgspec

from charter.errors import FieldError, InvalidInput, NotFound
from charter.learning import rules
from charter.learning.proposals import decided, owe_decision, refusal_of
from charter.learning.rules import NotInLibrary, ProposalDecided, ResourceProposal
from charter.learning.tables import Resource
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme


async def propose_resource(scheme: Scheme, *, resource: ResourceProposal, account: UUID) -> int:
    """Keep a proposal until a steward has read it, and return its number.

    The hub owes a decision. Raises `InvalidInput`.
    """
    errors = rules.check_resource(resource, scheme.pack)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        row = Resource(
            account=account,
            kind=resource.kind,
            licence=resource.licence,
            types=list(resource.types),
            forms=list(resource.forms),
            action=resource.action,
            sector=resource.sector,
            borough=resource.borough,
            draft=msgspec.json.encode(resource.words()).decode(),
            obligation=await owe_decision(tx),
            proposed_at=tx.now,
        )
        await row.save()
        number: int = row.id
        return number


async def release_resource(scheme: Scheme, *, resource: int) -> None:
    """Publish a resource with its licence and owner. Raises `ProposalDecided`."""
    async with transaction(scheme) as tx:
        row = await _lock_proposed(resource)
        words = await tx.publish_words("resource", msgspec.json.decode(row.draft))
        await Resource.update(
            {
                Resource.state: "released",
                Resource.words: words.id,
                Resource.draft: None,
                Resource.decided_at: tx.now,
            }
        ).where(Resource.id == row.id)
        tx.record(
            "resource-released",
            {
                "resource": row.id,
                "kind": row.kind,
                "licence": row.licence,
                "types": list(row.types),
                "forms": list(row.forms),
            },
            by="steward",
            words=words,
        )
        await decided(tx, row.obligation)


async def refuse_resource(scheme: Scheme, *, resource: int, reason: str) -> None:
    """Refuse a resource with a reason for its proposer. Raises `ProposalDecided`."""
    refusal = refusal_of(reason)
    async with transaction(scheme) as tx:
        row = await _lock_proposed(resource)
        await Resource.update(
            {
                Resource.state: "refused",
                Resource.refusal: refusal,
                Resource.decided_at: tx.now,
            }
        ).where(Resource.id == row.id)
        await decided(tx, row.obligation)


async def retire_resource(scheme: Scheme, *, resource: int, why: str) -> None:
    """Take a resource out of the library at the hub, for one of `RETIRED_FOR`.

    No list shows it any more; that it was there, and why it went, stays in public. Raises
    `InvalidInput` and `NotInLibrary`.
    """
    async with transaction(scheme) as tx:
        await _retire(tx, await _lock(resource), why, by="steward")


async def retire_own_resource(scheme: Scheme, *, resource: int, account: UUID, why: str) -> None:
    """Take out of the library what one proposed oneself; as `retire_resource` otherwise."""
    async with transaction(scheme) as tx:
        row = await _lock(resource)
        if row.account != account:
            raise NotFound("There is no such resource of yours.")
        await _retire(tx, row, why, by="public")


async def _retire(tx: Ledger, row: Resource, why: str, *, by: str) -> None:
    if why not in rules.RETIRED_FOR:
        sentence = "Choose why it is taken out."
        raise InvalidInput(sentence, errors=[FieldError("why", sentence)])
    if row.state != "released":
        raise NotInLibrary("This is not shown in the library.")
    await Resource.update(
        {Resource.state: "retired", Resource.retired_at: tx.now, Resource.retired_for: why}
    ).where(Resource.id == row.id)
    tx.record("resource-retired", {"resource": row.id, "why": why}, by=by)


async def _lock_proposed(resource: int) -> Resource:
    row = await _lock(resource)
    if row.state != "proposed":
        raise ProposalDecided("Somebody at the hub has decided this already.")
    return row


async def _lock(resource: int) -> Resource:
    row = await Resource.objects().where(Resource.id == resource).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("There is no such proposal.")
    return row
