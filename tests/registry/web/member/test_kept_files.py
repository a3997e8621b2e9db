"""A file is sent once: it waits beside a form that could not be taken in, for its sender alone."""

import hashlib
from datetime import timedelta

import httpx

from charter.clock import SetClock
from charter.evidence.tables import EvidenceItem
from registry.accounts.parked import KEPT
from registry.accounts.tables import KeptFile
from registry.bootstrap import Registry
from registry.rounds.files import forget_kept_files
from tests.charter.acting import published
from tests.registry.web.member.test_reports import MILESTONE
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

PLACE = f"{MILESTONE}/add/file"
SHEET = b"panel,mixed\n1,yes\n"
OTHER = b"panel,mixed\n2,no\n"
WAITS = "Your file is already uploaded"
ASKED = {"label": "The register", "names-people": "no"}


async def send(visitor: Visitor, content: bytes | None, **typed: str) -> httpx.Response:
    """Send the form as a browser does, with a file chosen or with none."""
    fields = hidden_fields((await visitor.get(PLACE)).text) | typed
    chosen = ("list.csv", content, "text/csv") if content else ("", b"", "text/plain")
    return await visitor.client.post(
        PLACE,
        data=fields,
        files={"file": chosen},
        headers={"origin": visitor.origin, "sec-fetch-site": "same-origin"},
    )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def test_a_file_need_not_be_chosen_again_after_an_error(
    lead: Visitor, registry: Registry, world: World
) -> None:
    await published(world)
    wrong = await send(lead, SHEET)
    assert wrong.status_code == 422
    assert WAITS in wrong.text
    assert "list.csv" not in wrong.text
    assert WAITS in (await lead.get(PLACE)).text

    sent = await send(lead, None, **ASKED)

    assert sent.headers["location"] == MILESTONE
    [item] = await EvidenceItem.objects()
    assert (item.sha256, item.media_type) == (digest(SHEET), "text/csv")
    assert await registry.files.read(item.sha256) == SHEET
    assert WAITS not in (await lead.get(PLACE)).text


async def test_a_file_that_waits_can_be_taken_away_or_replaced(
    lead: Visitor, registry: Registry, world: World
) -> None:
    await published(world)
    await send(lead, SHEET)
    replaced = await send(lead, OTHER)
    assert WAITS in replaced.text
    assert not await registry.files.holds(digest(SHEET))

    left_out = await send(lead, None, **ASKED, **{"leave-out": "yes"})

    assert left_out.status_code == 422
    assert WAITS not in left_out.text
    assert 'href="#file"' in left_out.text
    assert not await registry.files.holds(digest(OTHER))
    assert not await EvidenceItem.exists()


async def test_only_its_sender_sees_that_a_file_waits(
    lead: Visitor, sponsor: Visitor, world: World
) -> None:
    await published(world)
    await send(lead, SHEET)

    assert WAITS in (await lead.get(PLACE)).text
    assert WAITS not in (await sponsor.get(PLACE)).text


async def test_a_file_that_nobody_came_back_for_is_deleted_and_one_in_use_is_not(
    lead: Visitor, sponsor: Visitor, registry: Registry, world: World, clock: SetClock
) -> None:
    await published(world)
    await send(lead, SHEET)
    await send(sponsor, SHEET, **ASKED)
    await send(sponsor, OTHER)
    assert await KeptFile.count() == 2
    clock.set(clock.at + KEPT + timedelta(hours=1))

    assert await forget_kept_files(registry.desk, registry.files) == 1

    assert not await KeptFile.exists()
    assert await registry.files.holds(digest(SHEET))
    assert not await registry.files.holds(digest(OTHER))
