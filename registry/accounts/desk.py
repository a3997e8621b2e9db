"""What every use case of the accounts is given."""

from dataclasses import dataclass
from datetime import datetime

from charter.chance import Chance
from charter.clock import Clock
from registry.accounts.keys import AccountKeys


@dataclass(frozen=True, slots=True)
class Desk:
    """The keys, the clock and the source of codes and tokens.

    `chance` is the operating system's, always: a sign-in code that a seed could foretell would
    be no code. `public_url` begins every address in a mail; a request's Host never does.
    """

    keys: AccountKeys
    clock: Clock
    chance: Chance
    public_url: str

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self.clock.now()
