"""Rules 3 and 4, and rows 1 and 9 to 13 of the standing table: who may sign, and when again.

Pure: facts in, a decision or a refusal out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from charter.clock import local_day
from charter.errors import NotAllowed, ReasonNeeded, RuleViolation
from charter.framework.charter_text import CharterVersion
from charter.framework.pack import FrameworkPack
from charter.standing.words import Standing

S = Standing

STANDING_IN = frozenset({S.PLAN_DUE, S.ON_TRACK, S.OVERDUE, S.SUSPENDED, S.NOT_REPORTING})
"""Standings of a present signatory: it owes what it promised."""

SILENT = frozenset({S.SUSPENDED, S.NOT_REPORTING})
"""Standings that end only with the sponsor's new signature (row 9)."""

REPORTS = ("evidence", "more-needed-reply", "new-evidence", "reflection")
"""Obligations met by a report; all must be brought before a removed body returns (row 13)."""


class NotTheSponsor(NotAllowed):
    """Only the organisation's senior sponsor may sign or withdraw."""

    code = "not-the-sponsor"


class IdentityRefused(RuleViolation):
    """The organisation's application was refused."""

    code = "identity-refused"
    rule = 1


class AlreadySigned(RuleViolation):
    """The charter has been signed and the signature stands."""

    code = "already-signed"
    rule = 3


class NothingToSignAgain(RuleViolation):
    """No new version of the charter waits, and the organisation is not suspended."""

    code = "nothing-to-sign-again"
    rule = 3


class RemovedTooRecently(RuleViolation):
    """A removed organisation may not sign yet."""

    code = "removed-too-recently"
    rule = 30


class ReportsMissing(RuleViolation):
    """Reports from before the removal have not been brought."""

    code = "reports-missing"
    rule = 30


class ContinuedByAnother(RuleViolation):
    """The organisation was merged; the one that continues it signs."""

    code = "continued-by-another"
    rule = 2


class NotASignatory(RuleViolation):
    """The organisation has no signature that stands."""

    code = "not-a-signatory"
    rule = 4


@dataclass(frozen=True, slots=True)
class SignatureGiven:
    """The last signature of an organisation."""

    spell: int
    version: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What decides whether a signature can be given. `standing` is None before row 1."""

    identity: str
    continued: bool
    last: SignatureGiven | None
    standing: Standing | None
    since: datetime | None
    open_reports: Sequence[str]


def decide_signing(facts: SigningFacts, today: date, pack: FrameworkPack) -> int:
    """Return the spell a new signature opens.

    Raises `IdentityRefused`, `ContinuedByAnother`, `AlreadySigned`, `RemovedTooRecently` and
    `ReportsMissing`.
    """
    if facts.identity == "refused":
        raise IdentityRefused("This application was refused. Appeal, or apply again, then sign.")
    if facts.continued:
        raise ContinuedByAnother("Another organisation continues this one. Sign for that one.")
    if facts.last is None:
        return 1
    if facts.standing is None or facts.standing in STANDING_IN:
        raise AlreadySigned("The charter has been signed already. You need do nothing more.")
    if facts.standing is Standing.REMOVED and facts.since is not None:
        _decide_return_after_removal(facts, facts.since, today, pack)
    return facts.last.spell + 1


def _decide_return_after_removal(
    facts: SigningFacts, since: datetime, today: date, pack: FrameworkPack
) -> None:
    days = pack.numbers.standing.removed_re_sign_days
    earliest = local_day(since, pack.zone) + timedelta(days=days)
    if today < earliest:
        raise RemovedTooRecently(
            f"After removal, an organisation can sign again from {earliest:%-d %B %Y}."
        )
    if facts.open_reports:
        raise ReportsMissing(f"Send these reports first: {'; '.join(facts.open_reports)}.")


def decide_signing_again(facts: SigningFacts, version: str) -> int:
    """Return the spell in which the charter is signed again: after suspension, or a new version.

    Raises `NotASignatory`, `AlreadySigned` and `NothingToSignAgain`.
    """
    last = facts.last
    if last is None or facts.standing not in STANDING_IN:
        raise NotASignatory("There is no signature in force. Sign the charter first.")
    if last.version != version:
        return last.spell
    if facts.standing not in SILENT or facts.since is None:
        raise NothingToSignAgain("The version in force is signed and nothing is suspended.")
    if last.signed_at > facts.since:
        raise AlreadySigned("The sponsor has signed again already. The missing reports come next.")
    return last.spell


def announced_version(today: date, pack: FrameworkPack) -> CharterVersion:
    """Return the version signatories are asked for: one that comes is announced first (rule 3)."""
    ahead = timedelta(days=pack.numbers.signing.re_sign_warning_days)
    return pack.charter_on(today + ahead)


def re_sign_due(version: CharterVersion, today: date, pack: FrameworkPack) -> date:
    """Return the last day of the window in which a version is signed again (rule 3).

    The window opens with the version, never before today, and is never shorter than the pack says
    unless the version itself names a day.
    """
    opens = max(version.published_on, today)
    named = version.resign_by
    if named is not None and named > opens:
        return named
    return opens + timedelta(days=pack.numbers.signing.re_sign_days)


def decide_withdrawal(facts: SigningFacts, reason: str) -> None:
    """Raise `NotASignatory` or `ReasonNeeded` where the organisation cannot leave (row 11)."""
    if facts.standing not in STANDING_IN:
        raise NotASignatory("There is no signature in force to withdraw.")
    if not reason.strip():
        raise ReasonNeeded("Say in public why the organisation leaves the charter.")
