"""How long it takes to sign every badge anew, as after a stolen key: revoke, sign, list.

Done as the worker does it, in one process, from rows of a real register. The pictures were drawn
with the first editions and are not drawn again. The cost grows with the count of badges alone, so
a part of them is signed and the time for all told from it.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from badges.service import revoke_editions_of_key
from badges.tables import Edition
from charter.clock import SetClock
from registry.bootstrap import bootstrap
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.proofs.signing import publish_public_keys, sign_due_badges, sign_stale_lists
from registry.settings import Settings
from tests.bench.crowd import copy, first_of_many
from tests.bench.databases import empty_register
from tests.bench.figures import Figure, Terms
from tests.folders import new_open_folder
from tests.world import START, World

ALL = 5_000
PART = 500
MOST_SECONDS = 90.0


def measure(_terms: Terms) -> Sequence[Figure]:
    """Sign a part of the badges, revoke what was signed, and sign them again."""
    return asyncio.run(measure_part(PART))


async def measure_part(part: int) -> Sequence[Figure]:
    """Return the figures of so many badges."""
    with new_open_folder() as folder:
        async with empty_register() as url:
            desk = await _desk_of_many(url, folder, part)
            first = await _seconds_of_signing(desk, part)
            begun = time.perf_counter()
            await revoke_editions_of_key(
                desk.scheme,
                verification_method=desk.signers().embedded.verification_method,
                since=START - timedelta(days=1),
            )
            revoking = time.perf_counter() - begun
            again = await _seconds_of_signing(desk, part)
    return (
        Figure(
            subject=f"{ALL:,} badges signed again, from {part:,} of them",
            value=again / part * ALL,
            unit="s",
            at_most=MOST_SECONDS,
            note=f"{part / again:.0f}/s; first with pictures {part / first:.0f}/s; "
            f"revoked {part / revoking:.0f}/s",
        ),
    )


async def _desk_of_many(url: str, folder: Path, count: int) -> ProofDesk:
    """Return the worker's desk over a register of so many badges that nobody signed yet."""
    settings = Settings(
        environment="development",
        database_url=url,
        secret=SecretStr("a secret of the benches, long enough to derive keys from"),
        data_dir=folder,
    )
    world = World(clock=SetClock(START))
    world.scheme = bootstrap(settings, clock=world.clock).scheme
    one = await first_of_many(world)
    await copy(url, one, first=1, last=count - 1)
    desk = open_proof_desk(settings, world.scheme)
    await publish_public_keys(desk)
    return desk


async def _seconds_of_signing(desk: ProofDesk, expected: int) -> float:
    """Sign all that is due, editions and lists; return how long that took."""
    before = await Edition.count()
    begun = time.perf_counter()
    await sign_due_badges(desk)
    await sign_stale_lists(desk)
    seconds = time.perf_counter() - begun
    assert await Edition.count() - before == expected
    return seconds
