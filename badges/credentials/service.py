"""The use case of signing an edition: in the worker, never in a request."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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
from badges.status_lists.service import take_place
from badges.tables import Badge, Edition
from charter.clock import local_day
from charter.errors import NotFound
from charter.history.kinds import Fact
from charter.ledger import Ledger, transaction
from charter.scheme import Scheme
from charter.standing.words import DOWNWARDS

SECOND: Final = timedelta(seconds=1)


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


async def sign_edition(
    scheme: Scheme,
    *,
    facts: BadgeFacts,
    issuer: Issuer,
    signers: Signers,
) -> Edition:
    """Return an edition in force that states `facts`, signing a new one where there is none.

    Asking twice for the same facts signs once, until the edition has lived half its life. An
    edition that is worse than the one before revokes all before it in the same transaction.
    Raises NotFound where no badge has the code, OddShape where a fact cannot be signed.
    """
    async with transaction(scheme) as tx:
        badge = await _lock_badge(facts.code)
        latest = await _latest(badge)
        digest = facts_digest(facts, issuer)
        until = assess_validity(
            facts,
            at=tx.now,
            zone=scheme.pack.zone,
            numbers=scheme.pack.numbers.badges,
        )
        if latest is not None and _still_says_it(latest, digest, until, tx.now):
            return latest
        if latest is not None and facts.standing in DOWNWARDS and latest.standing != facts.standing:
            await revoke_live_editions(tx, badge, reason=facts.standing)
        list_number, index = await take_place(tx)
        terms = EditionTerms(
            n=latest.n + 1 if latest else 1,
            valid_from=_newer(tx.now, latest),
            valid_until=until,
            status_list=list_number,
            status_index=index,
        )
        await _draw_anew(badge, facts, issuer, tx)
        sealed = seal(
            facts,
            issuer,
            terms,
            signers=signers,
            svg=badge.picture_svg,
            png=badge.picture_png,
            at=tx.now,
        )
        edition = Edition(
            badge=badge.id,
            n=terms.n,
            standing=facts.standing.value,
            facts_digest=digest,
            valid_from=terms.valid_from,
            valid_until=whole_second(until),
            signed_at=tx.now,
            signed_with=signers.embedded.verification_method,
            status_list=list_number,
            status_index=index,
        )
        return await _keep(tx, badge, edition, sealed)


async def _lock_badge(code: str) -> Badge:
    badge = await Badge.objects().where(Badge.code == code).lock_rows("UPDATE").first()
    if badge is None:
        raise NotFound("There is no badge with this code.")
    return badge


async def _latest(badge: Badge) -> Edition | None:
    newest_first = Edition.objects().order_by(Edition.n, ascending=False)
    return await newest_first.where(Edition.badge == badge.id).first()


def _still_says_it(latest: Edition, digest: str, until: datetime, now: datetime) -> bool:
    """Return whether `latest` need not be replaced: the same facts, and long enough to go."""
    if _is_revoked(latest) or latest.facts_digest != digest:
        return False
    half = latest.valid_from + (latest.valid_until - latest.valid_from) / 2
    return now < half or whole_second(until) <= latest.valid_until


def _is_revoked(edition: Edition) -> bool:
    revoked_at: datetime | None = edition.revoked_at
    return revoked_at is not None


def _newer(now: datetime, latest: Edition | None) -> datetime:
    """Return now, or just after the edition before: a host tells them apart by `validFrom`."""
    at = whole_second(now)
    return at if latest is None else max(at, latest.valid_from + SECOND)


async def _draw_anew(badge: Badge, facts: BadgeFacts, issuer: Issuer, tx: Ledger) -> None:
    """Draw the pictures of `badge` where they do not yet show what they should."""
    shown = PictureFacts(
        organisation=facts.organisation,
        charter=facts.charter.name,
        signed_on=local_day(facts.signed_at, tx.scheme.pack.zone),
        address=issuer.badge_url(badge.code),
        code=badge.code,
    )
    digest = shown.digest()
    if badge.picture_digest == digest:
        return
    svg = draw_badge(shown)
    badge.picture_digest, badge.picture_svg, badge.picture_png = digest, svg, draw_png(svg)
    await badge.save([Badge.picture_digest, Badge.picture_svg, Badge.picture_png])


async def _keep(tx: Ledger, badge: Badge, edition: Edition, sealed: SealedEdition) -> Edition:
    edition.credential, edition.jwt = sealed.credential, sealed.jwt
    edition.png, edition.svg = sealed.png, sealed.svg
    edition.sha256 = hashlib.sha256(sealed.credential).hexdigest()
    await edition.save()
    told: dict[str, Fact] = {
        "code": badge.code,
        "edition": edition.n,
        "sha256": edition.sha256,
        "valid_until": local_day(edition.valid_until, tx.scheme.pack.zone).isoformat(),
    }
    tx.record("badge-edition-issued", told, organisation=badge.organisation, by="system")
    return edition
