"""Use cases of panels' own words: recording whose keys count, taking words in, letting them go.

Nobody signs in to hand in an endorsement: the seal says who did. What is let go leaves the next
edition, and every edition that carried it is revoked in the same transaction.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.custom_types import Combinable

from badges.credentials.facts import Issuer
from badges.credentials.model import EndorsementCredential, issuer_of
from badges.endorsements.queries import (
    badge_to_endorse,
    on_record,
    ourselves,
    panels_on_record,
    panels_seen,
)
from badges.endorsements.refusals import PanelKeyDecided, PanelKeyNeedsTwo
from badges.endorsements.rules import (
    LARGEST,
    REPLACED,
    TAKEN_BACK,
    BadgeToEndorse,
    PanelOnRecord,
    WhyEnded,
    read_endorsement,
    require_endorsable,
    require_panel,
    require_panels_word,
    takes_back,
)
from badges.endorsements.tables import Endorsement, PanelKey
from badges.keys import TrustedKeys
from badges.service import revoke_editions_since
from badges.tables import Badge
from charter.errors import FieldError, InvalidInput, NotFound
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.organisations.rules import OwnEmployer, shares_employer
from charter.scheme import Scheme


@dataclass(frozen=True, slots=True)
class PanelsWord:
    """What a panel's handing in comes to: about whom, and whether a word is given or taken back."""

    said: EndorsementCredential
    panel: PanelOnRecord
    badge: BadgeToEndorse
    taken_back: bool
    known: bool

    @property
    def content(self) -> bytes:
        """The endorsement as it is kept: its one form, whatever spaces it was handed in with."""
        return msgspec.json.encode(self.said)

    @property
    def sha256(self) -> str:
        """The hexadecimal SHA-256 of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


async def propose_panel(
    scheme: Scheme,
    *,
    steward: UUID,
    steward_employer_domain: str,
    name: str,
    url: str,
    document: str,
    issuer: Issuer,
) -> int:
    """Propose to record the key that a panel holds itself; it counts for nothing yet.

    Returns its number. Raises `InvalidInput` and `OwnEmployer`.
    """
    if len(document.encode()) > LARGEST:
        much = FieldError("document", "This is larger than any did.json.")
        raise InvalidInput("This key cannot be recorded yet.", errors=[much])
    async with transaction(scheme) as tx:
        ours = await ourselves(issuer)
        panel, _ = require_panel(name, url, document, ours, await _others(url))
        _require_no_tie(steward_employer_domain, panel.url)
        row = PanelKey(
            did=panel.id,
            name=panel.name,
            url=panel.url,
            document=document.encode(),
            sha256=hashlib.sha256(document.encode()).hexdigest(),
            proposed_by=steward,
            proposed_at=tx.now,
        )
        await row.save()
        return int(row.id)


async def confirm_panel(
    scheme: Scheme, *, steward: UUID, steward_employer_domain: str, number: int, issuer: Issuer
) -> None:
    """Record the key that another steward proposed; what it seals is taken in from now on.

    An earlier key of the same panel is replaced: words sealed with a key that the new document
    does not list are let go. Raises `NotFound`, `PanelKeyNeedsTwo`, `PanelKeyDecided`,
    `OwnEmployer`, and `InvalidInput` where the key was taken meanwhile.
    """
    async with transaction(scheme) as tx:
        row = await _panel(number, "proposed")
        if row.proposed_by == steward:
            raise PanelKeyNeedsTwo("You proposed this. Ask another steward to confirm it.")
        _require_no_tie(steward_employer_domain, row.url)
        document = bytes(row.document).decode()
        ours, others = await ourselves(issuer), await _others(row.url)
        _, keys = require_panel(row.name, row.url, document, ours, others)
        before = (PanelKey.did == row.did) & (PanelKey.state == "confirmed")
        await PanelKey.update(_ending(tx, steward, REPLACED)).where(before)
        await PanelKey.update(_deciding(tx, steward, "confirmed")).where(PanelKey.id == number)
        words = await tx.publish_words("panel", {"name": row.name, "url": row.url})
        facts: dict[str, Fact] = {"panel": number, "did": row.did, "did_digest": row.sha256}
        tx.record("panel-key-recorded", facts, by="steward", words=words)
        await _let_go(tx, _sealed_otherwise(row.did, keys), REPLACED)


async def drop_panel(scheme: Scheme, *, steward: UUID, number: int) -> None:
    """Leave a proposed key unrecorded. Raises `NotFound` and `PanelKeyDecided`."""
    async with transaction(scheme) as tx:
        await _panel(number, "proposed")
        await PanelKey.update(_deciding(tx, steward, "dropped")).where(PanelKey.id == number)


async def end_panel(scheme: Scheme, *, steward: UUID, number: int, why: WhyEnded) -> None:
    """Stop believing a panel's keys at once, and let go of everything sealed with them.

    One steward is enough: a stolen key waits for nobody, and to come back takes two. Raises
    `NotFound` and `PanelKeyDecided`.
    """
    async with transaction(scheme) as tx:
        row = await _panel(number, "confirmed")
        await PanelKey.update(_ending(tx, steward, why)).where(PanelKey.id == number)
        tx.record("panel-key-ended", {"panel": number, "why": why}, by="steward")
        await _let_go(tx, Endorsement.did == row.did, why)


async def look_at_endorsement(scheme: Scheme, *, content: bytes, issuer: Issuer) -> PanelsWord:
    """Return what handing in `content` would come to; nothing is taken in.

    Raises what `hand_in_endorsement` raises.
    """
    said = read_endorsement(content)
    return await _weighed(said, issuer, scheme, scheme.now())


async def hand_in_endorsement(scheme: Scheme, *, content: bytes, issuer: Issuer) -> PanelsWord:
    """Take in what a panel sealed itself, as it sealed it, for the next edition of the badge.

    The same twice is taken in once. Sealed anew under the same address and over already,
    it takes the panel's word back. Raises the refusals of `rules`.
    """
    said = read_endorsement(content)
    async with transaction(scheme) as tx:
        theirs = (PanelKey.did == issuer_of(said)) & (PanelKey.state == "confirmed")
        await PanelKey.objects().where(theirs).lock_rows("UPDATE")
        word = await _weighed(said, issuer, scheme, tx.now)
        if word.taken_back:
            organisation = Endorsement.organisation == word.badge.organisation
            await _let_go(tx, (Endorsement.did == word.panel.did) & organisation, TAKEN_BACK)
            # Kept as the newest word: what was sealed before it is never taken in afterwards.
            ended = _row(tx, word)
            ended.withdrawn_at, ended.why_withdrawn = tx.now, TAKEN_BACK
            await ended.save()
        elif not word.known:
            row = _row(tx, word)
            await row.save()
            tx.record(
                "endorsement-received",
                {"panel": row.panel, "endorsement": int(row.id), "sha256": row.sha256},
                organisation=row.organisation,
                by="panel",
            )
        return word


async def _weighed(
    said: EndorsementCredential, issuer: Issuer, scheme: Scheme, now: datetime
) -> PanelsWord:
    """Return what `said` comes to. Raises what speaks against it."""
    ours = await ourselves(issuer)
    recorded = await _on_record(issuer_of(said))
    # In a thread: canonicalising a document takes milliseconds of one core.
    panel = await asyncio.to_thread(require_panels_word, said, recorded, ours)
    badge = await badge_to_endorse(said.credential_subject.id, panel.did, issuer)
    digest = hashlib.sha256(msgspec.json.encode(said)).hexdigest()
    same = Endorsement.sha256 == digest
    if badge and await Endorsement.exists().where(same & Endorsement.withdrawn_at.is_null()):
        return PanelsWord(said, panel, badge, taken_back=False, known=True)
    if badge and takes_back(said, badge, now):
        return PanelsWord(said, panel, badge, taken_back=True, known=False)
    badge = require_endorsable(said, badge, scheme.pack.numbers.badges, now)
    return PanelsWord(said, panel, badge, taken_back=False, known=False)


def _row(tx: Ledger, word: PanelsWord) -> Endorsement:
    said = word.said
    [proof] = said.proof or []
    return Endorsement(
        panel=word.panel.number,
        did=word.panel.did,
        organisation=word.badge.organisation,
        address=said.id,
        credential=word.content,
        sha256=word.sha256,
        signed_with=proof.verification_method,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        received_at=tx.now,
    )


async def _let_go(tx: Ledger, which: Combinable, why: str) -> None:
    """Carry the endorsements meant by `which` no more, and revoke what carried them."""
    standing = which & Endorsement.withdrawn_at.is_null()
    rows = await Endorsement.objects().where(standing).order_by(Endorsement.id).lock_rows("UPDATE")
    if not rows:
        return
    changes: dict[Column | str, object] = {
        Endorsement.withdrawn_at: tx.now,
        Endorsement.why_withdrawn: why,
    }
    await Endorsement.update(changes).where(Endorsement.id.is_in([row.id for row in rows]))
    await tx.take_the_pen()
    for row in rows:
        tx.record(
            "endorsement-withdrawn",
            {"panel": row.panel, "endorsement": int(row.id), "why": why},
            organisation=row.organisation,
            by="panel" if why == TAKEN_BACK else "steward",
        )
    for organisation in dict.fromkeys(row.organisation for row in rows):
        since = min(row.received_at for row in rows if row.organisation == organisation)
        badge = await Badge.objects().get(Badge.organisation == organisation)
        if badge is not None:
            await revoke_editions_since(tx, badge, since=since, reason="endorsement-withdrawn")


def _sealed_otherwise(did: str, keys: TrustedKeys) -> Combinable:
    return (Endorsement.did == did) & Endorsement.signed_with.not_in(list(keys))


async def _on_record(did: str) -> PanelOnRecord | None:
    found = [panel for panel in await panels_on_record() if panel.did == did]
    return on_record(found[0]) if found else None


async def _others(url: str) -> Sequence[PanelOnRecord]:
    """Return the keys that the panel at `url` cannot bring: others', and those that were stolen."""
    own = url.strip("/ ")
    return [
        on_record(each)
        for each in await panels_seen()
        if (each.state == "confirmed" and each.url != own) or each.why_ended == "key-compromised"
    ]


async def _panel(number: int, state: str) -> PanelKey:
    """Lock everything on record of one panel, in one order, and return one key of it."""
    asked = await PanelKey.select(PanelKey.did).where(PanelKey.id == number).first()
    if asked is None:
        raise NotFound("There is no panel's key with this number.")
    same = PanelKey.objects().where(PanelKey.did == asked["did"]).order_by(PanelKey.id)
    [row] = [row for row in await same.lock_rows("UPDATE") if row.id == number]
    if row.state != state:
        raise PanelKeyDecided("This was decided already. Look at it again.")
    return row


def _require_no_tie(domain: str, url: str) -> None:
    host = url.partition("://")[2].partition(":")[0]
    if shares_employer(domain, host):
        raise OwnEmployer("You work for this panel's body. Ask a steward from elsewhere.")


def _deciding(tx: Ledger, steward: UUID, state: str) -> dict[Column | str, object]:
    return {
        PanelKey.state: state,
        PanelKey.decided_by: steward,
        PanelKey.decided_at: tx.now,
    }


def _ending(tx: Ledger, steward: UUID, why: str) -> dict[Column | str, object]:
    return {
        PanelKey.state: "ended",
        PanelKey.ended_by: steward,
        PanelKey.ended_at: tx.now,
        PanelKey.why_ended: why,
    }
