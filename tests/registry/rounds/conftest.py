"""A registry with its clock in our hands, an organisation that owes a plan, and its two people."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from charter.obligations.chase import chase
from charter.obligations.tables import Notice
from charter.signing.service import sign_charter
from registry.accounts.service import account_for
from registry.bootstrap import Registry, bootstrap
from registry.settings import Settings
from tests.charter.acting import accept, apply
from tests.world import START, World

LEAD = "edi-lead@harbour-lights.example"
SPONSOR = "sponsor@harbour-lights.example"


@dataclass
class Office:
    """The registry under test, and the accounts of the EDI lead and the sponsor."""

    world: World
    registry: Registry
    lead: UUID
    sponsor: UUID
    organisation: UUID

    async def chase_until(self, days: float) -> None:
        """Go to so many days after the signature, one at a time, and chase on each."""
        while self.world.clock.at < START + timedelta(days=days):
            self.world.pass_days(1)
            await chase(self.registry.scheme, self.registry.people)

    async def notices(self) -> list[tuple[int, str, str]]:
        """Return the step, the role and the state of every notice."""
        rows = await Notice.select(Notice.step, Notice.role, Notice.state).order_by(Notice.id)
        return [(row["step"], row["role"], row["state"]) for row in rows]


@pytest.fixture
async def office(database: str) -> Office:
    world = World()
    settings = Settings(
        environment="development",
        database_url=database,
        secret=SecretStr("a secret of the tests, long enough to derive keys from"),
    )
    registry = replace(bootstrap(settings, clock=world.clock), scheme=world.scheme)
    lead = await account_for(registry.desk, email=LEAD)
    sponsor = await account_for(registry.desk, email=SPONSOR)
    organisation = await apply(world, lead=lead, sponsor=sponsor)
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=sponsor)
    return Office(world, registry, lead, sponsor, organisation)
