"""Somebody who took part in a session says so, with a code on a slip and no account."""

from tests.charter.acting import hold_session
from tests.journeys.acting import Past
from tests.journeys.conftest import NewPerson


async def test_somebody_who_took_part_confirms_once_with_a_code(
    new_person: NewPerson, past: Past
) -> None:
    member = await past.published("Fiveways College")
    session = await hold_session(past.world, member.id)
    slip = f"/contribute/{session.tokens[0]}"
    guest = await new_person()
    await guest.go(slip)
    assert await guest.reads(member.name)
    await guest.press("Send")
    assert await guest.reads("There is a problem")
    await guest.fill({"happened": "yes", "paid": "declined", "agrees": "yes", "employed": "no"})
    await guest.press("Send")
    assert not await guest.reads("There is a problem")

    finder = await new_person()
    await finder.go(slip)
    assert await finder.page.locator('[name="happened"]').count() == 0

    reader = await new_person()
    await reader.go(f"/organisations/{member.slug}/pledges/1")
    assert await reader.reads("People who were there confirmed it and agreed.")
