"""Asking witnesses: what comes of it, and what is kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from badges.log import queries
from badges.log.checkpoint import open_checkpoint
from badges.log.cosigning import HttpWitness, Outcome, collect_cosignatures
from badges.log.note import CosignatureSigner, read_note, sign_note
from badges.log.service import sign_checkpoint
from badges.log.submission import read_submission
from badges.log.tables import LogCheckpoint
from badges.log.witness import Witness
from tests.badges.log.logs import ORIGIN, LogWorld, WitnessNextDoor, key, serving
from tests.badges.log.test_service import ROLLED_BACK, as_owner

NAME = "lanterns.example/witness"


@pytest.fixture
def world(database: str, tmp_path: Path) -> LogWorld:
    assert database
    return LogWorld(tmp_path)


def another_witness(world: LogWorld) -> WitnessNextDoor:
    signer = CosignatureSigner("library.example/witness", key(5), world.clock)
    return WitnessNextDoor(Witness(signer, {ORIGIN: world.log.keys}, world.folder / "library"))


async def sign_more(world: LogWorld, count: int) -> None:
    await world.append(count)
    world.clock.set(world.clock.at + timedelta(minutes=1))
    assert await sign_checkpoint(log=world.log)


async def test_witnesses_lines_are_added_to_the_newest_checkpoint(world: LogWorld) -> None:
    library = another_witness(world)
    ways = [world.witness, library]
    for count in (5, 1, 300):
        await sign_more(world, count)
        outcomes = await collect_cosignatures(log=world.log, witnesses=ways)
        assert set(outcomes.values()) == {Outcome.COSIGNED}
    published = await queries.newest_checkpoint()
    assert published is not None
    assert (published.size, published.witnesses) == (306, 2)
    keys = [way.verifier for way in ways]
    assert open_checkpoint(published.note.encode(), world.log.keys, witnesses=keys, quorum=2)
    # Each was asked three times only: it is known which size it cosigned before.
    assert [read_submission(body).old for body in library.asked] == [0, 5, 6]


async def test_a_witness_that_comes_later_says_where_it_stands(world: LogWorld) -> None:
    await sign_more(world, 5)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    await LogCheckpoint.update({LogCheckpoint.cosigned: None}, force=True)
    await sign_more(world, 4)
    outcomes = await collect_cosignatures(log=world.log, witnesses=[world.witness])
    assert outcomes == {NAME: Outcome.COSIGNED}
    assert [read_submission(body).old for body in world.witness.asked] == [0, 0, 5]


async def test_a_heartbeat_is_cosigned_at_its_own_time(world: LogWorld) -> None:
    await sign_more(world, 5)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    before = await queries.newest_checkpoint()
    world.clock.set(world.clock.at + timedelta(days=1))
    await sign_checkpoint(log=world.log)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    after = await queries.newest_checkpoint()
    assert before is not None
    assert after is not None
    assert after.note != before.note
    assert len(read_note(after.note.encode()).signatures) == 2


async def test_what_readers_see_is_cosigned_if_anything_is(world: LogWorld) -> None:
    await sign_more(world, 5)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    await sign_more(world, 5)
    published, signed = await queries.newest_checkpoint(), await queries.newest_signed()
    assert published is not None
    assert signed is not None
    assert (published.size, signed.size) == (5, 10)


async def test_nothing_is_asked_before_anything_is_signed(world: LogWorld) -> None:
    assert await collect_cosignatures(log=world.log, witnesses=[world.witness]) == {}
    assert world.witness.asked == []


async def test_a_witness_that_saw_more_gives_away_a_restored_database(
    world: LogWorld, owner_url: str
) -> None:
    await sign_more(world, 9)
    await collect_cosignatures(log=world.log, witnesses=[world.witness])
    await as_owner(owner_url, *ROLLED_BACK)
    world.log.remembered.path.unlink()
    assert await sign_checkpoint(log=world.log)
    outcomes = await collect_cosignatures(log=world.log, witnesses=[world.witness])
    assert outcomes == {NAME: Outcome.AHEAD}


@pytest.mark.parametrize(
    "answers",
    [
        [(403, "no\n")],
        [(500, "")],
        [(409, "seven\n")],
        [(409, "3\n"), (422, "no\n")],
        [(200, "")],
        [(200, "— stranger.example AAAAAAAA\n")],
        [(200, str(sign_note("x\n", [])))],
    ],
)
async def test_an_answer_that_is_no_cosignature_is_not_kept(
    world: LogWorld, answers: list[tuple[int, str]]
) -> None:
    await sign_more(world, 5)
    world.witness.answers = answers
    outcomes = await collect_cosignatures(log=world.log, witnesses=[world.witness])
    assert outcomes == {NAME: Outcome.REFUSED}
    published = await queries.newest_checkpoint()
    assert published is not None
    assert published.witnesses == 0


async def test_a_witness_out_of_reach_does_not_hold_up_the_others(world: LogWorld) -> None:
    await sign_more(world, 5)
    gone = HttpWitness(another_witness(world).verifier, "http://127.0.0.1:9/")
    outcomes = await collect_cosignatures(log=world.log, witnesses=[gone, world.witness])
    assert outcomes == {
        "library.example/witness": Outcome.UNREACHABLE,
        NAME: Outcome.COSIGNED,
    }


async def test_a_witness_is_asked_over_http(world: LogWorld) -> None:
    await sign_more(world, 5)
    async with serving(world.witness.witness) as address:
        way = HttpWitness(world.witness.verifier, address + "/")
        for _ in range(2):
            outcomes = await collect_cosignatures(log=world.log, witnesses=[way])
            assert outcomes == {NAME: Outcome.COSIGNED}
