"""The use case of signing editions: in the worker, never in a request."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from badges.credentials.bake import bake_png, bake_svg
from badges.credentials.document import build_credential
from badges.credentials.facts import BadgeFacts, EditionTerms, Issuer, facts_digest
from badges.credentials.model import whole_second
from badges.credentials.sign import with_proof
from badges.credentials.tokens import as_token
from badges.credentials.validity import assess_validity
from badges.keys import Signers
from badges.pictures.badge import PictureFacts, draw_badge
from badges.pictures.typeset import draw_png
from badges.service import revoke_live_editions
from badges.status_lists.service import lock_open_list, take_places
from badges.tables import Badge, Edition, StatusList
from charter.clock import local_day
from charter.errors import NotFound
from charter.history.events import Fact
from charter.history.tables import Event
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme
from charter.standing.words import DOWNWARDS

SECOND: Final = timedelta(seconds=1)


class Overtaken(Exception):
    """A standing or an endorsement went while its badge was being signed; nothing was signed.

    Whoever caused it has left work in the outbox, so nobody has to try again.
    """


@dataclass(frozen=True, slots=True)
class SealedEdition:
    """The four forms of one edition, from one document."""

    credential: bytes
    jwt: str
    png: bytes
    svg: str


def seal(
    facts: BadgeFacts,
    issuer: Issuer,
    terms: EditionTerms,
    *,
    signers: Signers,
    svg: str,
    png: bytes,
    at: datetime,
) -> SealedEdition:
    """Return the edition that states `facts` under `terms`, baked into the pictures given."""
    unsigned = build_credential(facts, issuer, terms)
    credential = msgspec.json.encode(with_proof(unsigned, signer=signers.embedded, at=at))
    return SealedEdition(
        credential=credential,
        jwt=as_token(unsigned, signer=signers.token),
        png=bake_png(png, credential),
        svg=bake_svg(svg, credential.decode()),
    )


@dataclass(frozen=True, slots=True)
class _Latest:
    """The newest edition of a badge, without its bytes."""

    n: int
    standing: str
    facts_digest: str
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one badge should say now and until when, and what it said before."""

    badge: Badge
    facts: BadgeFacts
    latest: _Latest | None
    digest: str
    until: datetime


async def sign_editions(
    scheme: Scheme,
    *,
    facts: Sequence[BadgeFacts],
    known: int,
    issuer: Issuer,
    signers: Signers,
) -> int:
    """See that an edition in force states each of `facts`; return how many had to be signed.

    Asking twice for the same facts signs once, until the edition has lived half its life. An
    edition that is worse than the one before revokes all before it in the same transaction. All
    are signed or none: give no more at once than others can wait for. `known` is the id of the
    newest event there was before the facts were gathered.

    Raises NotFound where no badge has a code, OddShape where a fact cannot be signed, and
    Overtaken where a standing moved meanwhile: the facts are no longer true then.
    """
    await _draw_missing(
        {each.code: picture_facts(each, issuer, scheme.pack.zone) for each in facts}
    )
    async with transaction(scheme) as tx:
        open_list = await lock_open_list()  # one signer at a time: what is read next stays so
        drafts = await _drafts(tx, facts, issuer)
        wanted = [draft for draft in drafts if not _is_said_already(draft, tx.now)]
        if wanted:
            editions = await _sealed(tx, wanted, open_list, issuer, signers)
            await tx.take_the_pen()  # only now: nothing slow follows, and no standing moves
            await _refuse_if_moved([draft.badge.organisation for draft in wanted], known)
            await _keep(tx, wanted, editions)
        return len(wanted)


def picture_facts(facts: BadgeFacts, issuer: Issuer, zone: ZoneInfo) -> PictureFacts:
    """Return what is drawn on the pictures that `facts` are baked into."""
    return PictureFacts(
        organisation=facts.organisation,
        charter=facts.charter.name,
        signed_on=local_day(facts.signed_at, zone),
        address=issuer.badge_url(facts.code),
        code=facts.code,
    )


async def _draw_missing(shown: Mapping[str, PictureFacts]) -> None:
    """Draw the pictures of those badges that do not yet show what they should."""
    drawn = await Badge.select(Badge.code, Badge.picture_digest).where(
        Badge.code.is_in(list(shown))
    )
    for row in drawn:
        facts = shown[row["code"]]
        digest = facts.digest()
        if row["picture_digest"] != digest:
            svg, png = await asyncio.to_thread(_draw, facts)
            await Badge.update(
                {Badge.picture_digest: digest, Badge.picture_svg: svg, Badge.picture_png: png}
            ).where(Badge.code == row["code"])


def _draw(facts: PictureFacts) -> tuple[str, bytes]:
    svg = draw_badge(facts)
    return svg, draw_png(svg)


async def _drafts(tx: Ledger, facts: Sequence[BadgeFacts], issuer: Issuer) -> list[_Draft]:
    found = await Badge.objects().where(Badge.code.is_in([each.code for each in facts]))
    badges = {badge.code: badge for badge in found}
    if any(each.code not in badges for each in facts):
        raise NotFound("There is no badge with this code.")
    latest = await _latest(found)
    return [
        _Draft(
            badge=badges[each.code],
            facts=each,
            latest=latest.get(badges[each.code].id),
            digest=facts_digest(each, issuer),
            until=assess_validity(
                each,
                at=tx.now,
                zone=tx.scheme.pack.zone,
                numbers=tx.scheme.pack.numbers.badges,
            ),
        )
        for each in facts
    ]


async def _latest(badges: Sequence[Badge]) -> Mapping[UUID, _Latest]:
    """Return the newest edition of each of `badges` that has one."""
    rows = (
        await Edition.select(Edition.badge, *(getattr(Edition, each) for each in _LATEST))
        .distinct(on=[Edition.badge])
        .where(Edition.badge.is_in([badge.id for badge in badges]))
        .order_by(Edition.badge)
        .order_by(Edition.n, ascending=False)
    )
    return {row.pop("badge"): _Latest(**row) for row in rows}


_LATEST: Final = [field.name for field in fields(_Latest)]


def _is_said_already(draft: _Draft, now: datetime) -> bool:
    """Return whether the edition before says the same, and has long enough to go."""
    latest = draft.latest
    if latest is None or latest.revoked_at is not None or latest.facts_digest != draft.digest:
        return False
    half = latest.valid_from + (latest.valid_until - latest.valid_from) / 2
    return now < half or whole_second(draft.until) <= latest.valid_until


async def _sealed(
    tx: Ledger,
    drafts: Sequence[_Draft],
    open_list: StatusList,
    issuer: Issuer,
    signers: Signers,
) -> list[Edition]:
    """Return an edition of each draft, on a place of its own, not yet kept."""
    places = await take_places(tx, open_list, len(drafts))
    terms = [
        EditionTerms(
            n=draft.latest.n + 1 if draft.latest else 1,
            valid_from=_newer(tx.now, draft.latest),
            valid_until=draft.until,
            status_list=open_list.number,
            status_index=index,
        )
        for draft, index in zip(drafts, places, strict=True)
    ]
    # Beside the loop: sealing takes some ten milliseconds of one core each.
    return await asyncio.to_thread(
        lambda: [
            _edition(draft, issuer, its, signers, tx.now)
            for draft, its in zip(drafts, terms, strict=True)
        ]
    )


async def _refuse_if_moved(organisations: Sequence[UUID], known: int) -> None:
    """Raise Overtaken where the facts changed for the worse after the event `known`.

    A standing moved, or a panel's word was let go. The pen is in hand.
    """
    moved = (
        (Event.id > known) & Event.kind.is_in(MOVES) & Event.organisation.is_in(list(organisations))
    )
    if await Event.exists().where(moved):
        raise Overtaken


async def _keep(tx: Ledger, drafts: Sequence[_Draft], editions: Sequence[Edition]) -> None:
    """Keep the editions, revoke what was better before, and say so."""
    for draft in drafts:
        if _is_worse(draft):
            await revoke_live_editions(tx, draft.badge, reason=draft.facts.standing)
    await Edition.insert(*editions)
    for draft, edition in zip(drafts, editions, strict=True):
        _tell(tx, draft.badge, edition)


MOVES: Final = ["standing-changed", "endorsement-withdrawn"]
"""Kinds of events after which facts gathered before them must not be signed any more."""


def _is_worse(draft: _Draft) -> bool:
    now = draft.facts.standing
    return draft.latest is not None and now in DOWNWARDS and draft.latest.standing != now


def _newer(now: datetime, latest: _Latest | None) -> datetime:
    """Return now, or just after the edition before: a host tells them apart by `validFrom`."""
    at = whole_second(now)
    return at if latest is None else max(at, latest.valid_from + SECOND)


def _edition(
    draft: _Draft, issuer: Issuer, terms: EditionTerms, signers: Signers, at: datetime
) -> Edition:
    sealed = seal(
        draft.facts,
        issuer,
        terms,
        signers=signers,
        svg=draft.badge.picture_svg,
        png=draft.badge.picture_png,
        at=at,
    )
    return Edition(
        badge=draft.badge.id,
        n=terms.n,
        standing=draft.facts.standing.value,
        facts_digest=draft.digest,
        credential=sealed.credential,
        jwt=sealed.jwt,
        png=sealed.png,
        svg=sealed.svg,
        sha256=hashlib.sha256(sealed.credential).hexdigest(),
        valid_from=terms.valid_from,
        valid_until=whole_second(draft.until),
        signed_at=at,
        signed_with=signers.embedded.verification_method,
        jwt_signed_with=signers.token.verification_method,
        status_list=terms.status_list,
        status_index=terms.status_index,
    )


def _tell(tx: Ledger, badge: Badge, edition: Edition) -> None:
    told: dict[str, Fact] = {
        "code": badge.code,
        "edition": edition.n,
        "sha256": edition.sha256,
        "valid_until": local_day(edition.valid_until, tx.scheme.pack.zone).isoformat(),
    }
    tx.record("badge-edition-issued", told, organisation=badge.organisation, by="system")
