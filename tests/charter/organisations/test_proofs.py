"""Showing who an organisation is: by mail, by DNS, by a register, by those who know it (rule 1)."""

from datetime import timedelta
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.organisations.proof_rules import (
    Look,
    NoDomain,
    ProofNotShown,
    Shown,
    VoucherHeard,
    WrongProofCode,
    decide_proof,
)
from charter.organisations.proofs import DomainQuestion, domains_to_look_at
from charter.organisations.queries import find_organisation
from charter.organisations.rules import OwnEmployer
from charter.organisations.service import (
    ask_for_code,
    ask_for_record,
    record_look,
    record_voucher,
    rename_organisation,
    renew_proof,
    reopen_proof,
    type_code,
)
from tests.charter.acting import (
    STEWARD,
    accept,
    accept_as_shown,
    apply,
    kinds_of,
    owes,
    show,
    signed,
)
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")

NOTHING = Shown(domain=(), register_numbers=0, vouchers=())
FAITH_LEADER = VoucherHeard("A faith leader of the town", tied=False)
HEAD_TEACHER = VoucherHeard("Head teacher", tied=False)


async def questions(world: World) -> list[DomainQuestion]:
    return await domains_to_look_at(world.scheme, most=10)


async def look(world: World, result: Look) -> None:
    """Look at every domain that is to be looked at."""
    for question in await questions(world):
        await record_look(world.scheme, proof=question.proof, look=result)


async def proven_by(organisation: UUID) -> list[str]:
    own = await find_organisation(organisation)
    assert own is not None
    return [proof.how for proof in own.proven_by]


async def joined_by_record(world: World) -> UUID:
    """Bring Harbour Lights into the register by a record in its DNS."""
    organisation = await apply(world)
    await ask_for_record(world.scheme, organisation=organisation)
    await look(world, "found")
    await accept_as_shown(world, organisation, "dns-txt")
    return organisation


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("domain-mail", NOTHING),
        ("domain-mail", Shown(domain={"dns-txt"}, register_numbers=0, vouchers=())),
        ("dns-txt", NOTHING),
        ("register", NOTHING),
        ("vouched", NOTHING),
        ("vouched", Shown((), 0, (FAITH_LEADER,))),
        (
            "vouched",
            Shown((), 0, (FAITH_LEADER, VoucherHeard(" a FAITH leader of the town", tied=False))),
        ),
        ("vouched", Shown((), 0, (FAITH_LEADER, VoucherHeard("Their treasurer", tied=True)))),
    ],
)
def test_an_identity_is_not_accepted_by_a_way_that_shows_nothing(how: str, shown: Shown) -> None:
    with pytest.raises(ProofNotShown):
        decide_proof(how, shown, the_pack())


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("domain-mail", Shown({"domain-mail"}, 0, ())),
        ("dns-txt", Shown({"dns-txt"}, 0, ())),
        ("register", Shown((), 1, ())),
        ("vouched", Shown((), 0, (FAITH_LEADER, HEAD_TEACHER))),
    ],
)
def test_an_identity_can_be_accepted_by_each_of_four_ways(how: str, shown: Shown) -> None:
    decide_proof(how, shown, the_pack())


async def test_a_code_mailed_to_the_domain_shows_that_it_is_theirs() -> None:
    world = World()
    organisation = await apply(world)
    with pytest.raises(ProofNotShown):
        await accept_as_shown(world, organisation, "domain-mail")

    mailed = await ask_for_code(world.scheme, organisation=organisation, mailbox="hostmaster")
    assert mailed.address == "hostmaster@harbour-lights.example"
    spaced = f" {mailed.code[:5]}-{mailed.code[5:].lower()} "
    await type_code(world.scheme, organisation=organisation, code=spaced)
    await accept_as_shown(world, organisation, "domain-mail")

    assert await proven_by(organisation) == ["domain-mail"]


async def test_a_code_is_mailed_only_to_a_mailbox_that_runs_the_domain() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(InvalidInput):
        await ask_for_code(world.scheme, organisation=organisation, mailbox="my-own")


async def test_a_code_dies_with_time_with_wrong_tries_and_with_the_next_one() -> None:
    world = World()
    organisation = await apply(world)

    async def ask() -> str:
        mailed = await ask_for_code(world.scheme, organisation=organisation, mailbox="admin")
        return mailed.code

    async def refuse(code: str) -> None:
        with pytest.raises(WrongProofCode):
            await type_code(world.scheme, organisation=organisation, code=code)

    await refuse("0000000000")
    late = await ask()
    world.clock.set(world.clock.at + timedelta(hours=24))
    await refuse(late)
    tried = await ask()
    for _ in range(5):
        await refuse("0000000000")
    await refuse(tried)
    replaced = await ask()
    newest = await ask()
    await refuse(replaced)
    await type_code(world.scheme, organisation=organisation, code=newest)


async def test_without_a_domain_nothing_can_be_shown_by_one() -> None:
    world = World()
    organisation = await apply(world, domain=None, proof="register")

    with pytest.raises(NoDomain):
        await ask_for_code(world.scheme, organisation=organisation, mailbox="admin")
    with pytest.raises(NoDomain):
        await ask_for_record(world.scheme, organisation=organisation)


async def test_a_record_in_the_dns_shows_that_the_domain_is_theirs() -> None:
    world = World()
    organisation = await apply(world)
    await ask_for_record(world.scheme, organisation=organisation)

    (question,) = await questions(world)
    assert question.name == "_charter-registry.harbour-lights.example"
    assert question.text.startswith("charter-registry=")
    await look(world, "missing")
    assert await questions(world) == []
    with pytest.raises(ProofNotShown):
        await accept_as_shown(world, organisation, "dns-txt")
    await ask_for_record(world.scheme, organisation=organisation)
    assert await questions(world) == [question]
    await look(world, "found")
    await accept_as_shown(world, organisation, "dns-txt")

    assert await proven_by(organisation) == ["dns-txt"]
    with pytest.raises(NotFound):
        await record_look(world.scheme, proof=STEWARD, look="found")


async def test_a_record_that_never_comes_is_looked_for_daily_and_then_no_more() -> None:
    world = World()
    await ask_for_record(world.scheme, organisation=await apply(world))
    looks = 0
    for _ in range(60):
        looks += len(await questions(world))
        await look(world, "missing")
        world.pass_days(1.01)

    assert 28 <= looks <= 31


async def test_a_record_that_stays_away_for_a_week_asks_for_proof_again() -> None:
    world = World()
    organisation = await joined_by_record(world)
    world.pass_days(29)
    assert await questions(world) == []
    world.pass_days(2)
    await look(world, "missing")
    for _ in range(6):
        world.pass_days(1.01)
        await look(world, "missing")
        assert await owes(organisation) == []
    world.pass_days(1.01)
    await look(world, "missing")

    assert await owes(organisation) == [("proof-renewal", None, None)]

    world.pass_days(1.01)
    await look(world, "found")
    assert await owes(organisation) == []
    assert await proven_by(organisation) == ["dns-txt", "dns-txt"]
    assert "proof-renewed" in await kinds_of(organisation)


async def test_a_record_that_comes_back_in_time_asks_for_nothing() -> None:
    world = World()
    organisation = await joined_by_record(world)
    world.pass_days(31)
    await look(world, "missing")
    world.pass_days(3)
    await look(world, "found")
    world.pass_days(5)
    await look(world, "missing")

    assert await questions(world) == []
    assert await owes(organisation) == []


async def test_a_domain_that_no_longer_exists_asks_for_proof_again_after_mail_too() -> None:
    world = World()
    organisation = await signed(world)
    world.pass_days(31)
    (question,) = await questions(world)
    assert (question.name, question.text) == ("harbour-lights.example", "")
    for _ in range(9):
        await look(world, "missing")
        world.pass_days(1.01)

    assert await owes(organisation, "proof-renewal") == [("proof-renewal", None, None)]
    # That the name exists again says nothing about whose it is: a new code does.
    await look(world, "found")
    assert await owes(organisation, "proof-renewal") != []
    await show(world, organisation)
    assert await owes(organisation, "proof-renewal") == []


async def test_a_new_name_asks_for_proof_again_and_a_steward_looks_too() -> None:
    world = World()
    organisation = await signed(world)
    world.pass_days(1)
    await rename_organisation(world.scheme, organisation=organisation, name="Tideway Arts")
    assert await owes(organisation, "proof-renewal") == [("proof-renewal", None, None)]

    async def renew() -> None:
        await renew_proof(
            world.scheme,
            organisation=organisation,
            how="domain-mail",
            steward_employer_domain="hub.example",
        )

    with pytest.raises(ProofNotShown):
        await renew()
    await show(world, organisation)
    assert await owes(organisation, "proof-renewal") != []
    await renew()

    assert await owes(organisation, "proof-renewal") == []
    assert await proven_by(organisation) == ["domain-mail", "domain-mail"]


async def test_two_vouchers_without_ties_show_who_a_group_is() -> None:
    world = World()
    organisation = await apply(world, domain=None, identifiers=(), proof="vouched")

    async def vouch(who: str, *, tied: bool = False, employer: str = "hub.example") -> None:
        await record_voucher(
            world.scheme,
            organisation=organisation,
            who=who,
            reached="visit",
            tied=tied,
            steward=STEWARD,
            steward_employer_domain=employer,
        )

    for who, tied in (("Their treasurer", True), ("A shopkeeper next door", False)):
        await vouch(who, tied=tied)
        with pytest.raises(ProofNotShown):
            await accept_as_shown(world, organisation, "vouched")
    with pytest.raises(InvalidInput):
        await vouch(" ")
    await vouch("A midwife of the ward")
    await accept_as_shown(world, organisation, "vouched")

    assert await proven_by(organisation) == ["vouched"]


async def test_a_steward_writes_down_no_voucher_for_their_own_employer() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(OwnEmployer):
        await record_voucher(
            world.scheme,
            organisation=organisation,
            who="A neighbour",
            reached="telephone",
            tied=False,
            steward=STEWARD,
            steward_employer_domain="harbour-lights.example",
        )


async def test_vouchers_of_the_first_time_do_not_count_when_proof_is_asked_for_again() -> None:
    world = World()
    organisation = await apply(world, domain=None, identifiers=(), proof="vouched")
    await accept(world, organisation)
    world.pass_days(400)
    await reopen_proof(world.scheme, organisation=organisation)

    with pytest.raises(ProofNotShown):
        await renew_proof(
            world.scheme,
            organisation=organisation,
            how="vouched",
            steward_employer_domain="hub.example",
        )
