"""The lines that upheld concerns leave on a page for as long as the pack says (rule 38)."""

from datetime import datetime
from uuid import UUID

from charter.clock import local_day
from charter.concerns.queries import upheld_concerns
from registry.web.public.listing import Site
from registry.web.public.payloads import UpheldConcernPayload


async def list_upheld(
    site: Site, organisation: UUID | None, at: datetime
) -> list[UpheldConcernPayload]:
    """Return the upheld concerns that stood at an instant; without an organisation, the hub's."""
    zone = site.pack.zone
    return [
        UpheldConcernPayload(
            upheld_on=local_day(line.decided_at, zone),
            answer=line.answer,
            plan=line.plan,
            answered_on=local_day(line.answered_at, zone) if line.answered_at else None,
        )
        for line in await upheld_concerns(site.scheme, organisation, at=at)
    ]
