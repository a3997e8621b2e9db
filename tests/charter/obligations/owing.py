"""What a test says to have something owed and chased."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from charter.history.queries import events_after
from charter.ledger import transaction
from charter.obligations.chase import chase
from charter.obligations.service import open_obligation
from charter.obligations.tables import Notice, Obligation
from charter.organisations.tables import Membership
from tests.world import World, harbour_lights, the_pack

LEAD, SPONSOR, DELEGATE = (UUID(int=0xD0 + number, version=4) for number in range(3))
STEWARD, HEAD_OF_HUB = (UUID(int=0xE0 + number, version=4) for number in range(2))
ROLES = {LEAD: "lead", SPONSOR: "sponsor", DELEGATE: "delegate"}
LONG = the_pack().ladder("long")


class Hub:
    """The people of the hub: one steward, and one who leads it."""

    async def with_role(self, role: str) -> Sequence[UUID]:
        return {"steward": (STEWARD,), "administrator": (HEAD_OF_HUB,)}[role]


async def a_theatre(world: World, **changes: Any) -> UUID:
    """Write down Harbour Lights with a lead, a sponsor and a delegate."""
    organisation = (await harbour_lights(world, **changes)).id
    for account, role in ROLES.items():
        await Membership(
            id=account, organisation=organisation, account=account, role=role, since=world.clock.at
        ).save()
    return organisation


async def owe(
    world: World,
    organisation: UUID | None,
    kind: str = "evidence",
    *,
    due_in: int = 61,
    **more: Any,
) -> Obligation:
    """Open an obligation due in some days."""
    due_on = world.scheme.today() + timedelta(days=due_in)
    async with transaction(world.scheme) as tx:
        return await open_obligation(tx, kind, organisation=organisation, due_on=due_on, **more)


async def sweep(world: World, days: int = 0, *, people: Hub | None = None) -> int:
    """Let some days pass, chase, and return how many steps were recorded."""
    world.pass_days(days)
    return await chase(world.scheme, people or Hub())


async def told(*kinds: str) -> list[tuple[str, str, str]]:
    """Return kind of event, due date and step of every notice recorded so far, in order."""
    return [
        (event.kind, event.data["due_on"], event.data["name"])
        for event in await events_after(0, limit=1_000)
        if event.kind in (kinds or ("notice-sent", "notice-skipped"))
    ]


async def names(*kinds: str) -> list[str]:
    """Return the steps recorded so far, in order."""
    return [name for _, _, name in await told(*kinds)]


async def notices(*, step: str | None = None, state: str = "queued") -> list[Notice]:
    """Return notices in a state, of one step or of all."""
    rows: list[Notice] = await Notice.objects().where(Notice.state == state).order_by(Notice.id)
    return [row for row in rows if step in (None, row.name)]
