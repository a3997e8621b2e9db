"""People in front of the pages: a browser that is signed in, in front of an invented region."""

from uuid import UUID

from charter.clock import SetClock
from registry.accounts import sessions
from registry.accounts.tables import Account
from registry.bootstrap import Registry
from tests.charter.acting import LEAD, SPONSOR
from tests.registry.web.visitor import Visitor
from tests.world import World

OUTSIDER = UUID(int=0xE1, version=4)
"""Somebody with an account and no part in Harbour Lights."""

ADDRESSES = {
    LEAD: "edi-lead@harbour-lights.example",
    SPONSOR: "director@harbour-lights.example",
    OUTSIDER: "edi-lead@mill-road.example",
}


def world_of(registry: Registry, clock: SetClock) -> World:
    """Return the invented region that the application under test serves."""
    world = World(clock=clock)
    world.scheme = registry.scheme
    return world


async def sign_in(registry: Registry, visitor: Visitor, account: UUID) -> Visitor:
    """Sign `account` in, opening it where there is none."""
    desk = registry.desk
    address = ADDRESSES.get(account, f"{account}@people.example")
    if not await Account.exists().where(Account.id == account):
        await Account(
            id=account,
            email_sealed=desk.keys.seal("email", address, desk.chance),
            email_key=desk.keys.fingerprint("email", address),
            created_at=desk.now(),
        ).save()
    cookie = await sessions.start(desk, account=account, how="test", replaces=None)
    visitor.client.cookies.set("session", cookie, domain="127.0.0.1")
    return visitor
