"""Use cases of showing who an organisation is: a mailed code, a line in DNS, vouchers (rule 1).

What is shown here decides nothing by itself: a steward accepts an identity. Only control of a
domain that had lapsed is renewed by the product alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.chance import draw_crockford
from charter.clock import local_day
from charter.errors import FieldError, InvalidInput, NotFound
from charter.framework.pack import FrameworkPack
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation, open_obligations
from charter.organisations import proof_rules as rules
from charter.organisations.proof_rules import Look, Shown, VoucherHeard
from charter.organisations.rules import PROOFS_AT_A_DOMAIN, OwnEmployer, shares_employer
from charter.organisations.tables import (
    DomainProof,
    FormerName,
    Identifier,
    IdentityProof,
    Organisation,
    Voucher,
)
from charter.plans.codesign_rules import hash_token
from charter.scheme import Scheme

VALUE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class MailedCode:
    """A code and the address it goes to. It is given back once; only its hash is kept."""

    address: str
    code: str


@dataclass(frozen=True, slots=True)
class DomainQuestion:
    """A name in the DNS to be looked at, and the text that should stand there.

    Without a text, that the name exists is all that is asked.
    """

    proof: UUID
    name: str
    text: str


async def ask_for_code(scheme: Scheme, *, organisation: UUID, mailbox: str) -> MailedCode:
    """Draw a code to be mailed to a standard mailbox at the organisation's domain (rule 1).

    A code drawn before can no longer be typed in. Raises `NoDomain` and `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        address = rules.decide_mailbox(body.domain, mailbox, scheme.pack)
        code = draw_crockford(scheme.chance, rules.CODE_LENGTH)
        await _forget_unshown(organisation, "domain-mail")
        await DomainProof(
            id=tx.new_id(),
            organisation=organisation,
            how="domain-mail",
            domain=body.domain,
            mailbox=mailbox,
            code_hash=hash_token(code),
            asked_at=tx.now,
        ).save()
        return MailedCode(address, code)


async def type_code(scheme: Scheme, *, organisation: UUID, code: str) -> None:
    """Show control of a domain by the code that was mailed to it. Raises `WrongProofCode`.

    A try is counted, and stays counted, before the code is looked at.
    """
    proof = await _count_try(organisation)
    alive = proof is not None and rules.is_alive(
        proof.asked_at, proof.attempts, scheme.now(), scheme.pack
    )
    if proof is None or not alive or proof.code_hash != hash_token(code):
        sentence = "That code is not right, or is too old. Check it, or ask for a new one."
        raise rules.WrongProofCode(sentence, errors=[FieldError("code", sentence)])
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        await _write_shown(tx, body, proof)


async def ask_for_record(scheme: Scheme, *, organisation: UUID) -> None:
    """Draw the text of a DNS record, once for each domain, and have it looked at soon (rule 1).

    Raises `NoDomain`.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        if not body.domain:
            raise rules.NoDomain("Enter your web domain first; then we can look at it.")
        proof = await _unshown(organisation, "dns-txt")
        if proof is not None and proof.domain == body.domain:
            await DomainProof.update({DomainProof.looked_at: None}).where(
                DomainProof.id == proof.id
            )
            return
        await _forget_unshown(organisation, "dns-txt")
        text = draw_crockford(scheme.chance, VALUE_LENGTH)
        await DomainProof(
            id=tx.new_id(),
            organisation=organisation,
            how="dns-txt",
            domain=body.domain,
            value=f"charter-registry={text}",
            asked_at=tx.now,
        ).save()


async def domains_to_look_at(scheme: Scheme, *, most: int) -> list[DomainQuestion]:
    """Return what the DNS is to be asked now: new records, and old proofs whose time has come.

    A new record is looked at when that is asked for, and daily for a while. What was shown is
    looked at every so many days, and daily while it is missing (row 16).
    """
    now = scheme.now()
    a_day_ago = now - timedelta(days=1)
    regularly = now - timedelta(days=scheme.pack.numbers.signing.proof_recheck_days)
    never = DomainProof.looked_at.is_null()
    new = DomainProof.shown_at.is_null() & (DomainProof.how == "dns-txt")
    fresh = new & (never | (DomainProof.looked_at < a_day_ago) & (DomainProof.asked_at > regularly))
    old = DomainProof.shown_at.is_not_null() & (
        (DomainProof.looked_at < regularly)
        | (DomainProof.looked_at < a_day_ago) & DomainProof.missing_since.is_not_null()
        | never & (DomainProof.shown_at < regularly)
    )
    rows: Sequence[DomainProof] = (
        await DomainProof.objects()
        .where(fresh | old)
        .order_by(DomainProof.looked_at, DomainProof.asked_at)
        .limit(most)
    )
    return [
        DomainQuestion(row.id, rules.record_name(row.how, row.domain), row.value) for row in rows
    ]


async def record_look(scheme: Scheme, *, proof: UUID, look: Look) -> None:
    """Take in what a look at the DNS gave: a first showing, a return, or a lapse (rule 1, row 16).

    Safe to repeat.
    """
    async with transaction(scheme) as tx:
        found = await DomainProof.objects().where(DomainProof.id == proof).first()
        if found is None:
            raise NotFound("There is no such proof.")
        body = await tx.lock_organisation(found.organisation)
        news = rules.is_news(found.shown_at, found.missing_since)
        shows = found.how == "dns-txt" and found.domain == body.domain
        if look == "found" and news and shows:
            await _write_shown(tx, body, found)
        missing = rules.missing_from(look, found.missing_since, tx.now)
        await DomainProof.update(
            {DomainProof.looked_at: tx.now, DomainProof.missing_since: missing}
        ).where(DomainProof.id == proof)
        lapsed = rules.has_lapsed(found.shown_at, missing, tx.now, scheme.pack)
        if lapsed and await _rests_on(body, found):
            await ask_for_proof_again(tx, body.id)


async def record_voucher(
    scheme: Scheme,
    *,
    organisation: UUID,
    who: str,
    reached: str,
    tied: bool,
    steward: UUID,
    steward_employer_domain: str,
) -> None:
    """Write down somebody who vouched for a group, reached by a steward (rule 1).

    Raises `InvalidInput` and `OwnEmployer`.
    """
    errors = rules.check_voucher(who, reached)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        refuse_own_employer(steward_employer_domain, body)
        await Voucher(
            id=tx.new_id(),
            organisation=organisation,
            who=who.strip(),
            reached=reached,
            tied=tied,
            checked_by=steward,
            checked_on=tx.today,
        ).save()


async def shown_by(body: Organisation, pack: FrameworkPack) -> Shown:
    """Return what an organisation has shown; where proof is asked for again, since it is."""
    since = await _asked_since(body.id)
    day = local_day(since, pack.zone) if since else date.min
    domain = await DomainProof.objects().where(
        (DomainProof.organisation == body.id)
        & (DomainProof.domain == (body.domain or ""))
        & DomainProof.shown_at.is_not_null()
        & DomainProof.missing_since.is_null()
    )
    vouchers = await Voucher.objects().where(Voucher.organisation == body.id)
    return Shown(
        domain={row.how for row in domain if since is None or row.shown_at >= since},
        register_numbers=await Identifier.count().where(Identifier.organisation == body.id),
        vouchers=[VoucherHeard(row.who, row.tied) for row in vouchers if row.checked_on >= day],
    )


async def ask_for_proof_again(tx: Ledger, organisation: UUID) -> None:
    """Have an organisation prove again who it is, as one step of a use case (row 16)."""
    if not await open_obligations(organisation, "proof-renewal"):
        await open_obligation(tx, "proof-renewal", organisation=organisation)


async def rests_on_its_domain(body: Organisation) -> bool:
    """Say whether the identity in force was shown by the domain in use."""
    last = await _last_proof(body.id)
    return body.state == "accepted" and last is not None and last.how in PROOFS_AT_A_DOMAIN


async def write_renewal(tx: Ledger, organisation: UUID, how: str, *, by: str) -> None:
    """Write down a new proof, as one step of a use case; nothing more is owed for the old."""
    await IdentityProof(organisation=organisation, how=how, proven_on=tx.today).save()
    tx.record("proof-renewed", {"how": how}, organisation=organisation, by=by)
    for obligation in await open_obligations(organisation, "proof-renewal"):
        await meet_obligation(tx, obligation)


def refuse_own_employer(steward_domain: str, body: Organisation) -> None:
    """Raise `OwnEmployer` where a steward works for the organisation in question."""
    if shares_employer(steward_domain, body.domain):
        raise OwnEmployer("You work for this organisation. Ask a steward from elsewhere to decide.")


async def _write_shown(tx: Ledger, body: Organisation, proof: DomainProof) -> None:
    """Write down that control of a domain was shown, and renew what had lapsed only for that.

    It stands in place of what was shown in the same way before: only the newest is looked at again.
    """
    await DomainProof.update({DomainProof.shown_at: tx.now, DomainProof.missing_since: None}).where(
        DomainProof.id == proof.id
    )
    await DomainProof.delete().where(
        (DomainProof.organisation == body.id)
        & (DomainProof.how == proof.how)
        & (DomainProof.id != proof.id)
    )
    if proof.domain != body.domain or not await open_obligations(body.id, "proof-renewal"):
        return
    renamed = await FormerName.objects().where(FormerName.organisation == body.id)
    last = await _last_proof(body.id)
    renamed_on = max((row.until for row in renamed), default=None)
    if rules.renews_by_itself(renamed_on, last.proven_on if last else None):
        await write_renewal(tx, body.id, proof.how, by="system")


async def _rests_on(body: Organisation, proof: DomainProof) -> bool:
    """Say whether the identity in force rests on this proof of the domain in use."""
    last = await _last_proof(body.id)
    newest = (last.how, body.domain) if last else None
    return body.state == "accepted" and newest == (proof.how, proof.domain)


async def _last_proof(organisation: UUID) -> IdentityProof | None:
    return (
        await IdentityProof.objects()
        .where(IdentityProof.organisation == organisation)
        .order_by(IdentityProof.id, ascending=False)
        .first()
    )


async def _asked_since(organisation: UUID) -> datetime | None:
    """Return since when proof is asked for again, or None."""
    owed = await open_obligations(organisation, "proof-renewal")
    return owed[0].opened_at if owed else None


async def _count_try(organisation: UUID) -> DomainProof | None:
    """Count a try at the newest mailed code in one statement, so that no two are one."""
    rows: Sequence[Mapping[str, Any]] = await DomainProof.raw(
        "UPDATE organisation_domain_proof SET attempts = attempts + 1 WHERE id ="
        " (SELECT id FROM organisation_domain_proof WHERE organisation = {}"
        " AND how = 'domain-mail' AND shown_at IS NULL ORDER BY asked_at DESC LIMIT 1)"
        " RETURNING id",
        organisation,
    )
    ids = [row["id"] for row in rows]
    return await DomainProof.objects().where(DomainProof.id.is_in(ids)).first() if ids else None


async def _unshown(organisation: UUID, how: str) -> DomainProof | None:
    return (
        await DomainProof.objects()
        .where(
            (DomainProof.organisation == organisation)
            & (DomainProof.how == how)
            & DomainProof.shown_at.is_null()
        )
        .order_by(DomainProof.asked_at, ascending=False)
        .first()
    )


async def _forget_unshown(organisation: UUID, how: str) -> None:
    await DomainProof.delete().where(
        (DomainProof.organisation == organisation)
        & (DomainProof.how == how)
        & DomainProof.shown_at.is_null()
    )
