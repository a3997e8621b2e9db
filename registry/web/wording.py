"""How dates, amounts and counts read on a page. British, plain, the same everywhere."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

NOON = 12


def day(value: date, *, zone: ZoneInfo) -> str:
    """Return `value` as people write a date. An instant is its day in `zone`."""
    return calendar_day(value.astimezone(zone) if isinstance(value, datetime) else value)


def calendar_day(value: date) -> str:
    """Return a day as people write it: 7 March 2027."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime, *, zone: ZoneInfo) -> str:
    """Return `value` as a time and date in `zone`: 4:05pm on 7 March 2027."""
    there = value.astimezone(zone)
    hour = there.hour % 12 or 12
    half = "am" if there.hour < NOON else "pm"
    return f"{hour}:{there:%M}{half} on {day(there, zone=zone)}"


def pounds(pence: int) -> str:
    """Return an amount in pence as pounds: £1,250 or £12.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" if rest == 0 else f"£{whole:,}.{rest:02}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `count` with its noun: 1 day, 3 days."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(token: str) -> str:
    """Return a kebab-case token as words: not-yet-due becomes Not yet due."""
    words = token.replace("-", " ")
    return words[:1].upper() + words[1:]


TOLD: Mapping[str, str] = {
    # standings
    "plan-due": "Plan due",
    "on-track": "Reports on time",
    "overdue": "Overdue",
    "suspended": "Suspended",
    "not-reporting": "Not reporting",
    "lapsed": "Lapsed",
    "removed": "Removed",
    "withdrawn": "Withdrawn",
    # levels
    "signatory": "Signatory: it signed the charter",
    "committed": "Committed: it has a confirmed plan for every type that applies",
    "evidenced": "Evidenced: reports were accepted for every type that applies",
    "reviewed": "Reviewed: communities looked back on its year in public",
    # results
    "kept": "Kept",
    "partly-kept": "Partly kept",
    "not-kept": "Did not work",
    "late": "Late",
    "not-yet-due": "Not yet due",
    "live": "Not yet due",
    # how far, for one type
    "unanswered": "No answer yet",
    "type-not-applicable-agreed": "Nothing to promise: auditors agreed that it does not apply",
    "type-unanswered": "Nothing promised yet",
    "type-pledged": "Something is promised",
    "type-evidenced": "A report was accepted in the last 12 months",
    "type-reviewed": "A report was accepted and communities looked back on the year",
    # flags
    "under-review": "Under review",
    "voices-differ": "Two views differ",
    "paused": "Paused",
    "no-panel-available": "No panel available",
    "text-held": "Words are being checked",
    # identity
    "domain-mail": "by email at its own web domain",
    "dns-txt": "by a record in its own web domain",
    "register": "by a match in a public register, checked by the hub",
    "vouched": "by two people with no tie to each other, checked by the hub",
    # agreed with communities
    "confirmed": "Agreed: people who took part confirmed it",
    "claimed": "Claimed by the organisation, not confirmed by communities",
    "no": "Not yet agreed with communities",
    # clocks
    "running": "Running",
    "waiting-on-hub": "Waiting on the hub or its auditors",
    "met": "Done",
    "waived": "No longer asked for",
    # verdicts and findings
    "accepted": "Accepted: the evidence bears the report out",
    "more-needed": "More is needed",
    "not-accepted": "Not accepted: the evidence does not bear the report out",
    "cannot-tell": "Cannot tell",
    "does-not-apply-yes": "Auditors agree that it does not apply",
    "does-not-apply-no": "Auditors do not agree that it does not apply",
    "extension-yes": "More time was given",
    "extension-no": "No more time was given",
    "received": "Report received, not yet reviewed",
    "open": "No report yet",
    "yes": "Yes",
    # reports
    "fully": "It worked",
    "partly": "It worked in part",
    "not": "It did not work",
    # resources
    "language-list": "List of words to use",
    "other": "Something else",
    # why a resource was taken out of the library
    "replaced": "A newer one took its place",
    "link-broken": "Its address leads nowhere any more",
    "licence-changed": "Its licence changed",
    "not-right": "It was found to be wrong, or to do harm",
    "owner-asked": "Its owner asked for it",
    # whether a type applies
    "applies": "Applies",
    "does-not-apply": "Does not apply",
    # why a clock stands still
    "hub-late": "The hub or its auditors are late",
    "outage": "The register could not be reached",
    "quiet-period": "A quiet period for communities",
    # who owes
    "organisation": "The organisation",
    "hub": "The hub",
    "auditors": "Community auditors",
}
"""How a token of the register reads on a page."""


def told(token: str) -> str:
    """Return the words for a token; one without words of its own only loses its hyphens."""
    return TOLD.get(token) or sentence(token)


def local(address: str) -> str:
    """Return an address of the register as a link within it: what follows the host."""
    return urlsplit(address).path


def filters_in(zone: ZoneInfo) -> Mapping[str, Callable[..., Any]]:
    """Return the filters of every template, for pages that are read in a zone."""
    return {
        "day": partial(day, zone=zone),
        "moment": partial(moment, zone=zone),
        "pounds": pounds,
        "counted": counted,
        "sentence": sentence,
        "told": told,
        "local": local,
    }
