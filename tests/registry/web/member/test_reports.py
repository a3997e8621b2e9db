"""Reporting through the pages: items, files, what did not work, and more time."""

from charter.evidence.tables import EvidenceItem, Report
from charter.history.tables import OutboxMessage
from charter.obligations.tables import ExtensionRequest, Obligation
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, published
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

HOME = f"/my/{SLUG}"
MILESTONE = f"{HOME}/pledges/1/milestones/1"
NOTE = {"label": "Panel register", "body": "14 of 20 panels", "names-people": "no"}
FAILED = {
    "worked": "not",
    "summary": "We asked three times.",
    "what-did-not-work": "Nobody came.",
    "why": "The room was far away.",
    "what-changes": "We go to them.",
    "next": "send",
}


async def test_a_file_waits_in_quarantine_and_asks_the_worker_once(
    lead: Visitor, registry: Registry, world: World
) -> None:
    await published(world)
    address = f"{MILESTONE}/add/file"
    fields = hidden_fields((await lead.get(address)).text)
    fields |= {"label": "The register", "names-people": "no"}
    for _press in range(2):
        sent = await lead.client.post(
            address,
            data=fields,
            files={"file": ("Register of J Smith.csv", b"panel,mixed\n1,yes\n", "text/csv")},
            headers={"origin": lead.origin, "sec-fetch-site": "same-origin"},
        )
        assert sent.headers["location"] == MILESTONE
    items = await EvidenceItem.objects()
    assert [item.state for item in items] == ["quarantined"]
    assert await registry.files.read(items[0].sha256) == b"panel,mixed\n1,yes\n"
    work = await OutboxMessage.select(OutboxMessage.key).where(OutboxMessage.kind == "file")
    assert [row["key"] for row in work] == [f"file:{items[0].id}"]
    page = await lead.get(MILESTONE)
    assert "Being checked" in page.text
    assert "J Smith" not in page.text


async def test_no_file_chosen_is_said_beside_the_field(lead: Visitor, world: World) -> None:
    await published(world)
    address = f"{MILESTONE}/add/file"
    fields = hidden_fields((await lead.get(address)).text)
    page = await lead.client.post(
        address,
        data=fields | {"label": "The register", "names-people": "no"},
        files={"file": ("", b"", "application/octet-stream")},
        headers={"origin": lead.origin, "sec-fetch-site": "same-origin"},
    )
    assert page.status_code == 422
    assert 'href="#file"' in page.text
    assert 'value="The register"' in page.text


async def test_a_link_that_is_none_is_refused_and_kept(lead: Visitor, world: World) -> None:
    await published(world)
    page = await lead.fill(f"{MILESTONE}/add/link", NOTE | {"body": "our website"})
    assert page.status_code == 422
    assert "our website" in page.text
    assert 'href="#body"' in page.text


async def test_an_item_can_be_removed_before_it_is_sent(lead: Visitor, world: World) -> None:
    await published(world)
    await lead.fill(f"{MILESTONE}/add/note", NOTE)
    page = await lead.get(MILESTONE)
    await lead.send(f"{MILESTONE}/remove", hidden_fields(page.text))
    assert not await EvidenceItem.exists()


async def test_a_report_without_anything_to_show_says_so(lead: Visitor, world: World) -> None:
    await published(world)
    page = await lead.fill(
        MILESTONE, {"worked": "fully", "summary": "We did it all.", "next": "send"}
    )
    assert page.status_code == 422
    assert "Add a file, a link, a figure or a note" in page.text
    assert "We did it all." in page.text


async def test_what_did_not_work_is_asked_for_and_signed_by_the_sponsor(
    lead: Visitor, sponsor: Visitor, world: World
) -> None:
    await published(world)
    await lead.fill(f"{MILESTONE}/add/note", NOTE)
    asked = await lead.fill(
        MILESTONE, {"worked": "not", "summary": "We asked three times.", "next": "send"}
    )
    assert "Say what did not work." in asked.text
    kept = await lead.fill(MILESTONE, FAILED)
    assert kept.headers["location"] == MILESTONE
    assert not await Report.exists()
    waiting = await sponsor.get(MILESTONE)
    assert "Nobody came." in waiting.text
    sent = await sponsor.fill(MILESTONE, FAILED)
    assert sent.headers["location"] == f"{MILESTONE}/sent"
    rows = await Report.objects()
    assert [(row.worked, row.signed_by_role) for row in rows] == [("not", "Executive Director")]


async def test_more_time_is_asked_for_with_a_public_reason(
    lead: Visitor, registry: Registry, world: World
) -> None:
    await published(world)
    world.pass_days(90)
    await sign_in(registry, lead, LEAD)
    rows = await Obligation.select(Obligation.id).where(Obligation.milestone == 1)
    address = f"{HOME}/due/{rows[0]['id']}/more-time"
    asked = await lead.fill(address, {"days": "30", "reason": "The panel chair is ill."})
    assert asked.headers["location"] == HOME
    assert await ExtensionRequest.count() == 1
    assert "waits on the reviewers" in (await lead.get(HOME)).text


async def test_the_window_for_more_time_is_kept(lead: Visitor, world: World) -> None:
    await published(world)
    rows = await Obligation.select(Obligation.id).where(Obligation.kind == "evidence")
    address = f"{HOME}/due/{rows[0]['id']}/more-time"
    blank = await lead.fill(address, {"days": "30"})
    assert "Say why you need more time" in blank.text
    early = await lead.fill(address, {"days": "30", "reason": "The panel chair is ill."})
    assert early.status_code == 422
    assert "The panel chair is ill." in early.text
    assert not await ExtensionRequest.exists()
