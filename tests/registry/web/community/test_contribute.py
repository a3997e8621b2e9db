"""A contributor's one form: no account, no cookie, nothing changed by looking."""

from collections.abc import Callable

import pytest

from charter.clock import SetClock
from charter.plans.tables import Confirmation
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, hold_session, published
from tests.registry.web.people import sign_in, world_of
from tests.registry.web.visitor import Visitor, hidden_fields

YES = {"happened": "yes", "paid": "paid", "agrees": "yes", "employed": "no"}


async def a_code(registry: Registry, clock: SetClock) -> str:
    world = world_of(registry, clock)
    held = await hold_session(world, await published(world))
    return held.tokens[0]


async def test_a_contributor_confirms_and_takes_it_back(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    code = await a_code(registry, clock)
    address = f"/contribute/{code}"
    for _look in range(3):
        page = await visitor.get(address)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
    assert not await Confirmation.exists()
    fields = hidden_fields(page.text) | YES
    for _press in range(2):
        sent = await visitor.send(address, fields)
        assert sent.headers["location"] == address
    assert await Confirmation.count() == 1
    assert "Thank you" in (await visitor.get(address)).text
    back = await visitor.fill(f"{address}/withdraw", {})
    assert back.headers["location"] == address
    row = await Confirmation.objects().first()
    assert row is not None
    assert row.withdrawn_at is not None
    assert "take your agreement back" not in (await visitor.get(address)).text


async def test_a_printed_code_can_be_typed_as_it_looks(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    code = (await a_code(registry, clock)).upper()
    spelt = " - ".join(code[place : place + 5] for place in range(0, 20, 5))
    entered = await visitor.fill("/contribute", {"code": spelt})
    assert (await visitor.get(entered.headers["location"])).status_code == 200


async def test_every_question_left_out_is_named(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    page = await visitor.fill(f"/contribute/{await a_code(registry, clock)}", {"paid": "declined"})
    assert page.status_code == 422
    for said in ("Say whether this session happened", "Say whether you agree", "you work for"):
        assert said in page.text


@pytest.mark.usefixtures("database")
async def test_an_unknown_code_opens_nothing(visitor: Visitor) -> None:
    page = await visitor.get("/contribute/aaaaaaaaaaaaaaaaaaaa")
    assert page.status_code == 404
    assert "This code cannot be used" in page.text


async def test_pay_that_was_written_down_wrongly_is_put_right_and_its_arrival_is_told(
    visitor: Visitor, new_visitor: Callable[[], Visitor], registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    held = await hold_session(world, await published(world), pay_pence=0)
    code = f"/contribute/{held.tokens[0]}"
    await visitor.fill(code, YES | {"paid": "unpaid"})
    assert "It shows on their page until they put it right" in (await visitor.get(code)).text
    early = await visitor.send(
        f"{code}/pay", hidden_fields((await visitor.get("/contribute")).text) | {"arrived": "yes"}
    )
    assert early.status_code == 422

    lead = await sign_in(registry, new_visitor(), LEAD)
    room = "/my/harbour-lights-theatre/sessions/1"
    assert "Somebody says that they are not paid" in (await lead.get(room)).text
    refused = await lead.fill(room, {"pay": "0"}, at=f"{room}/pay")
    assert refused.status_code == 422
    assert "Enter the whole pay" in refused.text
    await lead.fill(room, {"pay": "60"}, at=f"{room}/pay")
    assert "£60" in (await lead.get(room)).text
    assert "they owe it to you" in (await visitor.get(code)).text
    await lead.fill(room, {"kind": "fee"}, at=f"{room}/paid")

    empty = await visitor.fill(code, {}, at=f"{code}/pay")
    assert empty.status_code == 422
    assert "Say whether it arrived" in empty.text
    told = await visitor.fill(code, {"arrived": "yes"}, at=f"{code}/pay")
    assert told.headers["location"] == code
    assert "Your pay counts as received" in (await visitor.get(code)).text
    history = await visitor.get("/organisations/harbour-lights-theatre/history.json")
    summaries = [event["summary"] for event in history.json()["events"]]
    assert "Session 1: its pay was recorded as 0 pence and is 6000 pence." in summaries
    assert "A payment was confirmed." in summaries
