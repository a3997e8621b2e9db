"""Somebody in the region wants to know whether a theatre keeps its word."""

from tests.journeys.people import Person


async def test_anyone_finds_an_organisation_and_reads_what_is_late(person: Person) -> None:
    await person.go("/")
    await person.go("/organisations")
    await person.fill({"q": "harbour"})
    await person.press("Show")
    await person.follow("Harbour Lights Theatre")
    assert await person.heading() == "Harbour Lights Theatre"
    assert await person.reads("What is late")
    await person.follow("Pledge 1: A fair say in")
    assert await person.reads("Version 2")
    assert await person.reads("Casting was missing from the promise.")
    await person.follow("Harbour Lights Theatre")
    await person.follow("The whole history, with proof")
    assert await person.reads("was signed.")


async def test_anyone_reads_who_is_late_and_how_the_scheme_does(person: Person) -> None:
    for address in (
        "/late",
        "/statistics",
        "/learning",
        "/how-standing-is-decided",
        "/framework",
        "/framework/structural",
        "/charter",
        "/open-data",
        "/accessibility",
        "/privacy",
    ):
        await person.go(address)
    await person.go("/late")
    assert await person.reads("Harbour Lights Theatre")


async def test_anyone_raises_a_concern_without_a_name(person: Person) -> None:
    await person.go("/organisations/harbour-lights-theatre")
    await person.follow("Raise a concern")
    await person.press("Send")
    assert await person.reads("There is a problem")
