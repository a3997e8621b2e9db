"""Use cases of badges: opening one, following the standing, revoking, placements, keys.

Signing itself stands in `credentials/service.py` and `status_lists/service.py` and happens in
the worker only; everybody else reads the bytes it left.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

import msgspec

from badges.codes import draw_badge_code, draw_placement_code
from badges.key_file import KeyRing
from badges.keys import did_document, jwks_document
from badges.log.export import vkey_lines
from badges.log.note import NoteVerifier
from badges.tables import Badge, Edition, IssuerDocument, Placement
from charter.errors import FieldError, InvalidInput, NotFound
from charter.history.kinds import Fact, RecordedEvent
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme
from charter.standing.words import DOWNWARDS

PLACEMENT_KINDS: Final = ("door", "van", "lanyard", "web-page", "other")
LONGEST_LABEL: Final = 100

SIGN_EDITION: Final = "sign-edition"
SIGN_STATUS_LISTS: Final = "sign-status-lists"
"""Kinds of work that are left in the outbox for the worker."""


async def follow_history(tx: Ledger, events: Sequence[RecordedEvent]) -> None:
    """Keep every badge in step with what is being recorded: a watcher of the scheme.

    Runs inside the transaction that moves a standing, so the page state and the revocation of
    what was said before commit with it; the worker then signs the list and the new edition.
    """
    for event in events:
        follow = _FOLLOWED.get(event.kind)
        if follow is not None and event.organisation is not None:
            await follow(tx, event.organisation, event)
    for organisation, first in _first_stated(events).items():
        work = {"organisation": str(organisation)}
        tx.send(SIGN_EDITION, f"{SIGN_EDITION}:{first}", work)


def _first_stated(events: Sequence[RecordedEvent]) -> Mapping[UUID, int]:
    """Return whose badge has to say something new, each with the first event that makes it so."""
    return {
        event.organisation: event.id
        for event in reversed(events)
        if event.kind in STATED and event.organisation is not None
    }


async def _turn_page(tx: Ledger, organisation: UUID, event: RecordedEvent) -> None:
    standing: str = event.data["to"]
    badge = await open_badge(tx, organisation, standing)
    await Badge.update({Badge.page_state: standing}).where(Badge.id == badge.id)
    if standing in DOWNWARDS:
        await revoke_live_editions(tx, badge, reason=standing)


async def _tell_edition_its_event(_: Ledger, organisation: UUID, event: RecordedEvent) -> None:
    badge = await Badge.objects().get(Badge.organisation == organisation)
    if badge is not None:
        this = (Edition.badge == badge.id) & (Edition.n == event.data["edition"])
        await Edition.update({Edition.event: event.id}).where(this)


_Follower = Callable[[Ledger, UUID, RecordedEvent], Awaitable[None]]
_FOLLOWED: Final[Mapping[str, _Follower]] = MappingProxyType(
    {"standing-changed": _turn_page, "badge-edition-issued": _tell_edition_its_event},
)

STATED: Final = frozenset(
    {
        "standing-changed",
        "level-changed",
        "plan-published",
        "answer-agreed",
        "verdict-published",
        "accountability-review-published",
        "renamed",
    },
)
"""Kinds of events that change what a badge states: a new edition then says so."""


async def open_badge(tx: Ledger, organisation: UUID, standing: str) -> Badge:
    """Return the badge of `organisation`, opening its code page where there was none (rule 4)."""
    known = await Badge.objects().get(Badge.organisation == organisation)
    if known is not None:
        return known
    badge = Badge(
        id=tx.new_id(),
        organisation=organisation,
        code=draw_badge_code(tx.scheme.chance),
        page_state=standing,
        opened_at=tx.now,
    )
    await badge.save()
    tx.record("badge-opened", {"code": badge.code}, organisation=organisation, by="system")
    return badge


async def revoke_live_editions(tx: Ledger, badge: Badge, *, reason: str) -> int:
    """Revoke what was signed for `badge` so far and return how many editions that were."""
    live = (Edition.badge == badge.id) & Edition.revoked_at.is_null()
    return await _revoke(tx, await Edition.objects().where(live).order_by(Edition.n), reason)


async def revoke_editions_of_key(
    scheme: Scheme,
    *,
    verification_method: str,
    since: datetime,
) -> int:
    """Revoke every edition signed with a key since it may have been in other hands.

    Returns how many; each is signed anew by the worker.
    """
    async with transaction(scheme) as tx:
        suspect = (
            (Edition.signed_with == verification_method)
            & (Edition.signed_at >= since)
            & Edition.revoked_at.is_null()
        )
        return await _revoke(tx, await Edition.objects().where(suspect), "key-compromised")


async def _revoke(tx: Ledger, editions: Sequence[Edition], reason: str) -> int:
    if not editions:
        return 0
    ids = [edition.id for edition in editions]
    await Edition.update(
        {Edition.revoked_at: tx.now, Edition.revoked_reason: reason},
    ).where(Edition.id.is_in(ids))
    owners = {badge.id: badge for badge in await _badges_of(editions)}
    for edition in editions:
        badge = owners[edition.badge]
        facts: dict[str, Fact] = {"code": badge.code, "edition": edition.n, "reason": reason}
        tx.record("badge-edition-revoked", facts, organisation=badge.organisation, by="system")
        work = {"organisation": str(badge.organisation)}
        tx.send(SIGN_EDITION, f"{SIGN_EDITION}:after-revocation:{edition.id}", work)
    tx.send(SIGN_STATUS_LISTS, f"{SIGN_STATUS_LISTS}:{min(ids)}:{max(ids)}", {})
    return len(editions)


async def _badges_of(editions: Sequence[Edition]) -> list[Badge]:
    return await Badge.objects().where(Badge.id.is_in([edition.badge for edition in editions]))


async def add_placement(
    scheme: Scheme,
    *,
    organisation: UUID,
    label: str,
    kind: str,
) -> Placement:
    """Give a door, van, lanyard or web page a code of its own, printed today (rule 39).

    Raises InvalidInput naming each field that cannot be used, and NotFound.
    """
    errors = [
        *([] if label.strip() else [FieldError("label", "Say where this badge will hang.")]),
        *(
            [FieldError("label", f"Use at most {LONGEST_LABEL} characters.")]
            if len(label) > LONGEST_LABEL
            else []
        ),
        *([] if kind in PLACEMENT_KINDS else [FieldError("kind", "Choose one of the kinds.")]),
    ]
    if errors:
        raise InvalidInput("This place cannot be added yet.", errors=errors)
    async with transaction(scheme) as tx:
        badge = await _lock_badge(organisation)
        used = await Placement.select(Placement.code).where(Placement.badge == badge.id)
        placement = Placement(
            badge=badge.id,
            code=_new_placement_code(tx, {row["code"] for row in used}),
            label=label.strip(),
            kind=kind,
            printed_on=tx.today,
        )
        await placement.save()
        return placement


def _new_placement_code(tx: Ledger, used: set[str]) -> str:
    while (code := draw_placement_code(tx.scheme.chance)) in used:
        continue
    return code


async def end_placement(scheme: Scheme, *, organisation: UUID, code: str) -> None:
    """Say that the badge no longer hangs at a place; scanning it there will say so.

    Raises NotFound. Ending it twice changes nothing.
    """
    async with transaction(scheme) as tx:
        badge = await _lock_badge(organisation)
        this = (Placement.badge == badge.id) & (Placement.code == code)
        if not await Placement.exists().where(this):
            raise NotFound("This badge has no such place.")
        still_there = this & Placement.ended_on.is_null()
        await Placement.update({Placement.ended_on: tx.today}).where(still_there)


async def _lock_badge(organisation: UUID) -> Badge:
    mine = Badge.organisation == organisation
    badge = await Badge.objects().where(mine).lock_rows("UPDATE").first()
    if badge is None:
        raise NotFound("This organisation has no badge yet.")
    return badge


async def publish_keys(scheme: Scheme, *, ring: KeyRing, did: str, change: str) -> bool:
    """Publish the public keys of `ring` as they are believed now; return whether they changed.

    `change` is a token for the public event: started, rotated, retired or revoked.
    """
    async with transaction(scheme) as tx:
        longest = timedelta(days=scheme.pack.numbers.badges.on_track_most_days)
        keys = ring.published(tx.now, longest)
        documents = {
            "did.json": msgspec.json.encode(did_document(did, keys)),
            "jwks.json": msgspec.json.encode(jwks_document(did, keys)),
        }
        changed = [await _publish(tx, name, content) for name, content in documents.items()]
        if any(changed):
            digest = hashlib.sha256(documents["did.json"]).hexdigest()
            tx.record("key-changed", {"change": change, "did_digest": digest}, by="operator")
        return any(changed)


async def publish_log_keys(
    scheme: Scheme,
    *,
    keys: Sequence[NoteVerifier],
    witnesses: Sequence[NoteVerifier],
) -> bool:
    """Publish the public keys of the log and of its witnesses; return whether any changed."""
    async with transaction(scheme) as tx:
        log_keys = vkey_lines(keys).encode()
        changed = await _publish(tx, "log-vkey", log_keys)
        if changed:
            digest = hashlib.sha256(log_keys).hexdigest()
            tx.record("key-changed", {"change": "log", "did_digest": digest}, by="operator")
        witnesses_changed = await _publish(tx, "witness-vkeys", vkey_lines(witnesses).encode())
        return changed or witnesses_changed


async def _publish(tx: Ledger, name: str, content: bytes) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    this = IssuerDocument.name == name
    known = await IssuerDocument.objects().get(this)
    if known is not None and known.sha256 == digest:
        return False
    if known is not None:
        await IssuerDocument.delete().where(this)
    document = IssuerDocument(name=name, content=content, sha256=digest, published_at=tx.now)
    await document.save()
    return True
