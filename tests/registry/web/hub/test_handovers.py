"""A steward finds who takes over where nobody leads or sponsors any more."""

from collections.abc import Callable

from charter.organisations.queries import members_of
from charter.organisations.service import end_membership
from charter.organisations.tables import Invitation
from registry.accounts.service import account_for
from tests.charter import acting
from tests.charter.acting import LEAD
from tests.registry.web.staffing import Offices
from tests.registry.web.visitor import Visitor

EMAIL = "deputy@seaham-library.example"


async def test_a_steward_asks_somebody_and_the_case_ends_when_they_say_yes(
    offices: Offices, new_visitor: Callable[[], Visitor]
) -> None:
    world = offices.stage.world
    organisation = await acting.apply(world, name="Seaham Library")
    await end_membership(world.scheme, organisation=organisation, account=LEAD, role="lead")
    steward, deputy = new_visitor(), new_visitor()
    await offices.appoint(steward, "steward@hub.example", "steward")
    await offices.enter(deputy, await account_for(offices.registry.desk, email=EMAIL))
    address = f"/hub/handovers/{organisation}"

    assert address in (await steward.get("/hub/handovers")).text
    assert address in (await steward.get("/hub")).text
    assert "It has no lead." in (await steward.get(address)).text
    empty = await steward.fill(address, {"email": "nobody", "role": "sponsor"})
    assert empty.status_code == 422
    await steward.fill(address, {"email": EMAIL, "role": "lead"})
    assert "We wait for an answer from: lead" in (await steward.get(address)).text
    row = await Invitation.objects().first()
    assert row is not None
    await deputy.fill(f"/invitations/{row.id}", {}, at=f"/invitations/{row.id}/accept")

    assert (await steward.get(address)).status_code == 404
    assert {member.role for member in await members_of(organisation)} == {"lead", "sponsor"}
