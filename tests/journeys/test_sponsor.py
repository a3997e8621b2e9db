"""The executive director of a bus company puts its name to the charter."""

from charter.signing.tables import Signature
from tests.journeys.acting import Past
from tests.journeys.people import Person


async def test_the_sponsor_reads_the_charter_and_signs_it(person: Person, past: Past) -> None:
    member = await past.applied("Estuary Buses")
    await person.sign_in(member.address("sponsor"), going_to=member.home)
    await person.follow("Read the charter")
    assert await person.reads("What you put your name to")
    await person.press("Sign the charter")
    assert await person.reads("There is a problem")
    await person.fill({"agreed": "yes"})
    await person.press("Sign the charter")
    assert await person.heading() == "Charter signed"
    assert await Signature.exists().where(Signature.organisation == member.id)
    await person.follow("See what is due")
    assert await person.reads("Show that your web domain is yours")
