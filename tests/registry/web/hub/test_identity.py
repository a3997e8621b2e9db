"""Identity: what a steward sees, decides, and leaves to another."""

from collections.abc import Callable
from uuid import UUID

from charter.organisations.queries import find_organisation
from charter.organisations.service import appeal_refusal, rename_organisation
from registry.accounts.service import account_for
from tests.charter import acting
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

REASON = "Nobody at the registered office knew of the application."


async def applied(offices: Offices, **changes: object) -> UUID:
    """Have a library apply, its lead at its own web domain and its sponsor elsewhere."""
    desk = offices.registry.desk
    return await acting.apply(
        offices.stage.world,
        lead=await account_for(desk, email="lead@seaham-library.example"),
        sponsor=await account_for(desk, email="sponsor@elsewhere.example"),
        **{"name": "Seaham Library", "domain": "seaham-library.example", **changes},
    )


async def test_a_steward_sees_the_proof_and_names_that_look_alike(
    offices: Offices, visitor: Visitor
) -> None:
    organisation = await applied(offices, name="The Harbour Lights Theatre Ltd")
    await offices.appoint(visitor, "steward@hub.example", "steward")

    page = (await visitor.get(f"/hub/applications/{organisation}")).text

    assert "At seaham-library.example" in page
    assert "Not at its web domain" in page
    assert "/organisations/harbour-lights" in page
    assert "lead@" not in page


async def test_a_steward_accepts_and_says_how_it_was_shown(
    offices: Offices, visitor: Visitor
) -> None:
    organisation = await applied(offices)
    await offices.appoint(visitor, "steward@hub.example", "steward")
    address = f"/hub/applications/{organisation}"

    without_how = await visitor.fill(address, {"decision": "accept"})
    assert without_how.status_code == 422
    assert "Choose how the organisation showed who it is" in without_how.text
    decided = await visitor.fill(address, {"decision": "accept", "how": "register"})

    assert decided.headers["location"] == "/hub/applications"
    seen = await find_organisation(organisation)
    assert seen is not None
    assert seen.state == "accepted"
    assert [proof.how for proof in seen.proven_by] == ["register"]


async def test_a_refusal_has_a_reason_and_its_appeal_is_heard_by_another_steward(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    organisation = await applied(offices)
    one, two = new_visitor(), new_visitor()
    await offices.appoint(one, "steward@hub.example", "steward")
    await offices.appoint(two, "second@hub.example", "steward")
    address = f"/hub/applications/{organisation}"

    without_reason = await one.fill(address, {"decision": "refuse"})
    assert without_reason.status_code == 422
    await one.fill(address, {"decision": "refuse", "reason": REASON})
    seen = await find_organisation(organisation)
    assert seen is not None
    assert (seen.state, seen.refusal) == ("refused", REASON)

    await appeal_refusal(offices.registry.scheme, organisation=organisation, reason="We exist.")
    page = (await one.get(address)).text
    assert "Another steward hears the appeal" in page
    assert "We exist." in page
    heard = await two.fill(address, {"decision": "accept", "how": "register"})
    assert heard.headers["location"] == "/hub/applications"


async def test_a_group_is_accepted_once_two_without_ties_have_vouched(
    offices: Offices, visitor: Visitor
) -> None:
    organisation = await applied(offices, domain=None, identifiers=(), proof="vouched")
    await offices.appoint(visitor, "steward@hub.example", "steward")
    address = f"/hub/applications/{organisation}"
    vouched = {"reached": "telephone", "tied": "no"}

    async def vouch(**typed: str) -> int:
        answer = await visitor.fill(address, typed, at=f"{address}/vouchers")
        return answer.status_code

    too_early = await visitor.fill(address, {"decision": "accept", "how": "vouched"})
    assert too_early.status_code == 422
    assert "Write down 2 vouchers first" in too_early.text
    assert await vouch(**vouched) == 422
    assert await vouch(who="A midwife of the ward", **vouched) == 303
    assert await vouch(who="Their treasurer", reached="visit", tied="yes") == 303
    assert await vouch(who="A shopkeeper next door", **vouched) == 303
    page = (await visitor.get(address)).text
    assert "Their treasurer (tied: does not count)" in page
    decided = await visitor.fill(address, {"decision": "accept", "how": "vouched"})

    assert decided.headers["location"] == "/hub/applications"


async def test_a_new_name_waits_for_a_steward_until_it_is_shown_again(
    offices: Offices, visitor: Visitor
) -> None:
    world = offices.stage.world
    organisation = await applied(offices)
    await acting.accept(world, organisation)
    world.pass_days(1)
    await offices.appoint(visitor, "steward@hub.example", "steward")
    await rename_organisation(world.scheme, organisation=organisation, name="Tideway Arts")
    address = f"/hub/renewals/{organisation}"

    assert address in (await visitor.get("/hub/applications")).text
    assert "Seaham Library" in (await visitor.get(address)).text
    refused = await visitor.fill(address, {"how": "domain-mail"})
    assert refused.status_code == 422
    await acting.show(world, organisation)
    renewed = await visitor.fill(address, {"how": "domain-mail"})
    assert renewed.headers["location"] == "/hub/applications"

    assert (await visitor.get(address)).status_code == 409


async def test_nobody_decides_on_their_own_employer(offices: Offices, visitor: Visitor) -> None:
    organisation = await applied(offices)
    await offices.appoint(visitor, "clerk@seaham-library.example", "steward")
    address = f"/hub/applications/{organisation}"

    page = await visitor.get(address)
    assert "Another steward decides" in page.text
    assert "Your decision" not in page.text
    forged = {"decision": "accept", "how": "register"}
    answer = await visitor.fill("/sign-out", forged, at=address)

    assert answer.status_code == 403
    seen = await find_organisation(organisation)
    assert seen is not None
    assert seen.state == "applied"


async def test_an_accepted_organisation_is_no_longer_open_to_a_decision(
    offices: Offices, visitor: Visitor
) -> None:
    await offices.appoint(visitor, "steward@hub.example", "steward")

    path = f"/hub/applications/{offices.stage.organisation}"

    assert (await visitor.get(path)).status_code == 409
