"""Builds, once, everything a running process holds. Web and worker begin here alike."""

from dataclasses import dataclass
from pathlib import Path

import charter.framework
from charter.chance import Chance, SystemChance
from charter.clock import Clock, WallClock
from charter.framework.pack import load_pack
from charter.scheme import Scheme
from registry.accounts.desk import Desk
from registry.accounts.keys import AccountKeys
from registry.logs import write_logs
from registry.settings import Settings

PACKS = Path(charter.framework.__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class Registry:
    """The settings, the scheme that use cases are given, and the desk that receives people."""

    settings: Settings
    scheme: Scheme
    desk: Desk

    @property
    def clock(self) -> Clock:
        """The clock the whole process goes by."""
        return self.scheme.clock

    @property
    def secure(self) -> bool:
        """Whether people reach this installation over https."""
        return self.settings.public_url.startswith("https://")

    @property
    def shows_inbox(self) -> bool:
        """Whether mail is shown on a page instead of being trusted to arrive."""
        return not self.settings.in_production


def bootstrap(
    settings: Settings, *, clock: Clock | None = None, chance: Chance | None = None
) -> Registry:
    """Return the registry that `settings` describe. Raises BrokenPack, WeakSecret.

    `clock` and `chance` replace the machine's own where scheme time is played. Codes and tokens
    that open doors are never drawn from a `chance` given: they always come from the system.
    """
    write_logs(settings)
    system = SystemChance()
    scheme = Scheme(
        pack=load_pack(PACKS / settings.pack),
        clock=clock or WallClock(),
        chance=chance or system,
    )
    keys = AccountKeys(settings.secret.get_secret_value().encode())
    return Registry(
        settings=settings,
        scheme=scheme,
        desk=Desk(keys, scheme.clock, system, settings.public_url),
    )
