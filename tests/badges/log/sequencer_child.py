"""A process that sequences and signs until it is killed. Arguments: database URL, log folder."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from badges.log.events import RegisterEvents
from badges.log.service import append_committed_events, sign_checkpoint
from registry.database import open_database
from tests.badges.log.logs import LogWorld


async def no_handles(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Name no organisation."""
    assert ids is not None
    return {}


async def main(url: str, folder: Path) -> None:
    """Append in small batches and sign after each, as fast as it goes."""
    world = LogWorld(folder)
    async with open_database(url):
        print("ready", flush=True)  # noqa: T201 - what the parent waits for
        while True:
            await append_committed_events(source=RegisterEvents(no_handles), limit=3)
            world.clock.set(world.clock.at + timedelta(days=1))
            await sign_checkpoint(log=world.log)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
