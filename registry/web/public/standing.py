"""The three answers about one organisation: as they stand, or as they stood on a past day.

The present answer is one row, kept by the projection. Where time alone has outrun it, it is
computed anew before anything is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from charter.clock import end_of_day
from charter.framework.pack import FrameworkPack
from charter.history.queries import events_of
from charter.obligations.chase import settle_one
from charter.organisations.tables import Organisation
from charter.standing.assessment import Assessment, assess
from registry.web.public.listing import Site
from registry.web.public.payloads import (
    FlagPayload,
    PackPayload,
    ReasonPayload,
    ResultsPayload,
    StandingPayload,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """Standing, results and level of one organisation at the instant `at`.

    `pack` is the one in force then. `band` is its size then; None where it is the size it has now.
    """

    organisation: UUID
    at: datetime
    standing: str
    since: datetime
    days_late: int
    level: str | None
    flags: list[FlagPayload]
    results: ResultsPayload
    sentence: str
    reasons: list[ReasonPayload]
    types: list[dict[str, Any]]
    pledge_results: Mapping[str, str]
    holds_until: datetime | None
    updated_at: datetime
    pack: FrameworkPack
    band: str | None = None


async def describe_standing(slug: str, site: Site, now: datetime) -> StandingPayload | None:
    """Return the three answers now, from one statement where they still hold."""
    answered = await answer_now(slug, site, now)
    return None if answered is None else _payload(slug, answered, as_of=None)


async def describe_standing_on(
    slug: str, day: date, site: Site, now: datetime
) -> StandingPayload | None:
    """Return what the register would have answered at the end of a past day (rule 29)."""
    answered = await answer_on(slug, day, site, now)
    return None if answered is None else _payload(slug, answered, as_of=day)


async def answer_at(slug: str, site: Site, now: datetime, as_of: date | None) -> Answered | None:
    """Return the answer that holds now, or at the end of a past day where one is given."""
    return await (
        answer_now(slug, site, now) if as_of is None else answer_on(slug, as_of, site, now)
    )


async def answer_now(slug: str, site: Site, now: datetime) -> Answered | None:
    """Return the answer that holds now, or None where nothing of that name is public."""
    row = await _read_row(slug)
    if row is not None and row["holds_until"] is not None and row["holds_until"] <= now:
        await settle_one(site.scheme, row["organisation"])
        row = await _read_row(slug)
    if row is None:
        return None
    return Answered(
        organisation=row["organisation"],
        at=now,
        standing=row["standing"],
        since=row["since"],
        days_late=row["days_late"],
        level=row["level"],
        flags=_FLAGS.decode(row["flags"]),
        results=_RESULTS.decode(row["results"]),
        sentence=row["sentence"],
        reasons=_REASONS.decode(row["reasons"]),
        types=msgspec.json.decode(row["types"]),
        pledge_results=msgspec.json.decode(row["pledges"]),
        holds_until=row["holds_until"],
        updated_at=row["updated_at"],
        pack=site.pack,
    )


async def answer_on(slug: str, day: date, site: Site, now: datetime) -> Answered | None:
    """Return the answer at the end of `day`: the same fold over what was recorded by then."""
    row = await Organisation.select(Organisation.id).where(Organisation.slug == slug).first()
    if row is None:
        return None
    at = min(end_of_day(day, site.pack.zone), now)
    packs = await site.scheme.packs()
    answer = assess(await events_of(row["id"], recorded_by=at), at, *packs)
    return None if answer is None else _of_assessment(row["id"], answer, packs.on(at))


def _of_assessment(organisation: UUID, answer: Assessment, pack: FrameworkPack) -> Answered:
    return Answered(
        organisation=organisation,
        at=answer.at,
        standing=answer.standing.value,
        since=answer.since,
        days_late=answer.days_late,
        level=answer.level.value if answer.level else None,
        flags=msgspec.convert(msgspec.to_builtins(answer.flags), list[FlagPayload]),
        results=msgspec.convert(msgspec.to_builtins(answer.results), ResultsPayload),
        sentence=answer.sentence,
        reasons=msgspec.convert(msgspec.to_builtins(answer.reasons), list[ReasonPayload]),
        types=msgspec.to_builtins(answer.types),
        pledge_results={str(n): result.value for n, result in answer.pledge_results.items()},
        holds_until=answer.holds_until,
        updated_at=answer.at,
        pack=pack,
        band=answer.band,
    )


def _payload(slug: str, answered: Answered, *, as_of: date | None) -> StandingPayload:
    return StandingPayload(
        organisation=slug,
        at=answered.at,
        as_of=as_of,
        standing=answered.standing,
        since=answered.since,
        days_late=answered.days_late,
        level=answered.level,
        flags=answered.flags,
        results=answered.results,
        sentence=answered.sentence,
        reasons=answered.reasons,
        holds_until=answered.holds_until,
        pack=PackPayload(id=answered.pack.id, digest=answered.pack.digest),
    )


async def _read_row(slug: str) -> Mapping[str, Any] | None:
    rows = await Organisation.raw(STANDING, slug)
    return rows[0] if rows else None


STANDING = (
    "SELECT s.organisation, s.standing, s.since, s.days_late, s.level, s.flags::text,"
    " s.results::text, s.sentence, s.reasons::text, s.types::text, s.pledges::text,"
    " s.holds_until, s.updated_at FROM organisation o"
    " JOIN current_standing s ON s.organisation = o.id WHERE o.slug = {}"
)

_FLAGS = msgspec.json.Decoder(list[FlagPayload])
_RESULTS = msgspec.json.Decoder(ResultsPayload)
_REASONS = msgspec.json.Decoder(list[ReasonPayload])
