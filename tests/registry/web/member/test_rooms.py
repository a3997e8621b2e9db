"""Who may see and do what in an organisation's rooms, its people, and its sessions."""

import pytest
from litestar import Litestar

from charter.plans.tables import ContributorLink, Session
from charter.standing.tables import CurrentStanding
from registry.web.guards import http_handlers, own_matrix, row_name
from tests.charter.acting import (
    apply,
    draft_all,
    hold_session,
    published,
    show,
    signed,
)
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.member.typed import day
from tests.registry.web.paths import example_path
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

HOME = f"/my/{SLUG}"


async def test_another_organisations_people_find_nothing_here(
    outsider: Visitor, app: Litestar, world: World
) -> None:
    await published(world)
    matrix = own_matrix()
    asked = 0
    for handler in http_handlers(app):
        row = matrix[row_name(handler)]
        if row.scope != "own-organisation":
            continue
        path = example_path(next(iter(handler.paths))).replace("harbour-lights", SLUG)
        for method in handler.http_methods:
            answer = await outsider.client.request(str(method), path)
            assert answer.status_code == 404, f"{method} {path}"
            asked += 1
    assert asked > 50


@pytest.mark.parametrize("place", ["plan", "charter", "charter/leave", "sponsor"])
async def test_what_the_sponsor_does_is_not_the_leads_to_do(
    place: str, lead: Visitor, world: World
) -> None:
    await published(world)
    fields = hidden_fields((await lead.get(f"{HOME}/people")).text)
    assert (await lead.send(f"{HOME}/{place}", fields)).status_code == 404


async def test_the_screen_of_an_applicant_says_what_everyone_waits_for(
    lead: Visitor, sponsor: Visitor, world: World
) -> None:
    organisation = await apply(world)
    assert "Show that your web domain is yours" in (await lead.get(HOME)).text
    await show(world, organisation)
    assert "Your sponsor signs the charter" in (await lead.get(HOME)).text
    assert "Read the charter and sign it" in (await sponsor.get(HOME)).text


async def test_one_organisation_opens_at_once(lead: Visitor, world: World) -> None:
    await signed(world)
    assert (await lead.get("/my")).headers["location"] == HOME


async def test_somebody_of_two_organisations_chooses(lead: Visitor, world: World) -> None:
    await apply(world)
    await apply(world, name="Mill Road Library", identifiers=(("GB-COH", "07654321"),))
    page = await lead.get("/my")
    assert HOME in page.text
    assert "/my/mill-road-library" in page.text


async def test_leaving_the_charter_takes_a_public_reason(sponsor: Visitor, world: World) -> None:
    await published(world)
    await sponsor.fill(f"{HOME}/charter/leave", {"reason": "The theatre closes."})
    row = await CurrentStanding.objects().first()
    assert row is not None
    assert row.standing == "withdrawn"
    assert "Sign the charter" in (await sponsor.get(f"{HOME}/charter")).text


async def test_codes_are_shown_once_and_can_be_made_anew(lead: Visitor, world: World) -> None:
    organisation = await signed(world)
    await draft_all(world, organisation)
    typed = {
        **day("held-on", world.scheme.today()),
        "contributors": "3",
        "hours": "6",
        "pay": "120",
        "pledges": ["1", "2"],
    }
    shown = await lead.fill(f"{HOME}/sessions/new", typed)
    assert shown.text.count("/contribute/") == 6
    assert await Session.count() == 1
    renewed = await lead.fill(f"{HOME}/sessions/1/codes", {})
    assert renewed.text.count("/contribute/") == 6
    assert await ContributorLink.count() == 3


async def test_a_session_sent_twice_is_recorded_once(lead: Visitor, world: World) -> None:
    organisation = await signed(world)
    await draft_all(world, organisation)
    fields = hidden_fields((await lead.get(f"{HOME}/sessions/new")).text) | {
        **day("held-on", world.scheme.today()),
        "contributors": "1",
        "hours": "2",
        "pay": "0",
        "pledges": "1",
    }
    await lead.send(f"{HOME}/sessions/new", fields)
    again = await lead.send(f"{HOME}/sessions/new", fields)
    assert again.headers["location"] == f"{HOME}/sessions/1"
    assert await Session.count() == 1


async def test_pages_of_a_session_and_the_badge_open(lead: Visitor, world: World) -> None:
    organisation = await published(world)
    await hold_session(world, organisation)
    for place in ("sessions", "sessions/1", "badge", "reviews", "reflection", "asks/new"):
        assert (await lead.get(f"{HOME}/{place}")).status_code == 200
