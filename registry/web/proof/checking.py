"""Checking a badge that a stranger hands in, with nothing but what this registry holds itself.

Nothing is fetched: the keys are those published here, the status list is the one last signed here.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from badges.credentials.facts import Issuer
from badges.credentials.model import EndorsementCredential
from badges.credentials.sign import is_sealed
from badges.endorsements.queries import keys_of_panels
from badges.keys import TrustedKeys, read_did_document
from badges.queries import issuer_document, served_list
from badges.reading import LARGEST_FILE
from badges.verify import Check, Report, verify_badge
from charter.scheme import Scheme
from registry.web.proof.reading import BadgeShown, UnknownBadge, find_badge
from registry.web.proof.verdicts import GOOD, headline

MOST_BYTES: Final = LARGEST_FILE + 100_000
"""Of a request: the largest file and the form around it."""

_NUMBER: Final = re.compile(r"[0-9]{1,8}")
_CODE_IN_ADDRESS: Final = re.compile(r"(?:https?://)?[^\s/]+/b/(?P<code>[0-9A-Za-z-]{10,12})\b.*")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: each check in order, and the badge as it stands now where it is ours."""

    checks: tuple[Check, ...]
    badge: BadgeShown | None

    @property
    def accepted(self) -> bool:
        """Whether every check passed."""
        return all(check.outcome == "passed" for check in self.checks)


async def check_code(typed: str, scheme: Scheme) -> Checked:
    """Check a code, or the address of a badge, as somebody typed it."""
    address = _CODE_IN_ADDRESS.fullmatch(typed.strip())
    try:
        badge = await find_badge(address["code"] if address else typed, scheme)
    except UnknownBadge as unknown:
        return Checked((Check("registered", "failed", unknown.message),), None)
    found = Check("registered", "passed", f"The code belongs to {badge.name}.")
    return Checked((found, _standing_check(badge)), badge)


async def check_file(content: bytes, scheme: Scheme, issuer: Issuer) -> Checked:
    """Check a badge in JSON, as a token, as PNG or as SVG."""
    keys = await published_keys()
    now = scheme.now()
    first = await _verified(content, issuer, keys, now, None)
    if first.badge is None:
        return Checked(first.checks, None)
    listed = await _list_named(first.badge.credential_status.status_list_credential, issuer)
    report = await _verified(content, issuer, keys, now, listed) if listed else first
    if first.outcome("not revoked") is None:
        return Checked(report.checks, None)
    code = first.badge.id.rpartition("/")[2]
    try:
        badge = await find_badge(code, scheme)
    except UnknownBadge as unknown:
        return Checked((*report.checks, Check("registered", "failed", unknown.message)), None)
    checks = (*report.checks, _newest_check(first, badge), _standing_check(badge))
    return Checked(checks, badge)


async def published_keys() -> TrustedKeys:
    """Return the keys this registry publishes, and those of panels that it has on record.

    A panel's keys stand under the panel's own name, so that none of them speaks for us.
    """
    content = await issuer_document("did.json")
    ours = read_did_document(msgspec.json.decode(content)) if content else {}
    return {**await keys_of_panels(), **ours}


async def _list_named(address: str, issuer: Issuer) -> bytes | None:
    """Return the status list at `address`, where it is one of ours."""
    number = address.rpartition("/")[2]
    if not _NUMBER.fullmatch(number) or address != issuer.status_list_url(int(number)):
        return None
    listed = await served_list(int(number))
    return listed.credential if listed else None


async def _verified(
    content: bytes, issuer: Issuer, keys: TrustedKeys, now: datetime, listed: bytes | None
) -> Report:
    """Verify in a thread: canonicalising a document takes milliseconds of one core."""
    return await asyncio.to_thread(
        verify_badge, content, issuer=issuer.did, keys=keys, at=now, status_list=listed
    )


async def sound_endorsements(badge: BadgeShown, now: datetime) -> Sequence[EndorsementCredential]:
    """Return the panels' words inside the newest edition, checked under the keys on record now."""
    if not badge.endorsements:
        return ()
    keys = await keys_of_panels()
    sound = [
        await asyncio.to_thread(is_sealed, said, keys) and said.valid_until > now
        for said in badge.endorsements
    ]
    return [said for said, holds in zip(badge.endorsements, sound, strict=True) if holds]


def _newest_check(report: Report, badge: BadgeShown) -> Check:
    """Say whether the edition handed in is the newest: an older one is no forgery, only old."""
    newest = badge.edition
    if newest is None or report.badge is None or report.badge.valid_from >= newest.valid_from:
        return Check("newest", "passed", "It is the newest edition.")
    return Check("newest", "unknown", f"There is a newer edition: number {newest.n}.")


def _standing_check(badge: BadgeShown) -> Check:
    standing = badge.answer.standing
    outcome: Any = "passed" if standing in GOOD else "failed"
    return Check("standing now", outcome, headline(standing, badge.name))
