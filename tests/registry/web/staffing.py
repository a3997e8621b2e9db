"""Puts people in their offices: auditors on a stage, stewards and others in the hub."""

from dataclasses import dataclass, field
from uuid import UUID

from charter.clock import SetClock
from charter.reviews.service import register_auditor
from charter.reviews.tables import Seat
from registry.accounts import sessions
from registry.accounts.roles import grant_role
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from tests.charter.reviews.stage import Stage
from tests.registry.web.visitor import Visitor, hidden_fields
from tests.world import World


@dataclass
class Offices:
    """A registry with Harbour Lights on stage, and the accounts of those who work for the scheme.

    `auditors` are accounts by auditor id.
    """

    registry: Registry
    clock: SetClock
    stage: Stage = field(init=False)
    auditors: dict[UUID, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = World(clock=self.clock)
        world.scheme = self.registry.scheme
        self.stage = Stage(world)

    async def open(self, *, auditors: int = 4) -> "Offices":
        """Set the stage, and hire auditors that can sign in."""
        await self.stage.set(auditors=0)
        for number in range(auditors):
            await self.hire(number)
        return self

    async def hire(self, number: int) -> UUID:
        """Register an auditor whose address is a canary: it may stand on no page but their own."""
        account = await account_for(self.registry.desk, email=f"canary-{number}@panel.example")
        await grant_role(self.registry.desk, account=account, role="auditor")
        auditor = await register_auditor(self.registry.scheme, account=account)
        self.auditors[auditor] = account
        return auditor

    async def enter(self, visitor: Visitor, account: UUID) -> None:
        """Sign somebody in at a browser."""
        cookie = await sessions.start(
            self.registry.desk, account=account, how="test", replaces=None
        )
        visitor.client.cookies.set("session", cookie, domain="127.0.0.1")

    async def appoint(self, visitor: Visitor, email: str, *roles: str) -> UUID:
        """Give somebody roles in the hub and sign them in."""
        account = await account_for(self.registry.desk, email=email)
        for role in roles:
            await grant_role(self.registry.desk, account=account, role=role)
        await self.enter(visitor, account)
        return account

    async def enter_seat(self, visitor: Visitor, seat: Seat) -> str:
        """Sign the auditor of a seat in, and return the address of their case."""
        await self.enter(visitor, self.auditors[seat.auditor])
        return f"/reviews/cases/{seat.id}"


async def accept(visitor: Visitor, address: str) -> None:
    """Accept a case, with no tie to its organisation."""
    answer = await visitor.fill(
        address, {"answer": "accept", "tie": "none"}, at=f"{address}/answer"
    )
    assert answer.headers["location"] == address, answer.text


async def seal(visitor: Visitor, address: str, verdict: str, reasons: str, notes: str = "") -> None:
    """Judge the one question of a case: type, check, seal."""
    typed = {
        "answers-0-verdict": verdict,
        "answers-0-reasons": reasons,
        "answers-0-notes": notes,
        "next": "check",
    }
    checked = await visitor.fill(address, typed)
    assert "Check your answers" in checked.text
    page = await visitor.send(address, hidden_fields(checked.text) | {"next": "seal"})
    assert page.headers.get("location") == address, page.text
