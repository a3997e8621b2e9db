"""A hundred people press the same button at once: one is first, the rest are told, nothing breaks.

Each form has a key of its own, so that no receipt makes two presses one. What is written is written
once, whoever was first.
"""

from collections.abc import Callable
from uuid import UUID

import pytest

from charter.evidence.tables import Report
from charter.obligations.service import open_obligations
from charter.signing.service import sign_charter
from charter.signing.tables import Signature
from registry.accounts.roles import grant_role
from registry.bootstrap import Registry
from tests.charter.acting import (
    LEAD,
    SPONSOR,
    accept,
    answer_all,
    apply,
    draft_all,
    kinds_of,
    published,
    show,
)
from tests.registry.web.at_once import exactly_one_won, press_at_once
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Visitor
from tests.world import World

HOME = f"/my/{SLUG}"
MILESTONE = f"{HOME}/pledges/1/milestones/1"


@pytest.fixture
async def organisation(world: World) -> UUID:
    """Have Harbour Lights apply."""
    return await apply(world)


async def test_of_a_hundred_signatures_one_is_given(
    sponsor: Visitor, world: World, organisation: UUID
) -> None:
    await accept(world, organisation)

    answers = await press_at_once(sponsor, f"{HOME}/charter", {"agreed": "yes"})

    assert exactly_one_won(answers)
    assert await Signature.count() == 1
    assert (await kinds_of(organisation)).count("charter-signed") == 1


async def test_of_a_hundred_publications_of_a_plan_one_is_made(
    sponsor: Visitor, world: World, organisation: UUID
) -> None:
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)
    await answer_all(world, organisation)
    await draft_all(world, organisation)

    answers = await press_at_once(sponsor, f"{HOME}/plan", {})

    assert exactly_one_won(answers)
    kinds = await kinds_of(organisation)
    assert (kinds.count("plan-published"), kinds.count("pledge-published")) == (1, 5)


async def test_of_a_hundred_approvals_of_an_identity_one_is_made(
    registry: Registry,
    new_visitor: Callable[[], Visitor],
    world: World,
    organisation: UUID,
) -> None:
    how = await show(world, organisation)
    account = UUID(int=0x57E, version=4)
    steward = await sign_in(registry, new_visitor(), account)
    await grant_role(registry.desk, account=account, role="steward")

    answers = await press_at_once(
        steward,
        f"/hub/applications/{organisation}",
        {"decision": "accept", "how": how},
    )

    assert exactly_one_won(answers, told="has been decided already")
    assert (await kinds_of(organisation)).count("identity-accepted") == 1
    later = await steward.get(f"/hub/applications/{organisation}")
    assert later.status_code == 409
    assert "Who Harbour Lights Theatre is has been decided already" in later.text


async def test_of_a_hundred_reports_on_a_milestone_one_is_received(
    lead: Visitor, world: World
) -> None:
    organisation = await published(world)
    await lead.fill(
        f"{MILESTONE}/add/note",
        {"label": "Panel register", "body": "14 of 20 panels", "names-people": "no"},
    )

    answers = await press_at_once(
        lead, MILESTONE, {"worked": "fully", "summary": "We did it all.", "next": "send"}
    )

    assert exactly_one_won(answers)
    assert await Report.count() == 1
    assert (await kinds_of(organisation)).count("evidence-received") == 1


async def test_of_a_hundred_requests_for_more_time_one_is_asked(
    lead: Visitor, registry: Registry, world: World
) -> None:
    organisation = await published(world)
    world.pass_days(90)
    await sign_in(registry, lead, LEAD)
    owed = (await open_obligations(organisation, "evidence"))[0]

    answers = await press_at_once(
        lead, f"{HOME}/due/{owed.id}/more-time", {"days": "30", "reason": "The chair is ill."}
    )

    assert exactly_one_won(answers, told="once for each date")
    kinds = await kinds_of(organisation)
    assert (kinds.count("extension-asked"), kinds.count("clock-paused")) == (1, 1)
