"""Cases that ask several things, and cases that ask for a yes or a no."""

from collections.abc import Callable

import pytest

from charter.ledger import transaction
from charter.reviews.accountability import Reflection
from charter.reviews.service import ask_for_more_time, open_case, open_reflections, send_reflection
from charter.reviews.tables import Seat, Verdict
from registry.bootstrap import Registry
from tests.charter.reviews.stage import TYPES
from tests.registry.web.staffing import Offices, accept, seal
from tests.registry.web.visitor import Visitor, hidden_fields

APPLICABLE = TYPES[:4]


async def first_seat(offices: Offices, visitor: Visitor) -> tuple[Seat, str]:
    """Draw, and have the first seat's auditor accept; return the seat and its address."""
    await offices.stage.draw()
    seat = (await offices.stage.seats())[0]
    address = await offices.enter_seat(visitor, seat)
    await accept(visitor, address)
    return seat, address


def typed(*places: int) -> dict[str, str]:
    """Return findings for the questions at these places of the page."""
    return {
        f"answers-{place}-{name}": words
        for place in places
        for name, words in (("verdict", "partly-kept"), ("reasons", f"Because of {place}."))
    }


async def test_findings_are_sealed_for_every_type_at_once_or_for_none(
    offices: Offices, visitor: Visitor, registry: Registry
) -> None:
    offices.stage.world.pass_days(365)
    await open_reflections(registry.scheme)
    said = Reflection(
        findings=dict.fromkeys(APPLICABLE, "kept"),
        what_worked="Two of three pledges.",
        what_did_not_work="Nobody mentored, because nobody was paid.",
        what_changes="Mentors are paid from May.",
        signed_by_role="Artistic director",
    )
    await send_reflection(registry.scheme, organisation=offices.stage.organisation, reflection=said)
    seat, address = await first_seat(offices, visitor)
    page = await visitor.get(address)
    assert "Nobody mentored" in page.text
    assert "Structural racism" in page.text

    three = hidden_fields(page.text) | typed(0, 1, 3) | {"next": "seal"}
    incomplete = await visitor.send(address, three)
    assert incomplete.status_code == 422
    assert 'href="#answers-2-verdict"' in incomplete.text
    assert not await Verdict.exists()
    all_of_them = hidden_fields(incomplete.text) | typed(0, 1, 2, 3) | {"next": "seal"}
    sealed = await visitor.send(address, all_of_them)

    assert sealed.headers["location"] == address
    rows = await Verdict.objects().where(Verdict.seat == seat.id)
    assert {row.question: row.reasons for row in rows} == {
        name: f"Because of {place}." for place, name in enumerate(APPLICABLE)
    }


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_auditors_say_whether_a_type_does_not_apply(
    offices: Offices, visitor: Visitor, registry: Registry, answer: str
) -> None:
    async with transaction(registry.scheme) as tx:
        await open_case(tx, "does-not-apply", organisation=offices.stage.organisation)
    seat, address = await first_seat(offices, visitor)
    assert "Do you agree that this type does not apply?" in (await visitor.get(address)).text

    await seal(visitor, address, answer, "The theatre has no say in it.")

    [row] = await Verdict.objects().where(Verdict.seat == seat.id)
    assert (row.question, row.verdict) == ("systemic", answer)


async def test_three_auditors_say_whether_a_date_moves_and_no_steward_does(
    offices: Offices, new_visitor: Callable[[], Visitor], registry: Registry
) -> None:
    await ask_for_more_time(
        registry.scheme,
        organisation=offices.stage.organisation,
        obligation=offices.stage.obligation,
        days=20,
        reason="The trainer is ill.",
    )
    await offices.stage.draw()
    seats = await offices.stage.seats()
    assert len(seats) == 3

    for seat, answer in zip(seats, ("yes", "no", "yes"), strict=True):
        visitor = new_visitor()
        address = await offices.enter_seat(visitor, seat)
        await accept(visitor, address)
        assert "The trainer is ill." in (await visitor.get(address)).text
        await seal(visitor, address, answer, "Twenty days are few.")

    assert (await offices.stage.the_case()).state == "decided"
    steward = new_visitor()
    await offices.appoint(steward, "steward@hub.example", "steward")
    assert (await steward.get(address)).status_code == 404


async def test_a_word_that_is_not_on_the_scale_is_refused(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.stage.report()
    _seat, address = await first_seat(offices, visitor)

    forged = {"answers-0-verdict": "splendid", "answers-0-reasons": "It is.", "next": "seal"}
    answer = await visitor.fill(address, forged)

    assert answer.status_code == 422
    assert not await Verdict.exists()
