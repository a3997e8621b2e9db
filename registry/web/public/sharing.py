"""Who shares a pledge, on the page of its lead and of everybody who shares it (rule 15)."""

from datetime import date

from charter.clock import local_day
from charter.plans.sharing_queries import PartnershipSeen, led_by, partnerships_of
from registry.web.public.obligations import Asked
from registry.web.public.payloads import PartnerPayload


async def list_partners(asked: Asked, organisations: str) -> dict[int, list[PartnerPayload]]:
    """Return everybody who shared a pledge by the instant asked about, by the pledge's number.

    `organisations` is the address under which organisations stand.
    """
    found: dict[int, list[PartnerPayload]] = {}
    for seen in await led_by(asked.organisation):
        joined_on, left_on = _days(seen, asked)
        if joined_on is None:
            continue
        found.setdefault(seen.number, []).append(
            PartnerPayload(
                name=seen.name,
                url=f"{organisations}/{seen.slug}" if seen.slug else None,
                part=seen.part,
                joined_on=joined_on,
                left_on=left_on,
                left_because=(seen.reason or None) if left_on else None,
            )
        )
    return found


async def list_shared(asked: Asked) -> list[tuple[PartnershipSeen, date]]:
    """Return what an organisation shares at the instant asked about, and since which day."""
    shared = [
        seen for seen in await partnerships_of(asked.organisation) if seen.shared_at(asked.at)
    ]
    return [(seen, local_day(seen.answered_at or asked.at, asked.pack.zone)) for seen in shared]


def _days(seen: PartnershipSeen, asked: Asked) -> tuple[date | None, date | None]:
    """Return the days on which somebody joined and left, as far as they have come by then."""
    if seen.state not in {"joined", "left"} or seen.answered_at is None:
        return None, None
    if seen.answered_at > asked.at:
        return None, None
    zone = asked.pack.zone
    gone = seen.left_at is not None and seen.left_at <= asked.at
    left_on = local_day(seen.left_at, zone) if gone and seen.left_at else None
    return local_day(seen.answered_at, zone), left_on
