"""Whether the invented region is there: asked by the demonstration and by whoever looks on.

What must be true: `PLAYED` is completed in the same database as the play, and only after the
region's first badges, lists and checkpoint are signed. A play that was broken off has begun and
is not completed. This module knows no player, so that a web process can ask without carrying one.
"""

from enum import StrEnum

from badges.log.queries import newest_signed
from charter.organisations.tables import Organisation
from registry.rounds.tables import ScheduleWindow

PLAYED = "play-the-region"
"""The name under which the play keeps how far it has come, like any round."""


class PlayState(StrEnum):
    """What a database holds of the region."""

    NOTHING = "nothing"
    BROKEN_OFF = "broken-off"
    PLAYED = "played"
    FOREIGN = "foreign"
    """Organisations that no play brought: a database to keep one's hands off."""


async def play_state() -> PlayState:
    """Return how far the play has come in the open database."""
    window = await ScheduleWindow.objects().get(ScheduleWindow.name == PLAYED)
    if window is not None:
        broken_off = window.completed_until is None
        return PlayState.BROKEN_OFF if broken_off else PlayState.PLAYED
    return PlayState.FOREIGN if await Organisation.exists() else PlayState.NOTHING


async def is_presentable() -> bool:
    """Say whether the region was played and everything it shows is signed."""
    return await play_state() is PlayState.PLAYED and await newest_signed() is not None
