"""Signing, signing again, leaving and coming back: rules 3 and 4, rows 1 and 9 to 13."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest

from charter.errors import ReasonNeeded
from charter.history.events import Fact
from charter.history.queries import events_of, words_of
from charter.ledger import transaction
from charter.obligations.service import meet_obligation, open_obligations, paused_days
from charter.obligations.standstill import pause_for_hub
from charter.obligations.tables import Obligation
from charter.organisations.service import decide_identity
from charter.plans.reading import dates_in_force
from charter.plans.service import publish_plan
from charter.plans.tables import Pledge
from charter.signing import rules
from charter.signing.service import (
    open_re_sign_windows,
    sign_again,
    sign_charter,
    withdraw_from_charter,
)
from charter.signing.tables import Signature
from tests.charter.acting import (
    LEAD,
    SPONSOR,
    STEWARD,
    apply,
    kinds_of,
    owes,
    published,
    signed,
    standing_of,
)
from tests.world import World, the_pack

pytestmark = pytest.mark.usefixtures("database")


async def sign(world: World, organisation: UUID, *, again: bool = False) -> None:
    use_case = sign_again if again else sign_charter
    await use_case(world.scheme, organisation=organisation, account=SPONSOR)


async def withdraw(world: World, organisation: UUID, reason: str = "Our trustees voted") -> None:
    await withdraw_from_charter(
        world.scheme, organisation=organisation, account=SPONSOR, reason=reason
    )


async def warn(world: World, organisation: UUID, *steps: str) -> None:
    """Send the steps of a ladder about everything that is owed, and have them arrive."""
    for owed in await open_obligations(organisation):
        async with transaction(world.scheme) as tx:
            for step in steps:
                facts: dict[str, Fact] = {
                    "obligation": owed.id,
                    "what": "What is owed",
                    "due_on": owed.due_on.isoformat(),
                    "step": 0,
                    "name": step,
                    "roles": ["lead"],
                }
                tx.record("notice-sent", facts, organisation=organisation, by="system")


async def lapsed(world: World) -> UUID:
    """Bring Harbour Lights to having published no plan in time."""
    organisation = await signed(world)
    world.pass_days(80)
    await warn(world, organisation, "remind-7", "remind-1")
    world.pass_days(12)
    await settle(world, organisation)
    return organisation


async def suspended(world: World) -> UUID:
    """Bring Harbour Lights to having sent no evidence for so long that it is suspended."""
    organisation = await published(world)
    day = (await open_obligations(organisation, "evidence"))[0].due_on
    world.pass_days((day - world.scheme.today()).days - 7)
    await warn(world, organisation, "remind-7", "formal-notice", "last-call")
    world.pass_days(100)
    await settle(world, organisation)
    return organisation


async def settle(world: World, organisation: UUID) -> None:
    async with transaction(world.scheme) as tx:
        tx.settle(organisation)


async def test_a_signature_pins_the_version_and_the_digest_of_its_text() -> None:
    world = World()
    await signed(world)

    (row,) = await Signature.objects()
    charter = the_pack().charter_on(world.scheme.today())
    assert (row.charter_version, row.charter_digest) == (charter.version, charter.digest_text())
    assert (row.spell, row.sponsor_role) == (1, "Executive Director")


async def test_only_the_sponsor_signs_and_leaves() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.NotTheSponsor):
        await sign_charter(world.scheme, organisation=organisation, account=LEAD)
    with pytest.raises(rules.NotTheSponsor):
        await sign_again(world.scheme, organisation=organisation, account=LEAD)
    with pytest.raises(rules.NotTheSponsor):
        await withdraw_from_charter(
            world.scheme, organisation=organisation, account=LEAD, reason="No"
        )


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_charter_is_signed_once(*, accepted: bool) -> None:
    world = World()
    organisation = await (signed if accepted else apply)(world)
    if not accepted:
        await sign(world, organisation)

    with pytest.raises(rules.AlreadySigned):
        await sign(world, organisation)


async def test_a_refused_applicant_cannot_sign() -> None:
    world = World()
    organisation = await apply(world)
    await decide_identity(
        world.scheme,
        organisation=organisation,
        accept=False,
        how="",
        reason="Not who they say",
        steward=STEWARD,
        steward_employer_domain="",
    )

    with pytest.raises(rules.IdentityRefused):
        await sign(world, organisation)


async def test_leaving_is_public_with_its_reason_and_ends_what_is_owed() -> None:
    world = World()
    organisation = await published(world)
    await withdraw(world, organisation)

    assert await standing_of(organisation) == "withdrawn"
    assert await owes(organisation) == []
    event = next(e for e in await events_of(organisation) if e.kind == "withdrew-from-charter")
    words = await words_of([event.words])
    assert list(words.values()) == [{"reason": "Our trustees voted"}]


async def test_leaving_needs_a_reason_and_a_signature() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.NotASignatory):
        await withdraw(world, organisation)
    await sign(world, organisation)
    with pytest.raises(rules.NotASignatory):
        await withdraw(world, organisation)


async def test_leaving_without_a_word_of_why_is_refused() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(ReasonNeeded):
        await withdraw(world, organisation, reason="  ")


async def test_the_tombstone_keeps_how_late_things_were() -> None:
    world = World()
    organisation = await published(world)
    day = (await open_obligations(organisation, "evidence"))[0].due_on
    world.pass_days((day - world.scheme.today()).days - 7)
    await warn(world, organisation, "remind-7")
    world.pass_days(20)
    await withdraw(world, organisation)

    moves = [e.data for e in await events_of(organisation) if e.kind == "standing-changed"]
    assert (moves[-1]["from"], moves[-1]["to"], moves[-1]["days_late"]) == (
        "overdue",
        "withdrawn",
        13,
    )


async def test_who_left_and_signs_anew_owes_again_what_it_owed() -> None:
    world = World()
    organisation = await published(world)
    before = await Obligation.objects().where(Obligation.state == "open").order_by(Obligation.id)
    await withdraw(world, organisation)
    world.pass_days(40)
    await sign(world, organisation)

    assert await standing_of(organisation) == "plan-due"
    after = {
        (row.pledge, row.milestone): row.due_on
        for row in await open_obligations(organisation, "evidence")
    }
    away = timedelta(days=40)
    assert after == {(row.pledge, row.milestone): row.due_on + away for row in before}
    assert [row.spell for row in await Signature.objects().order_by(Signature.spell)] == [1, 2]
    await publish_plan(world.scheme, organisation=organisation)
    assert await standing_of(organisation) == "on-track"


async def test_what_is_owed_again_is_as_late_as_it_was_and_its_milestone_says_the_new_date() -> (
    None
):
    world = World()
    organisation = await published(world)
    stopped = (await open_obligations(organisation, "evidence"))[0]
    await pause_for_hub(
        world.scheme, obligation=stopped.id, why="hub-late", steward_employer_domain="hub"
    )
    world.pass_days(10)
    await withdraw(world, organisation)
    world.pass_days(40)
    await sign(world, organisation)

    back = (await open_obligations(organisation, "evidence"))[0]
    assert back.due_on == stopped.due_on + timedelta(days=40)
    assert await paused_days(the_pack(), back) == 10
    pledge = await Pledge.objects().get(Pledge.number == back.pledge)
    assert pledge is not None
    assert (await dates_in_force(pledge.id))[0] == back.due_on


async def test_who_lapsed_signs_anew_and_has_ninety_days_again() -> None:
    world = World()
    organisation = await lapsed(world)
    assert await standing_of(organisation) == "lapsed"

    await sign(world, organisation)

    assert await standing_of(organisation) == "plan-due"
    (owed,) = await open_obligations(organisation)
    assert (owed.kind, owed.due_on) == ("plan", world.scheme.today() + timedelta(days=90))


async def test_a_suspended_sponsor_signs_again_once() -> None:
    world = World()
    organisation = await suspended(world)
    assert await standing_of(organisation) == "suspended"
    await sign(world, organisation, again=True)

    with pytest.raises(rules.AlreadySigned):
        await sign(world, organisation, again=True)
    assert await standing_of(organisation) == "suspended"


async def test_reports_accepted_and_signed_again_is_the_way_back() -> None:
    world = World()
    organisation = await suspended(world)
    await sign(world, organisation, again=True)
    for owed in await open_obligations(organisation, "evidence"):
        if owed.due_on < world.scheme.today():
            async with transaction(world.scheme) as tx:
                await meet_obligation(tx, owed)

    assert await standing_of(organisation) == "on-track"


async def test_nothing_is_signed_again_without_need() -> None:
    world = World()
    organisation = await signed(world)

    with pytest.raises(rules.NothingToSignAgain):
        await sign(world, organisation, again=True)


async def test_who_never_signed_cannot_sign_again() -> None:
    world = World()
    organisation = await apply(world)

    with pytest.raises(rules.NotASignatory):
        await sign(world, organisation, again=True)


def with_new_version(world: World, *, in_days: int = 0, resign_by: date | None = None) -> None:
    """Publish a new version of the charter, today or in some days."""
    pack = world.scheme.pack
    newest = msgspec.structs.replace(
        pack.charter,
        version="2.0",
        published_on=world.scheme.today() + timedelta(days=in_days),
        resign_by=resign_by,
        digest="sha256:" + "2" * 64,
    )
    new = replace(pack, charters=(*pack.charters, newest))
    world.scheme = replace(world.scheme, pack=new)


async def test_a_new_version_is_to_be_signed_again_by_a_date() -> None:
    world = World()
    organisation = await signed(world)
    with_new_version(world)

    assert await open_re_sign_windows(world.scheme) == 1
    assert await open_re_sign_windows(world.scheme) == 0
    assert ("re-sign", None, None) in await owes(organisation)
    world.pass_days(20)
    await sign(world, organisation, again=True)

    assert await owes(organisation, "re-sign") == []
    assert await open_re_sign_windows(world.scheme) == 0
    newest = await Signature.objects().order_by(Signature.signed_at, ascending=False).first()
    assert newest is not None
    assert (newest.charter_version, newest.spell, newest.again) == ("2.0", 1, True)
    assert "charter-signed-again" in await kinds_of(organisation)


async def re_sign_date(organisation: UUID) -> date:
    (owed,) = await open_obligations(organisation, "re-sign")
    return owed.due_on


async def test_a_new_version_is_announced_thirty_days_before_it_can_be_signed() -> None:
    world = World()
    organisation = await signed(world)
    with_new_version(world, in_days=40)
    assert await open_re_sign_windows(world.scheme) == 0
    world.pass_days(10)
    assert await open_re_sign_windows(world.scheme) == 1

    in_force = world.scheme.today() + timedelta(days=30)
    assert await re_sign_date(organisation) == in_force + timedelta(days=90)
    with pytest.raises(rules.NothingToSignAgain):
        await sign(world, organisation, again=True)
    assert await open_re_sign_windows(world.scheme) == 0
    world.pass_days(30)
    await sign(world, organisation, again=True)

    assert await owes(organisation, "re-sign") == []
    assert await open_re_sign_windows(world.scheme) == 0


async def test_a_version_may_name_the_last_day_of_its_own_window() -> None:
    world = World()
    organisation = await signed(world)
    with_new_version(world, resign_by=date(2026, 8, 1))
    await open_re_sign_windows(world.scheme)

    assert await re_sign_date(organisation) == date(2026, 8, 1)


async def test_a_window_is_never_over_before_it_was_announced() -> None:
    world = World()
    organisation = await signed(world)
    with_new_version(world, in_days=-400, resign_by=date(2025, 1, 1))
    await open_re_sign_windows(world.scheme)

    assert await re_sign_date(organisation) == world.scheme.today() + timedelta(days=90)


async def test_who_left_is_not_asked_to_sign_a_new_version() -> None:
    world = World()
    organisation = await signed(world)
    await withdraw(world, organisation)
    with_new_version(world)

    assert await open_re_sign_windows(world.scheme) == 0
