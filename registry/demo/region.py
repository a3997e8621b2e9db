"""Playing the invented region into a database, and signing at its end.

What has been played is noted as `registry.demo.state` reads it. A play that was broken off leaves
a database that is emptied, because nobody could take the play up again.
"""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg

from registry.bootstrap import Registry
from registry.demo.play import PlayedDay, play
from registry.demo.state import PLAYED
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.proofs.log import append_events, ask_witnesses, sign_log
from registry.proofs.signing import publish_public_keys, sign_due_badges, sign_stale_lists
from registry.rounds.tables import ScheduleWindow

PLAY_ITS_OWN = ("files", "keys", "witness")
"""The folders of a demonstration that belong to one play and go with it."""


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
    await append_events(desk.scheme)
    await sign_log(desk)
    await ask_witnesses(desk)


async def start_over(owner_url: str, folder: Path) -> None:
    """Empty a database whose play was broken off, and the folders that went with it."""
    connection = await asyncpg.connect(owner_url)
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
