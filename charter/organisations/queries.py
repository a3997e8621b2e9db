"""Read models of organisations: for pages, guards and their JSON twins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from charter.organisations.rules import look_alike, normalise_identifier
from charter.organisations.tables import (
    FormerName,
    FormerSlug,
    Identifier,
    IdentityProof,
    Invitation,
    Membership,
    Organisation,
)


@dataclass(frozen=True, slots=True)
class FormerNameSeen:
    """A name once used, and the last day it was in use."""

    name: str
    until: date


@dataclass(frozen=True, slots=True)
class NameHeld:
    """A name that an organisation has or once had, with the address it has now."""

    id: UUID
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ProofSeen:
    """How identity was proven, and when."""

    how: str
    on: date


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    """An organisation as pages show it. Public only where `public_since` is set.

    `decided_by`, the steward who decided who it is, stands on no page.

    `one_person` says that one person is both lead and sponsor (rule 1). `proof` is how an
    applicant means to show who it is, `proven_by` how it did.
    """

    id: UUID
    slug: str
    name: str
    town: str
    website: str | None
    domain: str | None
    sector: str
    boroughs: tuple[str, ...]
    band: str
    state: str
    proof: str
    sponsor_role: str
    applied_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    refusal: str
    appeal: str
    public_since: datetime | None
    continued_by: UUID | None
    identifiers: tuple[tuple[str, str], ...]
    former_names: tuple[FormerNameSeen, ...]
    proven_by: tuple[ProofSeen, ...]
    one_person: bool


@dataclass(frozen=True, slots=True)
class SlugMoved:
    """An old address: it redirects to `slug` for ever (rule 2)."""

    slug: str


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A person's present part in an organisation."""

    id: UUID
    account: UUID
    role: str
    since: datetime
    one_person: bool
    covers_until: date | None


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """A part somebody was asked to take and has not answered yet."""

    id: UUID
    organisation: UUID
    name: str
    account: UUID
    role: str
    sponsor_role: str
    expires_on: date
    covers_from: date | None
    covers_until: date | None


@dataclass(frozen=True, slots=True)
class MembershipSeen:
    """One of a person's present parts, with the organisation it is in."""

    organisation: UUID
    slug: str
    name: str
    state: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ApplicationSeen:
    """An application that waits for a steward, with names in the register that look like it.

    `due_on` is the hub's own date: past it the hub is late, in public.
    """

    organisation: OrganisationSeen
    due_on: date
    appeal: bool
    looks_like: tuple[tuple[str, str], ...]


async def find_by_slug(slug: str) -> OrganisationSeen | SlugMoved | None:
    """Return the organisation at an address, where an old address leads, or None."""
    row = await Organisation.objects().where(Organisation.slug == slug).first()
    if row is not None:
        return await _see(row)
    moved = await FormerSlug.objects().where(FormerSlug.slug == slug).first()
    if moved is None:
        return None
    now = await Organisation.objects().where(Organisation.id == moved.organisation).first()
    return None if now is None else SlugMoved(now.slug)


async def find_organisation(organisation: UUID) -> OrganisationSeen | None:
    """Return an organisation by its id, or None."""
    row = await Organisation.objects().where(Organisation.id == organisation).first()
    return None if row is None else await _see(row)


async def find_by_identifier(scheme: str, identifier: str) -> OrganisationSeen | None:
    """Return the organisation that carries an identifier, or None."""
    held = (
        await Identifier.objects()
        .where(
            (Identifier.scheme == scheme)
            & (Identifier.identifier == normalise_identifier(identifier))
            & Identifier.released.eq(False)  # noqa: FBT003 - the value compared
        )
        .first()
    )
    return None if held is None else await find_organisation(held.organisation)


async def members_of(organisation: UUID) -> tuple[MemberSeen, ...]:
    """Return the people of an organisation, longest there first."""
    rows = (
        await Membership.objects()
        .where((Membership.organisation == organisation) & Membership.ended_at.is_null())
        .order_by(Membership.since, Membership.role)
    )
    return tuple(
        MemberSeen(row.id, row.account, row.role, row.since, row.one_person, row.covers_until)
        for row in rows
    )


async def memberships_of(account: UUID) -> tuple[MembershipSeen, ...]:
    """Return every part a person has now, by the organisation's name."""
    rows: list[Mapping[str, Any]] = await Membership.raw(
        "SELECT o.id AS organisation, o.slug, o.name, o.state, m.role, m.since"
        " FROM membership m JOIN organisation o ON o.id = m.organisation"
        " WHERE m.account = {} AND m.ended_at IS NULL ORDER BY o.name, m.role",
        account,
    )
    return tuple(MembershipSeen(**row) for row in rows)


async def invitations_of(organisation: UUID, today: date) -> tuple[InvitationSeen, ...]:
    """Return the invitations of an organisation that can still be answered, the oldest first."""
    return await _invitations("i.organisation = {}", organisation, today)


async def invitations_to(account: UUID, today: date) -> tuple[InvitationSeen, ...]:
    """Return the invitations that a person can still answer, the oldest first."""
    return await _invitations("i.account = {}", account, today)


async def _invitations(whose: str, key: UUID, today: date) -> tuple[InvitationSeen, ...]:
    rows: list[Mapping[str, Any]] = await Invitation.raw(
        "SELECT i.id, i.organisation, o.name, i.account, i.role, i.sponsor_role, i.expires_on,"  # noqa: S608 - our own words
        " i.covers_from, i.covers_until FROM invitation i JOIN organisation o"
        f" ON o.id = i.organisation WHERE {whose} AND i.answer = '' AND i.expires_on >= {{}}"
        " ORDER BY i.sent_at, i.id",
        key,
        today,
    )
    return tuple(InvitationSeen(**row) for row in rows)


async def role_in(account: UUID, organisation: UUID) -> frozenset[str]:
    """Return the roles a person holds in an organisation now: none, one, or in a tiny body two."""
    rows = await Membership.select(Membership.role).where(
        (Membership.organisation == organisation)
        & (Membership.account == account)
        & Membership.ended_at.is_null()
    )
    return frozenset(row["role"] for row in rows)


async def applications_waiting() -> tuple[ApplicationSeen, ...]:
    """Return the applications a steward has to decide, the one due first before the others."""
    rows: list[Mapping[str, Any]] = await Organisation.raw(
        "SELECT subject, due_on, kind FROM obligation WHERE state = 'open'"
        " AND kind IN ('identity-decision', 'identity-appeal') ORDER BY due_on, id"
    )
    names = await names_ever()
    waiting = []
    for row in rows:
        seen = await find_organisation(row["subject"])
        if seen is not None:
            alike = look_alikes(seen, names)
            waiting.append(
                ApplicationSeen(seen, row["due_on"], row["kind"] == "identity-appeal", alike)
            )
    return tuple(waiting)


async def names_ever() -> Sequence[NameHeld]:
    """Return every name an organisation has or once had, with its address."""
    rows: list[Mapping[str, Any]] = await Organisation.raw(
        "SELECT id, slug, name FROM organisation UNION"
        " SELECT o.id, o.slug, f.name FROM organisation_former_name f"
        " JOIN organisation o ON o.id = f.organisation ORDER BY name, slug"
    )
    return [NameHeld(**row) for row in rows]


def look_alikes(seen: OrganisationSeen, names: Iterable[NameHeld]) -> tuple[tuple[str, str], ...]:
    """Return address and name of every other organisation whose name looks like this one's."""
    return tuple(
        (other.slug, other.name)
        for other in names
        if other.id != seen.id and look_alike(seen.name, other.name)
    )


async def _see(row: Organisation) -> OrganisationSeen:
    identifiers = (
        await Identifier.objects().where(Identifier.organisation == row.id).order_by(Identifier.id)
    )
    names = (
        await FormerName.objects()
        .where(FormerName.organisation == row.id)
        .order_by(FormerName.id, ascending=False)
    )
    proofs = (
        await IdentityProof.objects()
        .where(IdentityProof.organisation == row.id)
        .order_by(IdentityProof.id)
    )
    one_person = await Membership.exists().where(
        (Membership.organisation == row.id)
        & Membership.ended_at.is_null()
        & Membership.one_person.eq(True)  # noqa: FBT003 - the value compared
    )
    return OrganisationSeen(
        id=row.id,
        slug=row.slug,
        name=row.name,
        town=row.town,
        website=row.website,
        domain=row.domain,
        sector=row.sector,
        boroughs=tuple(row.boroughs),
        band=row.band,
        state=row.state,
        proof=row.proof,
        sponsor_role=row.sponsor_role,
        applied_at=row.applied_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        refusal=row.refusal,
        appeal=row.appeal,
        public_since=row.public_since,
        continued_by=row.continued_by,
        identifiers=tuple((each.scheme, each.identifier) for each in identifiers),
        former_names=tuple(FormerNameSeen(each.name, each.until) for each in names),
        proven_by=tuple(ProofSeen(each.how, each.proven_on) for each in proofs),
        one_person=one_person,
    )
