"""What a test says to bring an organisation as far as the test begins."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from charter.calendar import add_months
from charter.history.queries import events_after, events_of
from charter.obligations.service import open_obligations
from charter.organisations.people_rules import Asked
from charter.organisations.queries import find_organisation
from charter.organisations.rules import Application
from charter.organisations.service import (
    accept_invitation,
    apply_to_sign,
    ask_for_code,
    decide_identity,
    invite_person,
    record_voucher,
    type_code,
)
from charter.plans.codesign_rules import ContributorAnswer, RecordedSession, SessionHeld
from charter.plans.pledge_rules import MilestoneDraft, PledgeDraft
from charter.plans.rules import TypeAnswer
from charter.plans.service import answer_type, publish_plan, record_session, save_pledge
from charter.signing.service import sign_charter
from charter.standing.tables import CurrentStanding
from tests.world import World, the_pack

LEAD = UUID(int=0xB1, version=4)
SPONSOR = UUID(int=0xB2, version=4)
STEWARD = UUID(int=0xB3, version=4)
OTHER_STEWARD = UUID(int=0xB4, version=4)
TYPES = the_pack().type_ids

APPLICATION = Application(
    name="Harbour Lights Theatre",
    town="Seaham Docks",
    website="https://harbour-lights.example",
    domain="harbour-lights.example",
    sector="arts-and-culture",
    boroughs=("liverpool",),
    band="standard",
    identifiers=(("GB-COH", "01234567"),),
    sponsor_role="Executive Director",
    proof="domain-mail",
)

YES = ContributorAnswer(happened=True, paid="paid", agrees=True, employed=False)


async def apply(
    world: World, *, lead: UUID = LEAD, sponsor: UUID = SPONSOR, **changes: object
) -> UUID:
    """Have Harbour Lights apply, with some answers changed."""
    application = replace(APPLICATION, **changes)  # type: ignore[arg-type]  # as each test names it
    return await apply_to_sign(world.scheme, application=application, lead=lead, sponsor=sponsor)


async def accept(world: World, organisation: UUID, *, steward: UUID = STEWARD) -> None:
    """Have a steward from elsewhere accept who the organisation is, as it shows it."""
    how = await show(world, organisation)
    await accept_as_shown(world, organisation, how, steward=steward)


async def accept_as_shown(
    world: World, organisation: UUID, how: str, *, steward: UUID = STEWARD
) -> None:
    """Have a steward from elsewhere accept one way of showing who the organisation is."""
    await decide_identity(
        world.scheme,
        organisation=organisation,
        accept=True,
        how=how,
        reason="",
        steward=steward,
        steward_employer_domain="hub.example",
    )


async def show(world: World, organisation: UUID) -> str:
    """Have an organisation show who it is: by its domain, its number, or those who know it."""
    own = await find_organisation(organisation)
    if own is not None and own.domain:
        mailed = await ask_for_code(world.scheme, organisation=organisation, mailbox="postmaster")
        await type_code(world.scheme, organisation=organisation, code=mailed.code)
        return "domain-mail"
    if own is not None and own.identifiers:
        return "register"
    for who in ("A faith leader of the town", "Head teacher of the primary school"):
        await record_voucher(
            world.scheme,
            organisation=organisation,
            who=who,
            reached="telephone",
            tied=False,
            steward=STEWARD,
            steward_employer_domain="hub.example",
        )
    return "vouched"


async def join(
    world: World, organisation: UUID, account: UUID, role: str, *, sponsor_role: str = ""
) -> None:
    """Have a person take a part in an organisation: they are asked, and accept."""
    invitation = await invite_person(
        world.scheme,
        organisation=organisation,
        account=account,
        asked=Asked(role, sponsor_role=sponsor_role),
        invited_by_role="lead",
    )
    await accept_invitation(world.scheme, invitation=invitation, account=account)


async def signed(world: World) -> UUID:
    """Bring Harbour Lights into the register: accepted and signed."""
    organisation = await apply(world)
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)
    return organisation


def answer_for(type_id: str, *, applies: bool = True) -> TypeAnswer:
    """Return an answer for a type that has nothing wrong with it."""
    racism_type = the_pack().catalogue.racism_type(type_id)
    return TypeAnswer(
        type=type_id,
        applies=applies,
        impacts=(racism_type.impacts[0].id,) if applies else (),
        reason="Staff and audiences told us so in four open meetings.",
        priority=TYPES.index(type_id) + 1,
        community_priority=None,
        took_part="Front-of-house staff and the youth board",
    )


def draft_for(world: World, type_id: str, **changes: object) -> PledgeDraft:
    """Return a pledge for a type that has nothing wrong with it, starting today for a year."""
    racism_type = the_pack().catalogue.racism_type(type_id)
    today = world.scheme.today()
    draft = PledgeDraft(
        type=type_id,
        secondary_types=(),
        title=f"A fair say in {type_id} matters",
        promise="Every interview panel has a member from the communities we serve.",
        actions=(racism_type.actions[0].id,),
        own_action="",
        change=racism_type.changes[0].id,
        who_notices="People who apply for work here",
        forms=("anti-black",),
        communities=("somali", "yemeni"),
        also_concerns=("class",),
        measure="Share of panels with a community member",
        baseline="1 panel in 10",
        target="Every panel",
        owner_role="Head of People",
        funding_pence=250_000,
        funded_until=add_months(today, 12),
        starts_on=today,
        ends_on=add_months(today, 12),
        milestones=(
            MilestoneDraft("Panel members recruited", add_months(today, 4), "Number and roles"),
            MilestoneDraft("Every panel mixed", add_months(today, 10), "Counts of panels"),
        ),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]  # as each test names it


async def answer_all(world: World, organisation: UUID, *, not_for: tuple[str, ...] = ()) -> None:
    """Answer all five types; all apply but those in `not_for`."""
    for type_id in TYPES:
        answer = answer_for(type_id, applies=type_id not in not_for)
        await answer_type(world.scheme, organisation=organisation, answer=answer)


async def draft_all(world: World, organisation: UUID) -> None:
    """Draft one pledge for each type: numbers 1 to 5 in the framework's order."""
    for type_id in TYPES:
        await save_pledge(
            world.scheme,
            organisation=organisation,
            number=None,
            draft=draft_for(world, type_id),
        )


async def published(world: World) -> UUID:
    """Bring Harbour Lights to a published plan with one pledge for each type."""
    organisation = await signed(world)
    await answer_all(world, organisation)
    await draft_all(world, organisation)
    await publish_plan(world.scheme, organisation=organisation)
    return organisation


async def hold_session(
    world: World,
    organisation: UUID,
    *,
    pledges: tuple[int, ...] = (1, 2, 3, 4, 5),
    contributors: int = 2,
    pay_pence: int = 12_000,
    group: UUID | None = None,
) -> RecordedSession:
    """Record a session that was held yesterday."""
    session = SessionHeld(
        held_on=world.scheme.today() - timedelta(days=1),
        hours=Decimal(6),
        pay_pence=pay_pence,
        pledges=pledges,
        group=group,
    )
    return await record_session(
        world.scheme, organisation=organisation, session=session, contributors=contributors
    )


async def kinds_of(organisation: UUID | None) -> list[str]:
    """Return the kinds of an organisation's events, or of those on nobody's page, in order."""
    if organisation is not None:
        return [event.kind for event in await events_of(organisation)]
    events = await events_after(0, limit=1_000)
    return [event.kind for event in events if event.organisation is None]


async def owes(organisation: UUID, *kinds: str) -> list[tuple[str, int | None, int | None]]:
    """Return what an organisation owes: the kind, and the pledge and milestone it is about."""
    rows = await open_obligations(organisation, *kinds)
    return [(row.kind, row.pledge, row.milestone) for row in rows]


async def standing_of(organisation: UUID) -> str:
    """Return the standing last computed."""
    row = (
        await CurrentStanding.objects().where(CurrentStanding.organisation == organisation).first()
    )
    return "not public" if row is None else row.standing
