"""Checking a badge offline: a file, the issuer's keys, an instant and, where at hand, its list.

Nothing is fetched and nothing in the file is believed before its signature holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from msgspec import UnsetType

from badges.credentials.model import (
    AnyCredential,
    BitstringStatusListCredential,
    Credential,
    EndorsementCredential,
    OddShape,
    OpenBadgeCredential,
    issuer_of,
    read_shape,
)
from badges.credentials.sign import is_sealed
from badges.credentials.tokens import ForgedToken, read_token
from badges.keys import TrustedKeys
from badges.reading import Unreadable, read_badge_file
from badges.status_lists.bits import UnreadableList, is_set

Outcome = Literal["passed", "failed", "unknown"]

CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""How far the reader's clock may be behind ours. Also, of two editions signed in one second the
newer is valid only from the next second on."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a badge, its outcome, and a sentence for a person."""

    name: str
    outcome: Outcome
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in the order made. `badge` is given once its signature holds."""

    checks: tuple[Check, ...]
    badge: OpenBadgeCredential | None = None

    @property
    def accepted(self) -> bool:
        """Return whether every check passed: one that could not be made is not a pass."""
        return all(check.outcome == "passed" for check in self.checks)

    def outcome(self, name: str) -> Outcome | None:
        """Return the outcome of the check `name`, None where it was not reached."""
        return next((check.outcome for check in self.checks if check.name == name), None)


def verify_badge(
    content: bytes,
    *,
    issuer: str,
    keys: TrustedKeys,
    at: datetime,
    status_list: bytes | None = None,
) -> Report:
    """Return what can be said about the badge in `content` (JSON, token, PNG or SVG) at `at`.

    `issuer` is the DID to be believed and `keys` are its keys; `status_list` is the status
    list the badge names, as JSON or as a token, where the caller has it.
    """
    try:
        found = read_badge_file(content)
    except Unreadable as why:
        return Report((Check("readable", "failed", str(why)),))
    readable = Check("readable", "passed", "The file holds one credential.")
    badge, signature = _read_sealed(found, OpenBadgeCredential, issuer, keys)
    if badge is None:
        return Report((readable, signature))
    checks = (
        readable,
        signature,
        _in_force(badge, at),
        _not_revoked(badge, status_list, keys, at),
        *_endorsements(badge, keys, at),
    )
    return Report(checks, badge)


def _read_sealed(
    found: dict[str, Any] | str,
    shape: type[AnyCredential],
    issuer: str,
    keys: TrustedKeys,
) -> tuple[AnyCredential | None, Check]:
    try:
        if isinstance(found, str):
            credential = read_token(found, shape, keys)
            sealed = True
        else:
            credential = read_shape(found, shape)
            sealed = is_sealed(credential, keys)
    except OddShape as odd:
        return None, Check("signature", "failed", f"This registry never wrote this: {odd}.")
    except ForgedToken as forged:
        return None, Check("signature", "failed", f"The signature does not hold: {forged}.")
    if issuer_of(credential) != issuer:
        other = issuer_of(credential)
        return None, Check("signature", "failed", f"Somebody else issued it: {other}.")
    if not sealed:
        changed = "The signature does not hold: the badge was changed, or the key is not ours."
        return None, Check("signature", "failed", changed)
    return credential, Check("signature", "passed", f"It was signed by {issuer} and not changed.")


def _in_force(credential: Credential, at: datetime, name: str = "in force") -> Check:
    if at + CLOCKS_DIFFER < credential.valid_from:
        return Check(name, "failed", f"It is only valid from {_day(credential.valid_from)} on.")
    if at >= credential.valid_until:
        return Check(name, "failed", f"It ran out on {_day(credential.valid_until)}.")
    return Check(name, "passed", f"It is valid until {_day(credential.valid_until)}.")


class _ListNotUsable(ValueError):
    """The status list answers nothing; the message says why."""


def _not_revoked(
    badge: OpenBadgeCredential,
    status_list: bytes | None,
    keys: TrustedKeys,
    at: datetime,
) -> Check:
    try:
        listed = _read_list(badge, status_list, keys, at)
        index = int(badge.credential_status.status_list_index)
        revoked = is_set(listed.credential_subject.encoded_list, index)
    except (_ListNotUsable, Unreadable, UnreadableList) as why:
        return Check("not revoked", "unknown", f"Whether it was revoked is not known: {why}")
    if revoked:
        return Check("not revoked", "failed", "This edition was revoked: ask for the newest one.")
    return Check("not revoked", "passed", f"It was not revoked as of {_day(listed.valid_from)}.")


def _read_list(
    badge: OpenBadgeCredential,
    content: bytes | None,
    keys: TrustedKeys,
    at: datetime,
) -> BitstringStatusListCredential:
    """Return the status list in `content`, once it is the right one, sealed and in force."""
    address = badge.credential_status.status_list_credential
    if content is None:
        raise _ListNotUsable(f"look it up at {address}.")
    found = read_badge_file(content)
    listed, sealed = _read_sealed(found, BitstringStatusListCredential, issuer_of(badge), keys)
    if listed is None:
        raise _ListNotUsable(f"of the status list: {sealed.sentence}")
    if listed.id != address:
        raise _ListNotUsable(f"the status list is not the one at {address}.")
    current = _in_force(listed, at)
    if current.outcome != "passed":
        raise _ListNotUsable(f"of the status list: {current.sentence}")
    return listed


def _endorsements(badge: OpenBadgeCredential, keys: TrustedKeys, at: datetime) -> list[Check]:
    if isinstance(badge.endorsement, UnsetType):
        return []
    return [_endorsed(badge, endorsement, keys, at) for endorsement in badge.endorsement]


def _endorsed(
    badge: OpenBadgeCredential,
    endorsement: EndorsementCredential,
    keys: TrustedKeys,
    at: datetime,
) -> Check:
    by = endorsement.issuer.name
    if endorsement.credential_subject.id != badge.credential_subject.id:
        return Check("endorsed", "failed", f"The endorsement by {by} is about somebody else.")
    if all(name.partition("#")[0] != issuer_of(endorsement) for name in keys):
        return Check("endorsed", "unknown", f"The keys of {by} are not at hand.")
    if not is_sealed(endorsement, keys):
        changed = f"The endorsement by {by} was changed, or the key is not its own."
        return Check("endorsed", "failed", changed)
    in_force = _in_force(endorsement, at)
    stands = f"{by} stands behind it, sealed with its own key as {issuer_of(endorsement)}."
    return Check("endorsed", in_force.outcome, f"{stands} {in_force.sentence}")


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
