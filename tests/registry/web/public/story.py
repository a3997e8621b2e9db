"""What happened to Harbour Lights, told through the same use cases as in life.

It signs, answers, pledges, amends and withdraws; people who took part confirm; a report that
says openly what did not work is accepted, with reply; then a second milestone goes silent.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from badges.service import follow_history
from charter.chance import SeededChance
from charter.clock import SetClock
from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import add_item, send_report
from charter.obligations.chase import chase, settle_due
from charter.organisations.service import rename_organisation
from charter.people import Nobody
from charter.plans.pledges import publish_pledge
from charter.plans.reading import find_pledge, version_in_force
from charter.plans.service import (
    amend_pledge,
    confirm_session,
    list_existing_practice,
    save_pledge,
    withdraw_pledge,
)
from charter.reviews.service import (
    accept_seat,
    draw_panel,
    publish_due_cases,
    register_auditor,
    reply_to_case,
    seal_eligible_list,
    seal_verdict,
)
from charter.reviews.tables import Case
from charter.scheme import Scheme
from tests.charter.acting import YES, draft_for, hold_session, published
from tests.world import SEALS, World, the_pack

AMENDED = date(2026, 1, 15)
LATE = date(2026, 5, 20)
"""A day on which one milestone is late and another was reported."""


def world_at(clock: SetClock, *, seed: int = 1) -> World:
    """Return the world that goes by `clock`, in which badges follow the history."""
    world = World(clock)
    world.scheme = Scheme(
        the_pack(), clock, SeededChance(seed), watchers=(follow_history,), seals=SEALS
    )
    return world


async def pass_days_chased(world: World, days: int) -> None:
    """Let days pass, each with its sweep."""
    for _ in range(days):
        world.pass_days(1)
        await settle_due(world.scheme)
        await chase(world.scheme, Nobody())
        await publish_due_cases(world.scheme)


async def live_the_story(world: World) -> UUID:
    """Bring Harbour Lights to LATE and return it."""
    organisation = await published(world)
    held = await hold_session(world, organisation, pledges=(1, 2))
    await confirm_session(world.scheme, token=held.tokens[0], answer=YES)
    await list_existing_practice(
        world.scheme,
        organisation=organisation,
        type_id="structural",
        title="Free rehearsal space",
        text="Community groups have used our hall since 2019.",
    )
    await pass_days_chased(world, 10)
    await _amend(world, organisation)
    await _withdraw_one(world, organisation)
    await pass_days_chased(world, 60)
    await _report(world, organisation)
    await pass_days_chased(world, 65)
    return organisation


async def _amend(world: World, organisation: UUID) -> None:
    before = await version_in_force(await find_pledge(organisation, 1))
    await amend_pledge(
        world.scheme,
        organisation=organisation,
        number=1,
        draft=replace(before, target="Every panel, and every casting"),
        reason="Casting was missing from the promise.",
    )


async def _withdraw_one(world: World, organisation: UUID) -> None:
    draft = draft_for(world, "systemic", title="=SUM(A1) is not a formula here")
    number = await save_pledge(world.scheme, organisation=organisation, number=None, draft=draft)
    await publish_pledge(world.scheme, organisation=organisation, number=number)
    await withdraw_pledge(
        world.scheme,
        organisation=organisation,
        number=number,
        reason="Another theatre took it over.",
    )


async def _report(world: World, organisation: UUID) -> None:
    for each in range(3):
        await register_auditor(world.scheme, account=UUID(int=0xC0 + each, version=4))
    await add_item(
        world.scheme,
        organisation=organisation,
        pledge=1,
        milestone=1,
        item=NewItem(kind="note", label="Panels", body="Six panel members, by role"),
    )
    report = await send_report(
        world.scheme,
        organisation=organisation,
        pledge=1,
        milestone=1,
        report=ReportDraft(
            worked="partly",
            summary="Six people joined our panels.",
            what_did_not_work="Nobody joined from the night shift.",
            why="We met in the evening only.",
            what_changes="We meet at noon as well.",
        ),
        signed_by_role="Executive Director",
    )
    case = await Case.objects().where(Case.kind == "evidence").first()
    assert case is not None
    await seal_eligible_list(world.scheme, case=case.id)
    for seat in await draw_panel(world.scheme, case=case.id, seed=b"a later root"):
        await accept_seat(world.scheme, seat=seat)
        await seal_verdict(
            world.scheme,
            seat=seat,
            report=report,
            verdict="accepted",
            reasons="The note names six panel members by role.",
            notes="never public",
        )
    await reply_to_case(world.scheme, case=case.id, words="Thank you for looking.")


async def rename(world: World, organisation: UUID) -> str:
    """Give Harbour Lights a new name; return its new slug."""
    world.pass_days(1)
    return await rename_organisation(
        world.scheme, organisation=organisation, name="Harbour Lights Playhouse"
    )


__all__ = ["AMENDED", "LATE", "live_the_story", "pass_days_chased", "rename", "world_at"]
