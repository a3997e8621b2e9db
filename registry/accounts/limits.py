"""How often something may be tried: counted in the database, exactly, whoever counts.

One statement adds and reads, so N attempts pass and no more, however many processes ask at
once. Windows are fixed: a limit of 5 in 300 s starts anew every 300 s.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from charter.errors import CharterError
from registry.accounts.desk import Desk
from registry.accounts.tables import AttemptCounter


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts of one kind by one subject in each `window`."""

    name: str
    most: int
    window: timedelta


class TooManyAttempts(CharterError):
    """A limit is reached; `retry_after` is the number of seconds until it starts anew."""

    code = "too-many-attempts"

    def __init__(self, limit: Limit, retry_after: int) -> None:
        minutes = -(-retry_after // 60)
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"You have tried too many times. Wait {minutes} {unit} and try again.")
        self.limit = limit
        self.retry_after = retry_after


ASK_PER_ADDRESS = Limit("ask-address", 5, timedelta(minutes=15))
ASK_PER_BROWSER = Limit("ask-browser", 10, timedelta(minutes=15))
ASK_PER_NETWORK = Limit("ask-network", 60, timedelta(minutes=15))
ASK_AT_ALL = Limit("ask-all", 1_000, timedelta(minutes=5))
REDEEM_PER_BROWSER = Limit("redeem-browser", 10, timedelta(minutes=5))
REDEEM_PER_NETWORK = Limit("redeem-network", 60, timedelta(minutes=5))
SIGN_UP_PER_NETWORK = Limit("sign-up-network", 20, timedelta(hours=1))
VERIFY_PER_NETWORK = Limit("verify-network", 120, timedelta(minutes=5))
ENDORSE_PER_NETWORK = Limit("endorse-network", 60, timedelta(hours=1))
UNKNOWN_CODES_PER_NETWORK = Limit("unknown-codes-network", 60, timedelta(minutes=5))
REPORT_PER_BADGE = Limit("report-badge", 3, timedelta(hours=1))
CONCERN_PER_NETWORK = Limit("concern-network", 10, timedelta(hours=1))
FOLLOW_PER_NETWORK = Limit("follow-network", 30, timedelta(minutes=15))
PROPOSE_PER_NETWORK = Limit("propose-network", 10, timedelta(hours=1))
PROPOSE_PER_ACCOUNT = Limit("propose-account", 20, timedelta(hours=1))
MAIL_PER_ADDRESS = Limit("mail-address", 10, timedelta(hours=1))

_COUNT = """
INSERT INTO attempt_counter (key, attempts, expires_at) VALUES ({}, 1, {})
ON CONFLICT (key) DO UPDATE SET attempts = attempt_counter.attempts + 1
RETURNING attempts
"""


async def spend(desk: Desk, limit: Limit, subject: str) -> None:
    """Count one attempt by `subject`. Raises TooManyAttempts where it is one too many.

    The subject is hashed before it is stored: the counters name no address and no network.
    Call it outside any transaction: an attempt that failed has still been made.
    """
    now = desk.now()
    length = int(limit.window.total_seconds())
    number = int(now.timestamp()) // length
    ends = datetime.fromtimestamp((number + 1) * length, UTC)
    key = desk.keys.fingerprint("limits", f"{limit.name}\n{number}\n{subject}")
    rows = await AttemptCounter.raw(_COUNT, key, ends)
    if rows[0]["attempts"] > limit.most:
        raise TooManyAttempts(limit, max(1, ceil((ends - now).total_seconds())))


async def forget_ended_windows(desk: Desk) -> None:
    """Delete counters whose window is over."""
    await AttemptCounter.delete().where(AttemptCounter.expires_at <= desk.now())
