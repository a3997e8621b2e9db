"""Use cases of badges: opening one, following the standing, revoking, placements, keys.

Signing itself stands in `credentials/service.py` and `status_lists/service.py` and happens in
the worker only; everybody else reads the bytes it left.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from piccolo.custom_types import Combinable

from badges.codes import draw_badge_code, draw_placement_code
from badges.key_file import KeyRing
from badges.keys import did_document, jwks_document
from badges.log.export import vkey_lines
from badges.log.note import NoteVerifier
from badges.tables import Badge, Edition, IssuerDocument, Placement
from charter.errors import FieldError, InvalidInput, NotFound
from charter.history.events import Fact, RecordedEvent
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme
from charter.standing.words import DOWNWARDS

PLACEMENT_KINDS: Final = ("door", "van", "lanyard", "web-page", "other")
LONGEST_LABEL: Final = 100

SIGN_EDITIONS: Final = "sign-editions"
SIGN_STATUS_LISTS: Final = "sign-status-lists"
"""Kinds of work that are left in the outbox for the worker."""

MOST_TOGETHER: Final = 20
"""Badges that are signed, or revoked, in one transaction: everybody waits for its events."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An edition by its number, without its bytes."""

    id: int
    badge: UUID
    n: int


@dataclass(frozen=True, slots=True)
class _Owner:
    code: str
    organisation: UUID


async def follow_history(tx: Ledger, events: Sequence[RecordedEvent]) -> None:
    """Keep every badge in step with what is being recorded: a watcher of the scheme.

    Runs inside the transaction that moves a standing, so the page state and the revocation of
    what was said before commit with it; the worker then signs the list and the new edition.
    """
    for event in events:
        if event.kind == "standing-changed" and event.organisation is not None:
            await _turn_page(tx, event.organisation, event.data["to"])
    await _tell_editions_their_events(
        [event for event in events if event.kind == "badge-edition-issued"]
    )
    for organisation, first in _first_stated(events).items():
        tx.send(SIGN_EDITIONS, f"{SIGN_EDITIONS}:{first}", {"organisations": [str(organisation)]})


def _first_stated(events: Sequence[RecordedEvent]) -> Mapping[UUID, int]:
    """Return whose badge has to say something new, each with the first event that makes it so."""
    return {
        event.organisation: event.id
        for event in reversed(events)
        if event.kind in STATED and event.organisation is not None
    }


async def _turn_page(tx: Ledger, organisation: UUID, standing: str) -> None:
    badge = await open_badge(tx, organisation, standing)
    await Badge.update({Badge.page_state: standing}).where(Badge.id == badge.id)
    if standing in DOWNWARDS:
        await revoke_live_editions(tx, badge, reason=standing)


async def _tell_editions_their_events(events: Sequence[RecordedEvent]) -> None:
    if events:
        await Edition.raw(
            """
            UPDATE edition SET event = told.event
            FROM unnest({}::uuid[], {}::integer[], {}::bigint[]) AS told (organisation, n, event)
            JOIN badge ON badge.organisation = told.organisation
            WHERE edition.badge = badge.id AND edition.n = told.n
            """,
            [event.organisation for event in events],
            [event.data["edition"] for event in events],
            [event.id for event in events],
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
        "endorsement-received",
        "endorsement-withdrawn",
        "place-changed",
        "identifiers-changed",
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
    """Revoke what was signed for `badge` so far and return how many editions that were.

    The transaction has the pen already: whoever else revokes waits for it first.
    """
    return await _revoke(tx, await _live(Edition.badge == badge.id), reason)


async def revoke_editions_since(tx: Ledger, badge: Badge, *, since: datetime, reason: str) -> int:
    """Revoke what was signed for `badge` from `since` on; return how many editions that were.

    As with `revoke_live_editions`, the transaction has the pen already.
    """
    mine = (Edition.badge == badge.id) & (Edition.signed_at >= since)
    return await _revoke(tx, await _live(mine), reason)


async def revoke_editions_of_key(
    scheme: Scheme,
    *,
    verification_method: str,
    since: datetime,
) -> int:
    """Revoke every edition signed with a key, in either form, since it may have been stolen.

    Returns how many; each is signed anew by the worker. Broken off, it is simply run again.
    """
    signed_with_it = (Edition.signed_with == verification_method) | (
        Edition.jwt_signed_with == verification_method
    )
    revoked = 0
    while True:
        async with transaction(scheme) as tx:
            await tx.take_the_pen()
            suspect = await _live(signed_with_it & (Edition.signed_at >= since), most=MOST_TOGETHER)
            await _revoke(tx, suspect, "key-compromised")
        if not suspect:
            return revoked
        revoked += len(suspect)


async def _live(which: Combinable, *, most: int | None = None) -> list[_Numbered]:
    """Return those editions in force that are meant by `which`, without their large bytes."""
    found = Edition.select(Edition.id, Edition.badge, Edition.n).where(
        which & Edition.revoked_at.is_null()
    )
    found = found.order_by(Edition.id)
    rows = await (found if most is None else found.limit(most))
    return [_Numbered(**row) for row in rows]


async def _revoke(tx: Ledger, editions: Sequence[_Numbered], reason: str) -> int:
    if not editions:
        return 0
    ids = [edition.id for edition in editions]
    await Edition.update(
        {Edition.revoked_at: tx.now, Edition.revoked_reason: reason},
    ).where(Edition.id.is_in(ids))
    owners = await _owners(editions)
    for edition in editions:
        owner = owners[edition.badge]
        facts: dict[str, Fact] = {"code": owner.code, "edition": edition.n, "reason": reason}
        tx.record("badge-edition-revoked", facts, organisation=owner.organisation, by="system")
    first_and_last = f"{ids[0]}:{ids[-1]}"
    work = {"organisations": sorted({str(owner.organisation) for owner in owners.values()})}
    tx.send(SIGN_EDITIONS, f"{SIGN_EDITIONS}:after-revocation:{first_and_last}", work)
    tx.send(SIGN_STATUS_LISTS, f"{SIGN_STATUS_LISTS}:{first_and_last}", {})
    return len(editions)


async def _owners(editions: Sequence[_Numbered]) -> Mapping[UUID, _Owner]:
    wanted = Badge.id.is_in([edition.badge for edition in editions])
    rows = await Badge.select(Badge.id, Badge.code, Badge.organisation).where(wanted)
    return {row["id"]: _Owner(row["code"], row["organisation"]) for row in rows}


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
