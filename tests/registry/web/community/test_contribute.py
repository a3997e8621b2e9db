"""A contributor's one form: no account, no cookie, nothing changed by looking."""

import pytest

from charter.clock import SetClock
from charter.plans.tables import Confirmation
from registry.bootstrap import Registry
from tests.charter.acting import hold_session, published
from tests.registry.web.people import world_of
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
