"""The rounds as one readable table: what is done, when, and by which use cases.

Every round asks the database what is due, so walking it twice or late changes nothing. Times are
local to the scheme: people's days begin and end there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from charter.evidence.reopening import expire_evidence
from charter.framework.adoption import adopt_pack
from charter.obligations.chase import chase, settle_due
from charter.obligations.levels import keep_levels
from charter.obligations.standstill import end_long_pauses, keep_still
from charter.organisations.service import (
    begin_covers,
    end_covers,
    lapse_invitations,
    reduce_dissolved,
)
from charter.plans.service import (
    end_pledges,
    keep_quiet,
    lapse_requests,
    open_re_identifications,
)
from charter.reviews.service import (
    count_silence_as_received,
    draw_waiting_panels,
    end_decision_pauses,
    look_for_unpaid_work,
    open_reflections,
    publish_due_cases,
    redraw_late_seats,
)
from charter.signing.service import open_re_sign_windows
from registry.accounts.janitor import tidy
from registry.accounts.limits import forget_ended_windows
from registry.bootstrap import Registry
from registry.rounds.files import forget_kept_files
from registry.rounds.letters import write_letters

Walk = Callable[[Registry], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: at a local time every day, or every so often. Exactly one of the two is given."""

    name: str
    walk: Walk
    at: time | None = None
    every: timedelta | None = None

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return when the round is due next, in UTC."""
        if self.every is not None:
            return instant + self.every
        day = instant.astimezone(zone).date()
        while (due := at_local(day, self.at or time(), zone)) <= instant:
            day += timedelta(days=1)
        return due


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time on a local day, in UTC.

    When the clocks change, a time that comes twice is the first of the two, and one that is
    skipped is as long after midnight as on any other day.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


async def _adopt(registry: Registry) -> None:
    await adopt_pack(registry.scheme)


async def _settle(registry: Registry) -> None:
    await settle_due(registry.scheme)


async def _open(registry: Registry) -> None:
    await begin_covers(registry.scheme)
    await end_covers(registry.scheme)
    await end_pledges(registry.scheme)
    await expire_evidence(registry.scheme)
    await open_re_identifications(registry.scheme)
    await open_reflections(registry.scheme)
    await open_re_sign_windows(registry.scheme)
    await keep_levels(registry.scheme)


async def _keep_quiet(registry: Registry) -> None:
    await keep_quiet(registry.scheme)
    await keep_still(registry.scheme)


async def _lapse(registry: Registry) -> None:
    await lapse_requests(registry.scheme)
    await lapse_invitations(registry.scheme)
    await end_decision_pauses(registry.scheme)
    await end_long_pauses(registry.scheme)
    await count_silence_as_received(registry.scheme)
    await reduce_dissolved(registry.scheme)


async def _panels(registry: Registry) -> None:
    await look_for_unpaid_work(registry.scheme)
    await redraw_late_seats(registry.scheme)
    await draw_waiting_panels(registry.scheme, seed=await registry.draw_seed())


async def _publish(registry: Registry) -> None:
    await publish_due_cases(registry.scheme)


async def _chase(registry: Registry) -> None:
    await chase(registry.scheme, registry.people)


async def _forget(registry: Registry) -> None:
    await forget_ended_windows(registry.desk)


async def _tidy(registry: Registry) -> None:
    kept = timedelta(days=registry.settings.security_event_days)
    await tidy(registry.desk, security_events_kept=kept)
    await forget_kept_files(registry.desk, registry.files)


ROUNDS: tuple[Round, ...] = (
    Round("take-up-pack", _adopt, every=timedelta(minutes=1)),
    Round("settle-standings", _settle, every=timedelta(minutes=1)),
    Round("keep-quiet", _keep_quiet, every=timedelta(minutes=1)),
    Round("open-what-is-due", _open, at=time(0, 30)),
    Round("let-lapse", _lapse, at=time(1)),
    Round("publish-cases", _publish, at=time(5)),
    Round("fill-panels", _panels, every=timedelta(hours=1)),
    Round("chase", _chase, at=time(6)),
    Round("write-letters", write_letters, at=time(8)),
    Round("forget-attempts", _forget, every=timedelta(minutes=1)),
    Round("tidy", _tidy, at=time(3)),
)
"""Every round. A new duty of the registry starts with a new row."""
