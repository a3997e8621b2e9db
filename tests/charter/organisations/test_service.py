"""Identity, names and people: the use cases of organisations."""

from datetime import timedelta
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound, ReasonNeeded
from charter.obligations.tables import Obligation
from charter.organisations import rules
from charter.organisations.queries import (
    OrganisationSeen,
    SlugMoved,
    applications_waiting,
    find_by_identifier,
    find_by_slug,
    find_organisation,
    role_in,
)
from charter.organisations.service import (
    appeal_refusal,
    change_band,
    decide_identity,
    merge_organisation,
    rename_organisation,
    renew_proof,
    reopen_proof,
)
from charter.signing.rules import ContinuedByAnother
from charter.signing.service import sign_charter
from tests.charter.acting import (
    LEAD,
    OTHER_STEWARD,
    SPONSOR,
    STEWARD,
    accept,
    apply,
    kinds_of,
    owes,
    signed,
    standing_of,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

SOMEBODY = UUID(int=0xC1, version=4)


async def refuse(world: World, organisation: UUID, reason: str = "The register says other") -> None:
    await decide_identity(
        world.scheme,
        organisation=organisation,
        accept=False,
        how="",
        reason=reason,
        steward=STEWARD,
        steward_employer_domain="hub.example",
    )


async def find(organisation: UUID) -> OrganisationSeen:
    seen = await find_organisation(organisation)
    assert seen is not None
    return seen


async def test_an_application_names_nobody_in_public() -> None:
    world = World()
    organisation = await apply(world)

    assert await kinds_of(organisation) == []
    assert await kinds_of(None) == ["obligation-opened", "application-received"]
    assert (await find(organisation)).public_since is None
    assert await standing_of(organisation) == "not public"


async def test_the_hub_has_ten_working_days_to_decide() -> None:
    world = World()  # starts on Monday 5 January 2026
    await apply(world)

    (waiting,) = await applications_waiting()

    assert waiting.due_on.isoformat() == "2026-01-19"
    assert not waiting.appeal


async def test_the_steward_sees_names_that_look_alike_and_nothing_is_merged() -> None:
    world = World()
    await apply(world)
    twin = await apply(world, name="The Harbour Lights Theatre Ltd", identifiers=())

    waiting = {each.organisation.id: each for each in await applications_waiting()}

    assert waiting[twin].looks_like == (("harbour-lights-theatre", "Harbour Lights Theatre"),)


async def test_a_name_once_used_is_looked_at_too() -> None:
    world = World()
    organisation = await signed(world)
    await rename_organisation(world.scheme, organisation=organisation, name="Tideway Arts")
    twin = await apply(world, name="Harbour Light Theatre", identifiers=())

    waiting = {each.organisation.id: each for each in await applications_waiting()}

    assert waiting[twin].looks_like == (("tideway-arts", "Harbour Lights Theatre"),)


async def test_the_same_name_gets_an_address_of_its_own() -> None:
    world = World()
    await apply(world)
    twin = await apply(world, identifiers=(("GB-COH", "76543210"),))

    assert (await find(twin)).slug == "harbour-lights-theatre-2"


async def test_an_identifier_is_carried_by_one_organisation_only() -> None:
    world = World()
    await apply(world)

    with pytest.raises(rules.AlreadyRegistered):
        await apply(world, name="Somebody Else", identifiers=(("GB-COH", "0123 4567"),))

    assert await Obligation.count() == 1


async def test_an_application_with_errors_is_refused_by_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        await apply(World(), town="", sector="fishing")

    assert [error.field for error in refused.value.errors] == ["town", "sector"]


async def test_one_person_may_sign_for_a_tiny_body_and_the_page_says_so() -> None:
    world = World()
    organisation = await apply(world, lead=LEAD, sponsor=LEAD, band="tiny")

    assert (await find(organisation)).one_person
    assert await role_in(LEAD, organisation) == {"lead", "sponsor"}


async def test_one_person_may_not_hold_both_roles_in_a_larger_body() -> None:
    with pytest.raises(rules.OnePersonTwoRoles):
        await apply(World(), lead=LEAD, sponsor=LEAD)


async def test_a_steward_does_not_decide_on_their_own_employer() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.OwnEmployer):
        await decide_identity(
            world.scheme,
            organisation=organisation,
            accept=True,
            how="domain-mail",
            reason="",
            steward=STEWARD,
            steward_employer_domain="box-office.harbour-lights.example",
        )

    assert (await find(organisation)).state == "applied"


async def test_an_accepted_identity_shows_how_it_was_proven_and_frees_the_hub() -> None:
    world = World()
    organisation = await apply(world)
    await accept(world, organisation)

    seen = await find(organisation)
    assert seen.state == "accepted"
    assert [proof.how for proof in seen.proven_by] == ["domain-mail"]
    assert await applications_waiting() == ()
    assert seen.public_since is None


async def test_identity_is_decided_once() -> None:
    world = World()
    organisation = await apply(world)
    await accept(world, organisation)

    with pytest.raises(rules.AlreadyDecided):
        await refuse(world, organisation)


async def test_a_refusal_needs_a_reason() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(ReasonNeeded):
        await refuse(world, organisation, reason=" ")


async def test_a_refusal_is_counted_without_a_name_and_frees_the_identifier() -> None:
    world = World()
    organisation = await apply(world)
    await refuse(world, organisation)

    assert "application-refused" in await kinds_of(None)
    assert await kinds_of(organisation) == []
    assert (await find(organisation)).refusal == "The register says other"
    assert await find_by_identifier("GB-COH", "01234567") is None
    rightful = await apply(world)
    assert (await find(rightful)).identifiers == (("GB-COH", "01234567"),)


async def test_a_refusal_can_be_appealed_and_then_accepted() -> None:
    world = World()
    organisation = await apply(world)
    await refuse(world, organisation)
    world.pass_days(20)
    await appeal_refusal(world.scheme, organisation=organisation, reason="The number was old")

    (waiting,) = await applications_waiting()
    assert waiting.appeal
    assert waiting.organisation.appeal == "The number was old"
    with pytest.raises(rules.OwnRefusal):
        await accept(world, organisation)
    await accept(world, organisation, steward=OTHER_STEWARD)

    assert (await find(organisation)).state == "accepted"
    found = await find_by_identifier("GB-COH", "01234567")
    assert found is not None
    assert found.id == organisation


async def test_an_appeal_comes_too_late_after_its_days() -> None:
    world = World()
    organisation = await apply(world)
    await refuse(world, organisation)
    world.pass_days(29)

    with pytest.raises(rules.AlreadyDecided, match="28 days"):
        await appeal_refusal(world.scheme, organisation=organisation, reason="Late")


async def test_an_appeal_cannot_bring_back_an_identifier_that_another_carries() -> None:
    world = World()
    organisation = await apply(world)
    await refuse(world, organisation)
    await apply(world)
    await appeal_refusal(world.scheme, organisation=organisation, reason="It is ours")

    with pytest.raises(rules.AlreadyRegistered):
        await accept(world, organisation, steward=OTHER_STEWARD)


@pytest.mark.parametrize("signs_first", [True, False])
async def test_the_later_of_two_proofs_makes_an_organisation_public(*, signs_first: bool) -> None:
    world = World()
    organisation = await apply(world)

    async def sign() -> None:
        await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)

    async def prove() -> None:
        await accept(world, organisation)

    first, second = (sign, prove) if signs_first else (prove, sign)
    await first()
    assert await standing_of(organisation) == "not public"
    world.pass_days(3)
    await second()

    assert await standing_of(organisation) == "plan-due"
    assert (await find(organisation)).public_since == world.scheme.now()
    (owed,) = await Obligation.objects().where(Obligation.organisation == organisation)
    assert (owed.kind, owed.due_on) == ("plan", world.scheme.today() + timedelta(days=90))


async def test_a_rename_keeps_the_old_name_and_the_old_address_for_ever() -> None:
    world = World()
    organisation = await signed(world)
    slug = await rename_organisation(
        world.scheme, organisation=organisation, name="Harbour Lights Arts"
    )

    assert slug == "harbour-lights-arts"
    assert await find_by_slug("harbour-lights-theatre") == SlugMoved("harbour-lights-arts")
    found = await find_by_slug(slug)
    assert isinstance(found, OrganisationSeen)
    assert [former.name for former in found.former_names] == ["Harbour Lights Theatre"]
    assert "renamed" in await kinds_of(organisation)


async def test_an_applicant_that_changes_its_name_is_not_named_in_public() -> None:
    world = World()
    organisation = await apply(world)
    await rename_organisation(world.scheme, organisation=organisation, name="Harbour Lights Arts")

    assert await kinds_of(organisation) == []


async def test_an_old_address_is_never_given_to_another() -> None:
    world = World()
    organisation = await signed(world)
    await rename_organisation(world.scheme, organisation=organisation, name="Harbour Lights Arts")

    other = await apply(world, identifiers=())

    assert (await find(other)).slug == "harbour-lights-theatre-2"


async def test_an_old_address_leads_to_the_newest_one() -> None:
    world = World()
    organisation = await signed(world)
    for name in ("Harbour Lights Arts", "Lights of the Harbour"):
        await rename_organisation(world.scheme, organisation=organisation, name=name)

    moved = SlugMoved("lights-of-the-harbour")
    assert await find_by_slug("harbour-lights-theatre") == moved
    assert await find_by_slug("harbour-lights-arts") == moved
    assert await find_by_slug("nobody") is None


async def test_a_name_that_differs_in_letters_only_keeps_its_address() -> None:
    world = World()
    organisation = await signed(world)

    slug = await rename_organisation(
        world.scheme, organisation=organisation, name="Harbour LIGHTS Theatre"
    )

    assert slug == "harbour-lights-theatre"
    assert [former.name for former in (await find(organisation)).former_names] == [
        "Harbour Lights Theatre"
    ]


async def test_a_change_of_size_is_public() -> None:
    world = World()
    organisation = await signed(world)
    for _ in range(2):
        await change_band(world.scheme, organisation=organisation, band="small")

    assert (await kinds_of(organisation)).count("band-changed") == 1
    with pytest.raises(InvalidInput):
        await change_band(world.scheme, organisation=organisation, band="huge")


async def test_a_body_that_outgrows_one_person_needs_two() -> None:
    world = World()
    organisation = await apply(world, lead=LEAD, sponsor=LEAD, band="small")

    with pytest.raises(rules.OnePersonTwoRoles):
        await change_band(world.scheme, organisation=organisation, band="standard")


async def test_nobody_is_asked_about_an_organisation_that_does_not_exist() -> None:
    world = World()

    with pytest.raises(NotFound):
        await change_band(world.scheme, organisation=SOMEBODY, band="small")
    assert await find_organisation(SOMEBODY) is None
    assert await owes(SOMEBODY) == []


async def test_a_lapsed_domain_asks_for_proof_again_and_a_new_proof_is_shown_beside_the_old() -> (
    None
):
    world = World()
    organisation = await signed(world)
    for _ in range(2):
        await reopen_proof(world.scheme, organisation=organisation)
    assert await owes(organisation, "proof-renewal") == [("proof-renewal", None, None)]
    with pytest.raises(rules.OwnEmployer):
        await renew(world, organisation, employer="harbour-lights.example")
    with pytest.raises(InvalidInput):
        await renew(world, organisation, how="a-feeling")
    await renew(world, organisation)

    assert await owes(organisation, "proof-renewal") == []
    assert [proof.how for proof in (await find(organisation)).proven_by] == [
        "domain-mail",
        "register",
    ]
    assert "proof-renewed" in await kinds_of(organisation)


async def test_proof_is_not_asked_for_again_before_it_was_given() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.AlreadyDecided):
        await reopen_proof(world.scheme, organisation=organisation)


async def renew(
    world: World, organisation: UUID, *, how: str = "register", employer: str = "hub.example"
) -> None:
    await renew_proof(
        world.scheme, organisation=organisation, how=how, steward_employer_domain=employer
    )


async def test_a_merged_organisation_says_who_continues_it_and_owes_nothing_itself() -> None:
    world = World()
    organisation = await signed(world)
    successor = await apply(world, name="Tideway Arts", identifiers=())
    with pytest.raises(rules.NotMergeable):
        await merge_organisation(world.scheme, organisation=organisation, into=successor)
    with pytest.raises(rules.NotMergeable):
        await merge_organisation(world.scheme, organisation=organisation, into=organisation)
    await accept(world, successor)
    with pytest.raises(rules.NotMergeable):
        await merge_organisation(world.scheme, organisation=organisation, into=successor)
    await sign_charter(world.scheme, organisation=successor, account=SPONSOR)
    await merge_organisation(world.scheme, organisation=organisation, into=successor)

    assert await standing_of(organisation) == "withdrawn"
    assert (await find(organisation)).continued_by == successor
    assert await owes(organisation) == []
    with pytest.raises(rules.NotMergeable):
        await merge_organisation(world.scheme, organisation=organisation, into=successor)
    with pytest.raises(rules.NotMergeable):
        await merge_organisation(world.scheme, organisation=successor, into=organisation)
    with pytest.raises(ContinuedByAnother):
        await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)


async def test_a_new_name_is_short_enough_to_show_and_the_same_name_changes_nothing() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(InvalidInput):
        await rename_organisation(world.scheme, organisation=organisation, name="x" * 201)
    await rename_organisation(
        world.scheme, organisation=organisation, name=" Harbour Lights Theatre "
    )
    assert (await find(organisation)).former_names == ()


async def test_how_an_identity_was_proven_is_one_of_four_ways() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(InvalidInput):
        await decide_identity(
            world.scheme,
            organisation=organisation,
            accept=True,
            how="a-feeling",
            reason="",
            steward=STEWARD,
            steward_employer_domain="",
        )


async def test_an_appeal_needs_a_refusal_and_a_reason() -> None:
    world = World()
    organisation = await apply(world)
    with pytest.raises(rules.AlreadyDecided):
        await appeal_refusal(world.scheme, organisation=organisation, reason="Why")
    await refuse(world, organisation)
    with pytest.raises(ReasonNeeded):
        await appeal_refusal(world.scheme, organisation=organisation, reason=" ")


async def test_an_identifier_given_twice_in_one_application_is_carried_once() -> None:
    world = World()
    organisation = await apply(world, identifiers=(("GB-COH", "01234567"), ("GB-COH", "0123 4567")))

    assert (await find(organisation)).identifiers == (("GB-COH", "01234567"),)
