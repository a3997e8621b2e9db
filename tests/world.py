"""The invented region that every test lives in: its pack, its clock, its organisations.

People are roles, never names.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import charter.framework
from charter.chance import SeededChance
from charter.clock import SetClock
from charter.framework.pack import FrameworkPack, load_pack
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from registry.accounts.keys import AccountKeys
from registry.accounts.seals import KeyedSeals

SEALS = KeyedSeals(AccountKeys(b"a secret of the invented region, long enough"))
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@cache
def the_pack() -> FrameworkPack:
    """Return the pack that ships with the registry."""
    return load_pack(Path(charter.framework.__file__).parent / "packs" / "lcr-2025")


@dataclass
class World:
    """A scheme with a clock in our hands."""

    clock: SetClock = field(default_factory=lambda: SetClock(START))
    scheme: Scheme = field(init=False)

    def __post_init__(self) -> None:
        self.scheme = Scheme(the_pack(), self.clock, SeededChance(1), seals=SEALS)

    def pass_days(self, days: float) -> None:
        """Let time pass."""
        self.clock.set(self.clock.at + timedelta(days=days))


async def harbour_lights(world: World, **changes: object) -> Organisation:
    """Write down an organisation that has applied: a theatre in Seaham Docks."""
    row = Organisation(
        id=UUID(int=0xA1, version=4),
        slug="harbour-lights",
        name="Harbour Lights Theatre",
        town="Seaham Docks",
        website="https://harbour-lights.example",
        domain="harbour-lights.example",
        sector="culture",
        boroughs=["liverpool"],
        band="standard",
        applied_at=world.scheme.now(),
    )
    for name, value in changes.items():
        setattr(row, name, value)
    await row.save()
    return row


__all__ = ["START", "World", "harbour_lights", "the_pack"]
