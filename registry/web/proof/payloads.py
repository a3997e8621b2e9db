"""The JSON answer about a badge, by the names that outsiders rely on."""

from collections.abc import Sequence
from datetime import date, datetime

from badges.credentials.model import EndorsementCredential
from badges.tables import Placement
from registry.web.proof.reading import BadgeShown
from registry.web.proof.verdicts import GOOD, VERDICTS, headline
from registry.web.public.payloads import IdentifierPayload, Payload


class BadgeOrganisationPayload(Payload, frozen=True, kw_only=True):
    """Whose badge it is."""

    slug: str
    name: str
    town: str
    identifiers: list[IdentifierPayload]
    website: str | None


class TypeLevelPayload(Payload, frozen=True, kw_only=True):
    """How far the organisation has come on one type of racism."""

    type: str
    level: str


class EditionPayload(Payload, frozen=True, kw_only=True):
    """The newest signed edition; `sha256` is of the JSON credential's bytes."""

    n: int
    valid_from: datetime
    valid_until: datetime
    sha256: str


class PlacementPayload(Payload, frozen=True, kw_only=True):
    """Where this code hangs, by the organisation's own word."""

    code: str
    label: str
    kind: str
    printed_on: date


class BadgeLogPayload(Payload, frozen=True, kw_only=True):
    """The edition's entry in the public log, and the size of the checkpoint that covers it."""

    index: int
    checkpoint_size: int


class EndorsementPayload(Payload, frozen=True, kw_only=True):
    """A panel's own word inside the newest edition, its seal checked under the key on record."""

    panel: str
    did: str
    url: str
    comment: str
    valid_from: datetime
    valid_until: datetime


class BadgePayload(Payload, frozen=True, kw_only=True):
    """The verdict on a badge, now; with `as_of`, the verdict of a past day."""

    code: str
    verdict: str
    headline: str
    organisation: BadgeOrganisationPayload
    standing: str
    since: datetime
    level: str | None
    types: list[TypeLevelPayload]
    edition: EditionPayload | None
    placement: PlacementPayload | None
    log: BadgeLogPayload | None
    reason: str | None
    endorsements: list[EndorsementPayload]
    checked_at: datetime
    as_of: date | None


def describe_badge(
    badge: BadgeShown,
    placement: Placement | None,
    now: datetime,
    endorsements: Sequence[EndorsementCredential],
    as_of: date | None = None,
) -> BadgePayload:
    """Return the payload of `badge` as checked at `now`, with those endorsements that hold.

    `as_of` asks how it stood on a past day.
    """
    answer = badge.answer
    return BadgePayload(
        code=badge.code,
        verdict=VERDICTS[answer.standing],
        headline=headline(answer.standing, badge.name),
        organisation=BadgeOrganisationPayload(
            slug=badge.slug,
            name=badge.name,
            town=badge.town,
            identifiers=list(badge.identifiers),
            website=badge.website,
        ),
        standing=answer.standing.value,
        since=answer.since,
        level=answer.level,
        types=[TypeLevelPayload(type=row.type, level=row.level) for row in answer.types],
        edition=_edition(badge),
        placement=_placement(placement),
        log=_log(badge),
        reason=reason_of(badge),
        endorsements=[_endorsement(said) for said in endorsements],
        checked_at=now.replace(microsecond=0),
        as_of=as_of,
    )


def reason_of(badge: BadgeShown) -> str | None:
    """Return why the organisation stands as it does, where that is nothing good."""
    if badge.answer.standing in GOOD or not badge.answer.reasons:
        return None
    return badge.answer.reasons[0].text


def _endorsement(said: EndorsementCredential) -> EndorsementPayload:
    return EndorsementPayload(
        panel=said.issuer.name,
        did=said.issuer.id,
        url=said.issuer.url,
        comment=said.credential_subject.endorsement_comment,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )


def _edition(badge: BadgeShown) -> EditionPayload | None:
    if badge.edition is None:
        return None
    return EditionPayload(
        n=badge.edition.n,
        valid_from=badge.edition.valid_from,
        valid_until=badge.edition.valid_until,
        sha256=badge.edition.sha256,
    )


def _placement(placement: Placement | None) -> PlacementPayload | None:
    if placement is None:
        return None
    return PlacementPayload(
        code=placement.code,
        label=placement.label,
        kind=placement.kind,
        printed_on=placement.printed_on,
    )


def _log(badge: BadgeShown) -> BadgeLogPayload | None:
    if badge.log is None:
        return None
    return BadgeLogPayload(index=badge.log.index, checkpoint_size=badge.log.checkpoint.size)
