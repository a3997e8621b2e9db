"""People of an organisation at its pages: asked, answering, leaving, handing over."""

import re
from collections.abc import Callable
from uuid import UUID

from charter.organisations.queries import role_in
from charter.organisations.tables import Invitation, Membership
from registry.accounts.post import newest_letters
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, SPONSOR, join, signed
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World

HOME = "/my/harbour-lights-theatre"
ADDRESS = "front-of-house@harbour-lights.example"

Open = Callable[[], Visitor]


async def guest(registry: Registry, new_visitor: Open, email: str = ADDRESS) -> Visitor:
    """Sign in whoever has an address."""
    account = await account_for(registry.desk, email=email)
    return await sign_in(registry, new_visitor(), account)


async def test_somebody_invited_gets_a_letter_once_and_has_a_part_once_they_say_yes(
    lead: Visitor, registry: Registry, world: World, new_visitor: Open
) -> None:
    await signed(world)
    fields = hidden_fields((await lead.get(f"{HOME}/people")).text)
    fields |= {"email": ADDRESS, "role": "member"}
    for _press in range(2):
        assert (await lead.send(f"{HOME}/people", fields)).status_code == 303
    (posted,) = await newest_letters(registry.desk)
    assert posted.letter.to == ADDRESS
    assert await Membership.count().where(Membership.role == "member") == 0
    assert f"{ADDRESS}, as member" in (await lead.get(f"{HOME}/people")).text
    (address,) = re.findall(r"/invitations/[0-9a-f-]{36}", posted.letter.text)

    person = await guest(registry, new_visitor)
    assert (await person.get("/my")).headers["location"] == address
    assert (await lead.get(address)).status_code == 404
    forged = await lead.fill(f"{HOME}/people", {}, at=f"{address}/accept")
    assert forged.status_code == 404
    assert "be its member" in (await person.get(address)).text
    said = await person.fill(address, {}, at=f"{address}/accept")

    assert said.headers["location"] == "/my"
    assert (await person.get(HOME)).status_code == 200
    assert (await person.get(address)).status_code == 404


async def test_an_invitation_is_declined_or_taken_back_and_gives_no_part(
    lead: Visitor, registry: Registry, world: World, new_visitor: Open
) -> None:
    await signed(world)
    person = await guest(registry, new_visitor)
    for _time in range(2):
        await lead.fill(f"{HOME}/people", {"email": ADDRESS, "role": "lead"})
        row = await Invitation.objects().where(Invitation.answer == "").first()
        assert row is not None
        if not _time:
            address = f"/invitations/{row.id}"
            await person.fill(address, {}, at=f"{address}/decline")
        else:
            await lead.fill(f"{HOME}/people", {}, at=f"{HOME}/people/asked/{row.id}")

    rows = await Invitation.select(Invitation.answer).order_by(Invitation.answer)
    assert [row["answer"] for row in rows] == ["declined", "withdrawn"]
    assert (await person.get(HOME)).status_code == 404


async def test_a_delegate_covers_for_days_that_make_sense(lead: Visitor, world: World) -> None:
    await signed(world)
    cover = {
        "email": ADDRESS,
        "role": "delegate",
        **{f"covers-from-{part}": value for part, value in DAYS["first"].items()},
    }
    without_end = await lead.fill(f"{HOME}/people", cover)
    assert without_end.status_code == 422
    assert "Enter the last day of the cover, too." in without_end.text
    ends = {f"covers-until-{part}": value for part, value in DAYS["last"].items()}

    assert (await lead.fill(f"{HOME}/people", cover | ends)).status_code == 303


DAYS = {
    "first": {"day": "2", "month": "2", "year": "2026"},
    "last": {"day": "9", "month": "2", "year": "2026"},
}


async def test_the_last_lead_who_leaves_is_told_that_the_hub_looks_for_the_next(
    lead: Visitor, world: World
) -> None:
    organisation = await signed(world)
    address = f"{HOME}/people/{LEAD}/lead/end"
    assert "There is no other lead." in (await lead.get(address)).text
    assert (await lead.fill(address, {})).status_code == 422
    for junk in ("-" * 36, "everybody", str(UUID(int=9, version=4))):
        assert (await lead.fill(address, {"successor": junk})).status_code == 422
    left = await lead.fill(address, {"successor": "nobody"})

    assert left.headers["location"] == "/my"
    assert await role_in(LEAD, organisation) == frozenset()


async def test_a_leaver_hands_over_to_a_colleague(lead: Visitor, world: World) -> None:
    organisation = await signed(world)
    colleague = UUID(int=0xC1, version=4)
    await join(world, organisation, colleague, "member")
    await lead.fill(f"{HOME}/people/{LEAD}/lead/end", {"successor": str(colleague)})

    assert await role_in(colleague, organisation) == {"member", "lead"}


async def test_the_sponsor_hands_over_to_somebody_who_says_yes(
    sponsor: Visitor, registry: Registry, world: World, new_visitor: Open
) -> None:
    organisation = await signed(world)
    typed = {"email": "chair@harbour-lights.example", "sponsor-role": "Chair of the board"}
    assert (await sponsor.fill(f"{HOME}/sponsor", typed)).status_code == 303
    assert await role_in(SPONSOR, organisation) == {"sponsor"}
    chair = await guest(registry, new_visitor, "chair@harbour-lights.example")
    row = await Invitation.objects().first()
    assert row is not None
    await chair.fill(f"/invitations/{row.id}", {}, at=f"/invitations/{row.id}/accept")

    assert (await chair.get(f"{HOME}/sponsor")).status_code == 200
    assert (await sponsor.get(f"{HOME}/sponsor")).status_code == 404
