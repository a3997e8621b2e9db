"""Every answer for one type is public, with who confirmed it and what changed (rules 5, 9)."""

from dataclasses import replace

from charter.clock import SetClock
from charter.plans.service import answer_type
from registry.bootstrap import Registry
from tests.charter.acting import TYPES, answer_all, answer_for, signed
from tests.charter.plans.test_answering import held
from tests.registry.web.people import world_of
from tests.registry.web.visitor import Visitor

HERE = "/organisations/harbour-lights-theatre"


async def test_those_who_took_part_confirm_give_their_order_and_all_of_it_is_shown(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await signed(world)
    await answer_all(world, organisation)
    session = await held(world, organisation, *TYPES)
    place = f"/contribute/{session.tokens[0]}"
    yes = {"happened": "yes", "paid": "paid", "agrees": "yes", "employed": "no"}
    order = {f"order-{n}-type": name for n, name in enumerate(TYPES)}

    wrong = await visitor.fill(place, yes | order | {"order-0-place": "1"})

    assert wrong.status_code == 422
    assert "Give each type a place of its own" in wrong.text
    places = {f"order-{n}-place": str(5 - n) for n in range(5)}
    assert (await visitor.fill(place, yes | order | places)).status_code == 303
    page = (await visitor.get(HERE)).text
    assert "People who took part confirmed it." in page
    assert "Order given by communities: 5." in page
    [first, *_] = (await visitor.get(f"{HERE}.json")).json()["types"]
    assert (first["took_part_confirmed"], first["community_priority_by"]) == (
        *("confirmed", "community"),
    )


async def test_the_history_of_an_answer_shows_what_changed(
    visitor: Visitor, registry: Registry, clock: SetClock
) -> None:
    world = world_of(registry, clock)
    organisation = await signed(world)
    await answer_all(world, organisation)
    world.pass_days(40)
    changed = replace(answer_for(TYPES[0]), reason="Staff told us so in nine open meetings.")
    await answer_type(world.scheme, organisation=organisation, answer=changed)

    page = await visitor.get(f"{HERE}/answers/{TYPES[0]}")

    assert "<ins>" in page.text
    assert "Answer 2," in page.text
    assert "Answer 1," in page.text
    answers = (await visitor.get(f"{HERE}/answers/{TYPES[0]}.json")).json()["answers"]
    assert [given["version"] for given in answers] == [2, 1]
    assert (await visitor.get(f"{HERE}/answers/nonsense")).status_code == 404
    assert (await visitor.get(f"/organisations/nobody/answers/{TYPES[0]}")).status_code == 404
    assert (await visitor.get(f"{HERE}/answers/{TYPES[1]}")).status_code == 200
