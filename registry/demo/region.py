"""The invented region in a database: whether it was played, playing it, and signing at its end.

What must be true: `PLAYED` is completed in the same database as the play, and only after the
region's first badges, lists and checkpoint are signed. A play that was broken off has begun and
is not completed; its database is then emptied, because nobody could take the play up again.
"""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import asyncpg

from badges.log.queries import newest_signed
from charter.organisations.tables import Organisation
from registry.bootstrap import Registry
from registry.demo.play import PlayedDay, play
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.proofs.log import append_events, ask_witnesses, sign_log
from registry.proofs.signing import publish_public_keys, sign_due_badges, sign_stale_lists
from registry.rounds.tables import ScheduleWindow

PLAYED = "play-the-region"
"""The name under which the play keeps how far it has come, like any round."""

PLAY_ITS_OWN = ("files", "keys", "witness")
"""The folders of a demonstration that belong to one play and go with it."""


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


async def play_region(
    registry: Registry, *, until: datetime, seed: int
) -> AsyncIterator[PlayedDay]:
    """Play the region into an empty database; yield after each day, and sign after the last."""
    await _note(None)
    async for played in play(registry, until=until, seed=seed):
        yield played
    await sign_all(open_proof_desk(registry.settings, registry.scheme))
    await _note(registry.clock.now())


async def sign_all(desk: ProofDesk) -> None:
    """Sign keys, lists, badges and the log at the present instant, and ask the witnesses."""
    await publish_public_keys(desk)
    await sign_stale_lists(desk)
    await sign_due_badges(desk)
    await sign_stale_lists(desk)
    await append_events()
    await sign_log(desk)
    await ask_witnesses(desk)


async def is_presentable() -> bool:
    """Say whether the region was played and everything it shows is signed."""
    return await play_state() is PlayState.PLAYED and await newest_signed() is not None


async def start_over(database_url: str, folder: Path) -> None:
    """Empty a database whose play was broken off, and the folders that went with it."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    finally:
        await connection.close()
    for name in PLAY_ITS_OWN:
        shutil.rmtree(folder / name, ignore_errors=True)


async def _note(completed_until: datetime | None) -> None:
    await ScheduleWindow.raw(
        "INSERT INTO schedule_window (name, completed_until, fault) VALUES ({}, {}, '')"
        " ON CONFLICT (name) DO UPDATE SET completed_until = EXCLUDED.completed_until",
        PLAYED,
        completed_until,
    )
