"""The EDI lead of a library and its sponsor, from the first page to the first report."""

from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from charter.organisations.queries import OrganisationSeen, find_by_slug
from registry.doors import open_doors
from registry.rounds.files import check_quarantined_files
from tests.charter.acting import TYPES, accept
from tests.journeys.acting import Past
from tests.journeys.conftest import NewPerson
from tests.journeys.people import Person
from tests.registry.web.member import typed
from tests.world import World

LEAD = "lead@mill-road-library.example"
SPONSOR = "director@mill-road-library.example"
HOME = "/my/mill-road-library"
APPLICATION = typed.APPLICATION | {
    "name": "Mill Road Library",
    "website": "https://mill-road-library.example",
    "domain": "mill-road-library.example",
    "identifiers-0-identifier": "07654321",
    "sponsor-email": SPONSOR,
}

LEFT_OPEN = (
    "forms",
    "communities",
    "funded",
    "funding-pounds",
    "funded-until-day",
    "funded-until-month",
    "funded-until-year",
)
"""What an example of a pledge does not say."""


async def test_an_organisation_goes_from_sign_up_to_a_report_with_evidence(
    new_person: NewPerson, past: Past, tmp_path: Path
) -> None:
    lead, sponsor = await new_person(), await new_person()
    await sign_up(lead)
    await sponsor.sign_in(SPONSOR, going_to=f"{HOME}/charter")
    await sponsor.fill({"agreed": "yes"})
    await sponsor.press("Sign the charter")
    await be_accepted(past)
    await plan(lead, past.world)
    await sponsor.go(f"{HOME}/plan")
    await sponsor.press("Publish the plan")
    assert await sponsor.heading() == "Plan published"
    await record_session(lead)
    await report(lead, past, tmp_path)
    await lead.go("/organisations/mill-road-library")
    assert await lead.heading() == "Mill Road Library"
    for place in ("badge", "people", "details", "details/size", "proof", "reviews", "due"):
        await lead.go(HOME if place == "due" else f"{HOME}/{place}")


async def sign_up(lead: Person) -> None:
    """Apply: the errors first, then the answers, checked and sent."""
    await lead.sign_in(LEAD, going_to="/sign-up")
    await lead.follow("See and print all the questions")
    await lead.go("/sign-up")
    await lead.follow("Start now")
    await lead.press("Continue")
    assert await lead.reads("There is a problem")
    await lead.fill(APPLICATION)
    await lead.press("Continue")
    assert await lead.heading() == "Check your answers"
    await lead.press("Send the application")
    assert await lead.reads("Application sent")


async def be_accepted(past: Past) -> None:
    """Have a steward accept who the library is; the page for it is the steward's journey."""
    found = await find_by_slug("mill-road-library")
    assert isinstance(found, OrganisationSeen)
    await accept(past.world, found.id)


async def plan(lead: Person, world: World) -> None:
    """Answer all five types; write one pledge word by word, start the others from examples."""
    await lead.go(f"{HOME}/plan")
    first = TYPES[0]
    for type_id in TYPES:
        await lead.go(f"{HOME}/answers/{type_id}")
        await lead.fill(typed.answer(type_id))
        await lead.press("Save the answer")
        await lead.go(f"{HOME}/pledges/start/{type_id}")
        own = typed.pledge(world, type_id)
        await lead.follow("Start with an empty form" if type_id == first else "Start from this")
        await lead.fill(own if type_id == first else {name: own[name] for name in LEFT_OPEN})
        await lead.press("Keep this draft")
        assert await lead.complaints() == []
    await lead.follow("See what the public will see")
    assert await lead.reads("not confirmed by communities")


async def record_session(lead: Person) -> None:
    """Record a session and see the codes to hand out."""
    await lead.go(f"{HOME}/sessions")
    await lead.go(f"{HOME}/sessions/new")
    today = datetime.now(UTC).date()
    told = typed.day("held-on", today) | {"contributors": "2", "hours": "6", "pay": "120"}
    await lead.fill({**told, "pledges": ["1", "2"]})
    await lead.press("Record the session")
    assert await lead.heading() == "Codes to hand out"


async def report(lead: Person, past: Past, folder: Path) -> None:
    """Send a photograph, a note and the report on the first milestone."""
    photograph = folder / "panel.png"
    Image.new("RGB", (64, 64), "#5b2a86").save(photograph)
    milestone = f"{HOME}/pledges/1/milestones/1"
    await lead.go(f"{HOME}/pledges/1")
    await lead.go(milestone)
    await lead.follow("Add a file or a photo")
    await lead.fill({"label": "The first mixed panel", "names-people": "no"})
    await lead.attach("file", photograph)
    await lead.press("Send the file")
    assert await lead.reads("Being checked")
    registry = past.region.registry
    await check_quarantined_files(registry.scheme, open_doors(registry.settings))
    await lead.follow("Check again")
    assert await lead.reads("Ready")
    await lead.follow("Add a note")
    await lead.fill({"label": "Register", "body": "14 of 20 panels", "names-people": "no"})
    await lead.press("Add it")
    await lead.fill({"worked": "fully", "summary": "Recruited eight people."})
    await lead.press("Send the report")
    assert await lead.reads("Report sent")
