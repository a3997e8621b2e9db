"""How long it takes to sign every badge anew, as after a stolen key: revoke, sign, list.

Done as the worker does it, in one process, from rows of a real register: every one of 5,000 badges
is revoked and signed again. What came before that is no part of it and is set up in bulk: one badge
is drawn and signed by the worker, and its pictures and first edition are copied for the others.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg
from pydantic import SecretStr

from badges.credentials.service import picture_facts
from badges.service import revoke_editions_of_key
from badges.tables import Badge, Edition
from charter.clock import SetClock
from registry.bootstrap import bootstrap
from registry.proofs.desk import ProofDesk, open_proof_desk
from registry.proofs.facts import gather_badge_facts
from registry.proofs.signing import (
    publish_public_keys,
    sign_badges,
    sign_due_badges,
    sign_stale_lists,
)
from registry.settings import Settings
from tests.bench.crowd import copy, first_of_many
from tests.bench.databases import empty_register, look_over, owner_of
from tests.bench.figures import Figure, Terms
from tests.bench.proofs import bare_sealing
from tests.folders import new_open_folder
from tests.world import START, World

ALL = 5_000
MOST_SECONDS = 90.0
OF_BARE = 0.4
BARE_TIMES = 200

COPY_EDITION = """
INSERT INTO edition (badge, n, standing, facts_digest, credential, jwt, png, svg, sha256,
    valid_from, valid_until, signed_at, signed_with, jwt_signed_with, status_list, status_index)
SELECT b.id, n, standing, facts_digest, credential, jwt, png, svg, sha256, valid_from, valid_until,
    signed_at, signed_with, jwt_signed_with, status_list,
    (status_index + row_number() OVER (ORDER BY b.code)) % 131072
FROM badge b JOIN edition e ON e.badge <> b.id
"""

COPY_PICTURES = """
UPDATE badge SET picture_digest = drawn.digest, picture_svg = one.picture_svg,
    picture_png = one.picture_png
FROM unnest($1::text[], $2::text[]) AS drawn (code, digest),
    (SELECT picture_svg, picture_png FROM badge WHERE picture_digest <> '') one
WHERE badge.code = drawn.code AND badge.picture_digest = ''
"""


def measure(_terms: Terms) -> Sequence[Figure]:
    """Revoke every badge and sign them all again."""
    return asyncio.run(measure_all(ALL))


async def measure_all(count: int) -> Sequence[Figure]:
    """Return the figures of so many badges."""
    with new_open_folder() as folder:
        async with empty_register() as url:
            begun = time.perf_counter()
            desk = await _desk_of_many(url, folder, count)
            setting_up = time.perf_counter() - begun
            bare = bare_sealing()
            bare_before = _seconds_of(bare)
            begun, worked = time.perf_counter(), time.process_time()
            revoked = await revoke_editions_of_key(
                desk.scheme,
                verification_method=desk.signers().embedded.verification_method,
                since=START - timedelta(days=1),
            )
            revoking = time.perf_counter() - begun
            await _sign_everything(desk)
            seconds = time.perf_counter() - begun
            worked = time.process_time() - worked
            bare_after = _seconds_of(bare)
            assert revoked == count
            assert await Edition.count() == 2 * count
    bare_each = (bare_before + bare_after) / 2
    return (
        Figure(
            subject=f"{count:,} badges revoked and signed again",
            value=seconds,
            unit="s",
            at_most=MOST_SECONDS * count / ALL,
            note=f"revoked in {revoking:.0f} s; {worked:.0f} s of one core; "
            f"set up in {setting_up:.0f} s",
        ),
        Figure(
            subject="the same beside bare canonicalising and signing",
            value=bare_each * count / worked,
            at_least=OF_BARE,
            note=f"of one core {bare_each * 1e3:.1f} ms bare, {worked / count * 1e3:.1f} ms ours",
        ),
    )


def _seconds_of(act: Callable[[int], object]) -> float:
    """Return the seconds of one core for one piece of work, as this very machine does it now."""
    begun = time.process_time()
    for number in range(BARE_TIMES):
        act(number)
    return (time.process_time() - begun) / BARE_TIMES


async def _desk_of_many(url: str, folder: Path, count: int) -> ProofDesk:
    """Return the worker's desk over a register of so many badges, each signed once."""
    settings = Settings(
        environment="development",
        database_url=url,
        secret=SecretStr("a secret of the benches, long enough to derive keys from"),
        data_dir=folder,
    )
    world = World(clock=SetClock(START))
    world.scheme = bootstrap(settings, clock=world.clock).scheme
    one = await first_of_many(world)
    desk = open_proof_desk(settings, world.scheme)
    await publish_public_keys(desk)
    await sign_badges(desk, organisations=[one])
    await copy(url, one, first=1, last=count - 1)
    await _give_editions(url, desk)
    return desk


async def _give_editions(url: str, desk: ProofDesk) -> None:
    """Copy the one edition and the one picture that there are to every other badge."""
    scheme = desk.scheme
    rows = await Badge.select(Badge.organisation)
    facts = await gather_badge_facts(
        [row["organisation"] for row in rows],
        public_url=desk.issuer.public_url,
        pack=scheme.pack,
        at=scheme.now(),
    )
    digests = {
        each.code: picture_facts(each, desk.issuer, scheme.pack.zone).digest() for each in facts
    }
    connection = await asyncpg.connect(owner_of(url))
    try:
        await connection.execute(COPY_PICTURES, list(digests), list(digests.values()))
        await connection.execute(COPY_EDITION)
        await connection.execute("UPDATE status_list SET issued = (SELECT count(*) FROM edition)")
    finally:
        await connection.close()
    await look_over(url)


async def _sign_everything(desk: ProofDesk) -> None:
    """Sign all that is due, editions and lists."""
    await sign_stale_lists(desk)
    await sign_due_badges(desk)
    await sign_stale_lists(desk)
