"""Builds, once, everything a running process holds. Web and worker begin here alike."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import charter.framework
from badges.log.queries import newest_signed
from badges.service import follow_history
from charter.chance import Chance, SystemChance
from charter.clock import Clock, WallClock
from charter.framework.pack import load_pack
from charter.people import People
from charter.scheme import Scheme
from registry.accounts.desk import Desk
from registry.accounts.keys import AccountKeys
from registry.accounts.oidc import IdentityProvider
from registry.accounts.roles import RoleHolders
from registry.accounts.seals import KeyedSeals
from registry.adapters.object_store import ObjectStore, object_store_from_url
from registry.logs import write_logs
from registry.settings import Settings

PACKS = Path(charter.framework.__file__).parent / "packs"


Seed = Callable[[], Awaitable[bytes]]
"""Gives the seed of the next draw of auditors."""


async def newest_root() -> bytes:
    """Return the root of the newest signed checkpoint: nobody can know it before it is signed.

    It is empty before the first one; panels then wait (rule 20).
    """
    newest = await newest_signed()
    return b64decode(newest.note.split("\n")[2]) if newest else b""


@dataclass(frozen=True, slots=True)
class Registry:
    """The settings, the scheme that use cases are given, and the desk that receives people.

    `draw_seed` gives the seed of the next lottery. `people` tells who holds a role. `providers`
    are the identity providers people may sign in with, by the word for them in our addresses.
    """

    settings: Settings
    scheme: Scheme
    desk: Desk
    people: People = field(default_factory=RoleHolders)
    draw_seed: Seed = newest_root
    providers: Mapping[str, IdentityProvider] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The clock the whole process goes by."""
        return self.scheme.clock

    @property
    def secure(self) -> bool:
        """Whether people reach this installation over https."""
        return self.settings.public_url.startswith("https://")

    @property
    def files(self) -> ObjectStore:
        """Where files rest, by the digest of their bytes."""
        return object_store_from_url(self.settings.files_url)

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
    keys = AccountKeys(settings.secret.get_secret_value().encode())
    scheme = Scheme(
        pack=load_pack(PACKS / settings.pack),
        clock=clock or WallClock(),
        chance=chance or system,
        watchers=(follow_history,),
        seals=KeyedSeals(keys),
    )
    return Registry(
        settings=settings,
        scheme=scheme,
        desk=Desk(keys, scheme.clock, system, settings.public_url),
        providers=_providers(settings, scheme.clock),
    )


def _providers(settings: Settings, clock: Clock) -> Mapping[str, IdentityProvider]:
    """Return the identity providers of the settings; without any, none of their code is read."""
    if not settings.oidc_providers:
        return {}
    from registry.adapters.sign_in import OidcProvider  # noqa: PLC0415 - half a second to import

    return {named.id: OidcProvider(named, clock.now) for named in settings.oidc_providers}
