"""Read models of the first proof: what an organisation has shown, and what is asked (rule 1)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from charter.obligations.tables import Obligation
from charter.organisations.proof_rules import record_name
from charter.organisations.queries import (
    OrganisationSeen,
    find_organisation,
    look_alikes,
    names_ever,
)
from charter.organisations.tables import DomainProof, Voucher


@dataclass(frozen=True, slots=True)
class DomainShown:
    """One way of showing a domain: where it was asked, what is looked for, and what came of it."""

    how: str
    domain: str
    mailbox: str
    name: str
    text: str
    asked_at: datetime
    shown_at: datetime | None
    looked_at: datetime | None
    missing_since: datetime | None


@dataclass(frozen=True, slots=True)
class VoucherSeen:
    """Somebody who vouched: a role, how they were reached, whether they are tied, and when."""

    who: str
    reached: str
    tied: bool
    on: date


@dataclass(frozen=True, slots=True)
class RenewalSeen:
    """An organisation that is asked again who it is, by when, and whose name looks like its own."""

    organisation: OrganisationSeen
    due_on: date
    looks_like: tuple[tuple[str, str], ...]


async def domain_shown(organisation: UUID, how: str) -> DomainShown | None:
    """Return the newest showing of a domain by mail or by DNS, or None before the first."""
    row = (
        await DomainProof.objects()
        .where((DomainProof.organisation == organisation) & (DomainProof.how == how))
        .order_by(DomainProof.asked_at, ascending=False)
        .first()
    )
    if row is None:
        return None
    return DomainShown(
        how=row.how,
        domain=row.domain,
        mailbox=row.mailbox,
        name=record_name(row.how, row.domain),
        text=row.value,
        asked_at=row.asked_at,
        shown_at=row.shown_at,
        looked_at=row.looked_at,
        missing_since=row.missing_since,
    )


async def vouchers_of(organisation: UUID) -> tuple[VoucherSeen, ...]:
    """Return who vouched for a group, the first before the others."""
    rows = (
        await Voucher.objects()
        .where(Voucher.organisation == organisation)
        .order_by(Voucher.checked_on, Voucher.id)
    )
    return tuple(VoucherSeen(row.who, row.reached, row.tied, row.checked_on) for row in rows)


async def renewals_waiting() -> tuple[RenewalSeen, ...]:
    """Return the organisations that are asked again who they are, the one due first at the top."""
    rows = (
        await Obligation.select(Obligation.organisation, Obligation.due_on)
        .where((Obligation.kind == "proof-renewal") & (Obligation.state == "open"))
        .order_by(Obligation.due_on, Obligation.id)
    )
    seen = [(await find_organisation(row["organisation"]), row["due_on"]) for row in rows]
    names = await names_ever() if rows else ()
    return tuple(
        RenewalSeen(own, due_on, look_alikes(own, names)) for own, due_on in seen if own is not None
    )
