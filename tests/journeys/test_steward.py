"""A steward of the hub decides who an applicant is, and nothing else."""

from charter.organisations.tables import Organisation
from registry.accounts.roles import grant_role
from registry.accounts.service import account_for
from tests.journeys.acting import Past
from tests.journeys.people import Person

STEWARD = "steward@hub.example"
HEAD = "head@hub.example"


async def test_a_steward_looks_at_the_proof_and_accepts(person: Person, past: Past) -> None:
    member = await past.applied("Sandstone Homes")
    steward = await account_for(past.desk, email=STEWARD)
    await grant_role(past.desk, account=steward, role="steward")
    await person.sign_in(STEWARD, going_to="/hub")
    await person.go("/hub/applications")
    await person.page.locator("article", has_text=member.name).wait_for()
    await person.go(f"/hub/applications/{member.id}")
    await person.press("Decide")
    assert await person.reads("There is a problem")
    await person.fill({"decision": "accept", "how": "register"})
    await person.press("Decide")
    row = await Organisation.objects().get(Organisation.id == member.id)
    assert row is not None
    assert row.state == "accepted"


async def test_every_room_of_the_hub_can_be_used_by_everyone(person: Person, past: Past) -> None:
    head = await account_for(past.desk, email=HEAD)
    for role in ("steward", "payment", "auditor-care", "administrator"):
        await grant_role(past.desk, account=head, role=role)
    await person.sign_in(HEAD, going_to="/hub")
    for room in (
        "applications",
        "handovers",
        "signatories",
        "clocks",
        "concerns",
        "groups",
        "outbox",
        "words",
        "payments",
        "auditors",
    ):
        await person.go(f"/hub/{room}")
