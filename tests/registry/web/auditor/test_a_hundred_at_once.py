"""The last seat of a case seals a hundred times at once: one verdict counts, and is done once."""

import asyncio
from collections.abc import Callable

from charter.history.queries import events_of
from charter.reviews.service import publish_due_cases
from charter.reviews.tables import Verdict
from registry.bootstrap import Registry
from tests.charter.reviews.test_extensions import ask, evidence
from tests.registry.web.at_once import AT_ONCE, exactly_one_won, send_at_once
from tests.registry.web.staffing import Offices, accept, seal
from tests.registry.web.visitor import Visitor, hidden_fields

REASONS = "The count of panels bears it out."


async def seal_all_but_the_last(
    offices: Offices, new_visitor: Callable[[], Visitor], verdict: str
) -> tuple[Visitor, str]:
    """Draw the panel and seal every seat but one; return the last auditor, at their case."""
    await offices.stage.draw()
    *others, last = await offices.stage.seats()
    for seat in others:
        visitor = new_visitor()
        address = await offices.enter_seat(visitor, seat)
        await accept(visitor, address)
        await seal(visitor, address, verdict, REASONS)
    visitor = new_visitor()
    address = await offices.enter_seat(visitor, last)
    await accept(visitor, address)
    return visitor, address


async def seal_at_once(visitor: Visitor, address: str, verdict: str) -> bool:
    """Check a verdict and seal it a hundred times at once; say whether exactly one counted."""
    typed = {"answers-0-verdict": verdict, "answers-0-reasons": REASONS, "next": "check"}
    checked = await visitor.fill(address, typed)
    form = hidden_fields(checked.text) | {"next": "seal"}
    return exactly_one_won(await send_at_once(visitor, address, form))


async def test_of_a_hundred_seals_of_the_last_seat_one_decides_the_case(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    await offices.stage.report()
    last = await seal_all_but_the_last(offices, new_visitor, "accepted")

    assert await seal_at_once(*last, "accepted")

    assert (await offices.stage.the_case()).state == "decided"
    assert await Verdict.count() == 2
    kinds = await offices.stage.kinds()
    assert kinds.count("verdict-sealed") == 2


async def test_of_a_hundred_approvals_of_more_time_one_moves_the_date_once(
    offices: Offices, new_visitor: Callable[[], Visitor], registry: Registry
) -> None:
    before = (await evidence(offices.stage)).due_on
    await ask(offices.stage, days=30)
    last = await seal_all_but_the_last(offices, new_visitor, "yes")

    assert await seal_at_once(*last, "yes")
    published = await asyncio.gather(*(publish_due_cases(registry.scheme) for _ in range(AT_ONCE)))

    assert sum(published) <= 1
    events = await events_of(offices.stage.organisation)
    granted = [event for event in events if event.kind == "extension-granted"]
    moved = [event.data for event in events if event.kind == "due-date-moved"]
    assert len(granted) == 1
    assert [(data["was"], data["why"]) for data in moved] == [(before.isoformat(), "extension")]
