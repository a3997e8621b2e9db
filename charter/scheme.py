"""What every use case is given: the pack in force, the clock, chance, and who listens.

Effects meet the rules here and nowhere else. A web process, a worker and a played stretch of
scheme time differ only in the `Scheme` that they hold.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from charter.chance import Chance
from charter.clock import Clock, local_day
from charter.framework.in_force import PackShelf, PacksInForce
from charter.framework.pack import FrameworkPack
from charter.history.events import RecordedEvent
from charter.people import NoSeals, Seals
from charter.standing.memory import Walks

if TYPE_CHECKING:
    from charter.ledger import Ledger

Watcher = Callable[["Ledger", Sequence[RecordedEvent]], Awaitable[None]]
"""Called inside a transaction with its events; what it writes and records commits with them."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The framework pack in force, with the sources of time and randomness."""

    pack: FrameworkPack
    clock: Clock
    chance: Chance
    watchers: tuple[Watcher, ...] = ()
    walks: Walks = field(default_factory=Walks)
    seals: Seals = field(default_factory=NoSeals)
    shelf: PackShelf = field(default_factory=PackShelf)

    async def packs(self) -> PacksInForce:
        """Return the packs by which past and present are read (rule 29)."""
        return await self.shelf.in_force(self.pack)

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Return the present local day of the scheme."""
        return local_day(self.clock.now(), self.pack.zone)
