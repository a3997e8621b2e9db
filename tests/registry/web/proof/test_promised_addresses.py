"""Every address promised to outsiders answers, from the first release on."""

from uuid import UUID

import pytest

from badges.service import add_placement
from badges.tables import Badge
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

PAGES_WITH_TWINS = (
    *("/organisations", "/organisations/harbour-lights-theatre"),
    *("/organisations/harbour-lights-theatre/pledges/1", "/late", "/charter", "/charter/1.0"),
    *("/organisations/harbour-lights-theatre/history", "/framework", "/framework/structural"),
    *("/learning", "/statistics", "/open-data", "/how-standing-is-decided"),
)
TWINS = tuple(f"{page}.json" for page in PAGES_WITH_TWINS)
OTHERS = (
    *("/", "/feed.atom", "/organisations.csv", "/organisations.atom", "/verify"),
    *("/organisations/harbour-lights-theatre.jsonld", "/concerns/new", "/concerns/follow"),
    *("/organisations/harbour-lights-theatre.atom", "/accessibility", "/privacy", "/version"),
    "/organisations/harbour-lights-theatre/standing.json",
    *("/b/{code}", "/b/{code}/{placement}", "/b/{code}.json", "/b/{code}.jwt", "/b/{code}.png"),
    *("/b/{code}.svg", "/b/{code}.tlog-proof", "/b/{code}/qr.svg", "/b/{code}/qr.png"),
    *("/b/{code}/live.svg?size=strip", "/b/{code}/live.svg?size=card"),
    *("/b/{code}/live.svg?size=plate", "/b/{code}/poster.pdf"),
    *("/credentials/status/1", "/credentials/status/1.jwt", "/.well-known/did.json"),
    *("/.well-known/jwks.json", "/.well-known/security.txt", "/log/checkpoint", "/log/vkey"),
    *("/log/witness-vkeys", "/health/live"),
    *("/api/v1/organisations", "/api/v1/organisations/harbour-lights-theatre"),
    *(
        f"/api/v1/organisations/harbour-lights-theatre/{part}"
        for part in ("standing", "pledges", "events")
    ),
    *("/api/v1/events?after=0", "/api/v1/badges/{code}", "/api/v1/statistics"),
    "/api/v1/openapi.json",
)


async def test_every_promised_address_answers_without_a_cookie(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    [organisation] = await _badged()
    placement = await add_placement(
        harbour.world.scheme, organisation=organisation, label="Stage door", kind="door"
    )
    wrong = {}
    for template in (*PAGES_WITH_TWINS, *TWINS, *OTHERS):
        address = template.format(code=code, placement=placement.code)
        answer = await visitor.get(address)
        if answer.status_code != 200 or "set-cookie" in answer.headers:
            wrong[address] = (answer.status_code, answer.headers.get("set-cookie"))
    assert wrong == {}


@pytest.mark.parametrize("path", ["/organisations/nobody", "/b/0123456789", "/framework/none"])
async def test_what_is_unknown_is_a_page_that_says_so(
    visitor: Visitor, harbour: Harbour, path: str
) -> None:
    await harbour.has_badge()
    answer = await visitor.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.text


async def _badged() -> list[UUID]:
    return [row["organisation"] for row in await Badge.select(Badge.organisation)]
