"""Who is signed in: sessions kept in the database, known by a cookie that is kept nowhere.

An id a browser brings is looked up and never adopted: an unknown one is nobody. A new id is
made at every sign-in, and ending a session deletes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from registry.accounts.desk import Desk
from registry.accounts.keys import new_token
from registry.accounts.parked import own_forms
from registry.accounts.tables import Session

ABSOLUTE = timedelta(hours=12)
"""A session ends this long after sign-in, whatever happens."""

IDLE = timedelta(hours=2)
"""A session not used for this long has ended."""

NOTED_EVERY = timedelta(minutes=5)
"""Use is written down at most this often: a page view is not a write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request.

    `roles` are those of the hub and of auditors; `memberships` the roles in organisations, by
    organisation. Both are read anew for every request: a role taken away is gone at once.
    `has_parked` says that a form of theirs could not be taken in and waits on its page.
    """

    account: UUID
    cookie: str
    since: datetime
    roles: frozenset[str] = frozenset()
    memberships: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    has_parked: bool = False


async def start(desk: Desk, *, account: UUID, how: str, replaces: str | None) -> str:
    """Begin a session and return its cookie; the one it `replaces` ends."""
    if replaces:
        await end(desk, replaces)
    cookie = new_token(desk.chance)
    now = desk.now()
    await Session.insert(
        Session(
            key=_key(desk, cookie),
            account=account,
            started_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
            how=how,
        )
    )
    await own_forms(desk, account=account, token=desk.keys.token("csrf", form_subject(cookie)))
    return cookie


def form_subject(cookie: str) -> str:
    """Return what the token in the forms of a session is bound to."""
    return f"session:{cookie}"


_WHO = """
SELECT s.account, s.started_at, s.seen_at,
       ARRAY(SELECT g.role FROM role_grant g
             WHERE g.account = s.account AND g.ended_at IS NULL) AS roles,
       ARRAY(SELECT m.organisation::text || ' ' || m.role FROM membership m
             WHERE m.account = s.account AND m.ended_at IS NULL) AS memberships,
       EXISTS (SELECT 1 FROM parked_form p WHERE p.account = s.account) AS has_parked
FROM session s JOIN account a ON a.id = s.account
WHERE s.key = {} AND s.expires_at > {} AND s.seen_at > {} AND a.closed_at IS NULL
"""


async def find(desk: Desk, cookie: str) -> SignedIn | None:
    """Return who holds `cookie`, or None where the session is unknown, over, idle or closed."""
    now = desk.now()
    key = _key(desk, cookie)
    rows = await Session.raw(_WHO, key, now, now - IDLE)
    if not rows:
        return None
    row = rows[0]
    if row["seen_at"] < now - NOTED_EVERY:
        await Session.update({Session.seen_at: now}).where(Session.key == key)
    memberships: dict[UUID, frozenset[str]] = {}
    for entry in row["memberships"]:
        organisation, role = entry.split(" ", 1)
        held = memberships.get(UUID(organisation), frozenset())
        memberships[UUID(organisation)] = held | {role}
    return SignedIn(
        account=row["account"],
        cookie=cookie,
        since=row["started_at"],
        roles=frozenset(row["roles"]),
        memberships=memberships,
        has_parked=row["has_parked"],
    )


async def end(desk: Desk, cookie: str) -> None:
    """End the session of `cookie`, if it is one."""
    await Session.delete().where(Session.key == _key(desk, cookie))


async def end_all(*, account: UUID) -> None:
    """End every session of `account`: after a change of roles, or when asked."""
    await Session.delete().where(Session.account == account)


async def forget_ended(desk: Desk) -> None:
    """Delete sessions that are over."""
    await Session.delete().where(Session.expires_at <= desk.now())


def _key(desk: Desk, cookie: str) -> bytes:
    return desk.keys.fingerprint("session", cookie)
