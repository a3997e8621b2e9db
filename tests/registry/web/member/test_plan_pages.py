"""The plan through its pages: five rows, saved drafts, a refused publication, changes in public."""

from charter.plans.queries import find_published_pledge, pledges_of
from charter.plans.tables import Plan, Pledge
from registry.web.member.pledge_form import from_draft
from tests.charter.acting import (
    TYPES,
    answer_all,
    draft_all,
    draft_for,
    published,
    signed,
)
from tests.registry.web.member import typed
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

HOME = f"/my/{SLUG}"


async def test_all_five_rows_are_shown_before_anything_is_answered(
    lead: Visitor, world: World
) -> None:
    await signed(world)
    page = await lead.get(f"{HOME}/plan")
    assert page.text.count("Not answered") == 5


async def test_a_plan_without_a_pledge_for_a_type_is_refused_beside_its_row(
    sponsor: Visitor, world: World
) -> None:
    organisation = await signed(world)
    await answer_all(world, organisation)
    page = await sponsor.fill(f"{HOME}/plan", {})
    assert page.status_code == 422
    for type_id in TYPES:
        assert f'href="#{type_id}"' in page.text
    assert page.text.count("Add a pledge for this type.") == 10
    assert not await Plan.exists()


async def test_a_plan_published_twice_at_once_is_one_plan(sponsor: Visitor, world: World) -> None:
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)
    fields = hidden_fields((await sponsor.get(f"{HOME}/plan")).text)
    first = await sponsor.send(f"{HOME}/plan", fields)
    second = await sponsor.send(f"{HOME}/plan", fields)
    assert first.headers["location"] == second.headers["location"]
    assert await Plan.count() == 1


async def test_what_was_typed_and_saved_is_there_again(lead: Visitor, world: World) -> None:
    await signed(world)
    address = f"{HOME}/pledges/new/structural"
    saved = await lead.fill(address, {"title": "Half a thought", "next": "save"})
    assert saved.headers["location"] == f"{HOME}/plan"
    assert not await Pledge.exists()
    assert "Half a thought" in (await lead.get(address)).text
    assert address in (await lead.get(HOME)).text


async def test_one_more_milestone_needs_no_script(lead: Visitor, world: World) -> None:
    await signed(world)
    address = f"{HOME}/pledges/new/structural"
    page = await lead.fill(address, {"title": "A fair say", "next": "add-milestone"})
    assert page.status_code == 200
    assert 'name="milestones-2-title"' in page.text
    assert 'value="A fair say"' in page.text


async def test_a_worked_pledge_fills_the_form(lead: Visitor, world: World) -> None:
    await signed(world)
    start = await lead.get(f"{HOME}/pledges/start/structural")
    assert "?start=worked-1" in start.text
    page = await lead.get(f"{HOME}/pledges/new/structural?start=worked-1")
    action = world.scheme.pack.catalogue.racism_type("structural").actions[0].id
    assert world.scheme.pack.catalogue.worked_for(action)[0].title in page.text


async def test_every_error_of_a_pledge_stands_beside_its_field(lead: Visitor, world: World) -> None:
    await signed(world)
    page = await lead.fill(f"{HOME}/pledges/new/structural", {"next": "keep"})
    assert page.status_code == 422
    for said in ("Enter a short title", "Choose the change you seek", "Add at least one milestone"):
        assert page.text.count(said) == 2


async def test_a_date_a_rule_refuses_is_named_beside_its_milestone(
    lead: Visitor, world: World
) -> None:
    await signed(world)
    late = typed.pledge(world, "structural") | {"milestones-1-due-on-year": "2040", "next": "keep"}
    page = await lead.fill(f"{HOME}/pledges/new/structural", late)
    assert page.status_code == 422
    assert 'href="#milestones-1-due-on"' in page.text


async def test_a_draft_is_changed_and_thrown_away(lead: Visitor, world: World) -> None:
    organisation = await signed(world)
    await draft_all(world, organisation)
    changed = typed.pledge(world, TYPES[0], title="A better title") | {"next": "keep"}
    await lead.fill(f"{HOME}/pledges/1/edit", changed)
    assert (await pledges_of(organisation))[0].title == "A better title"
    fields = hidden_fields((await lead.get(f"{HOME}/pledges/1/discard")).text)
    for _press in range(2):
        gone = await lead.send(f"{HOME}/pledges/1/discard", fields)
        assert gone.headers["location"] == f"{HOME}/plan"
    assert len(await pledges_of(organisation)) == 4


async def test_an_amendment_shows_what_changes_before_it_is_published(
    sponsor: Visitor, world: World
) -> None:
    organisation = await published(world)
    draft = draft_for(world, TYPES[0], target="Every panel, and every shortlist")
    fields = {**from_draft(draft), "reason": "Shortlists matter too", "based-on": "1"}
    address = f"{HOME}/pledges/1/amend"
    seen = await sponsor.fill(address, {**fields, "next": "preview"})
    assert "<del>Every panel</del>" in seen.text
    assert "<ins>Every panel, and every shortlist</ins>" in seen.text
    unchanged = await find_published_pledge(organisation, 1)
    assert unchanged is not None
    assert unchanged.now.version == 1
    await sponsor.send(address, {**hidden_fields(seen.text), **fields, "next": "publish"})
    amended = await find_published_pledge(organisation, 1)
    assert amended is not None
    assert amended.now.words["target"] == "Every panel, and every shortlist"


async def test_a_promised_date_does_not_move_in_an_amendment(
    sponsor: Visitor, world: World
) -> None:
    await published(world)
    fields = typed.pledge(world, TYPES[0]) | {
        "milestones-0-due-on-day": "6",
        "reason": "We need longer",
        "based-on": "1",
        "next": "publish",
    }
    page = await sponsor.fill(f"{HOME}/pledges/1/amend", fields)
    assert page.status_code == 422
    assert 'href="#milestones-0-due-on"' in page.text
    assert "This was promised for" in page.text


async def test_a_colleague_keeps_a_change_for_the_sponsor(
    lead: Visitor, sponsor: Visitor, world: World
) -> None:
    await published(world)
    fields = typed.pledge(world, TYPES[0], title="New words") | {
        "reason": "Clearer",
        "based-on": "1",
        "next": "publish",
    }
    kept = await lead.fill(f"{HOME}/pledges/1/amend", fields)
    assert kept.headers["location"] == f"{HOME}/pledges/1"
    assert 'value="New words"' in (await sponsor.get(f"{HOME}/pledges/1/amend")).text


async def test_withdrawing_a_pledge_needs_a_public_reason(sponsor: Visitor, world: World) -> None:
    organisation = await published(world)
    address = f"{HOME}/pledges/1/withdraw"
    refused = await sponsor.fill(address, {})
    assert refused.status_code == 422
    assert "Say why. This is published" in refused.text
    gone = await sponsor.fill(address, {"reason": "The building closes."})
    assert gone.headers["location"] == f"{HOME}/pledges/1"
    seen = await find_published_pledge(organisation, 1)
    assert seen is not None
    assert seen.state == "withdrawn"
    assert "Withdrawn" in (await sponsor.get(f"{HOME}/pledges/1")).text
