"""No message is lost, none is ended twice, and no handler can stop the outbox."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from charter.clock import SetClock
from charter.history.tables import OutboxMessage
from registry.rounds.outbox import (
    LEASE,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    GiveUp,
    Message,
    TryLater,
    dead_letters,
    oldest_due,
    pause_after,
    revive,
    work_outbox,
)
from tests.world import START


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


async def leave(*keys: str, kind: str = "letter", due: timedelta = timedelta()) -> None:
    await OutboxMessage.insert(
        *(
            OutboxMessage(
                key=key, kind=kind, payload={"for": key}, created_at=START, due_at=START + due
            )
            for key in keys
        )
    )


async def row(key: str) -> OutboxMessage:
    found = await OutboxMessage.objects().get(OutboxMessage.key == key)
    assert found is not None
    return found


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


class Sink:
    """Remembers the keys it was given; does as told for some of them."""

    def __init__(self, **behaviour: BaseException) -> None:
        self.seen: Counter[str] = Counter()
        self.behaviour = behaviour

    async def __call__(self, message: Message) -> None:
        assert message.payload == {"for": message.key}
        self.seen[message.key] += 1
        await asyncio.sleep(0)
        if message.key in self.behaviour:
            raise self.behaviour[message.key]


@pytest.mark.usefixtures("database")
class TestWorkingTheOutbox:
    async def test_acts_once_on_everything_that_is_due(self, clock: SetClock) -> None:
        sink = Sink()
        await leave(*map(str, range(60)))
        await leave("later", due=timedelta(seconds=1))
        tallies = await asyncio.gather(
            *(work_outbox(clock, {"letter": sink}, lanes=2) for _ in range(3))
        )
        assert sum(tally.done for tally in tallies) == 60
        assert sink.seen == Counter(map(str, range(60)))
        clock.set(START + timedelta(seconds=1))
        assert (await work_outbox(clock, {"letter": sink})).done == 1
        assert await oldest_due(clock) is None

    async def test_tries_again_later_and_later(self, clock: SetClock) -> None:
        sink = Sink(a=TryLater("the mail server is busy, code 451"))
        await leave("a")
        assert await oldest_due(clock) == START
        tally = await work_outbox(clock, {"letter": sink})
        assert (tally.done, tally.put_off, tally.dead) == (0, 1, 0)
        waiting = await row("a")
        assert waiting.due_at == START + pause_after(1)
        assert waiting.last_error == "the mail server is busy, code 451"
        assert (await work_outbox(clock, {"letter": sink})).total == 0

    async def test_survives_a_handler_that_fails(self, clock: SetClock) -> None:
        sink = Sink(a=KeyError("somebody@harbour-lights.example"))
        await leave("a", "b")
        tally = await work_outbox(clock, {"letter": sink})
        assert (tally.done, tally.put_off) == (1, 1)
        assert (await row("a")).last_error == "KeyError"

    async def test_buries_what_can_never_be_done_and_revives_it_when_told(
        self, clock: SetClock
    ) -> None:
        sink = Sink(a=GiveUp("no such account"))
        await leave("a")
        assert (await work_outbox(clock, {"letter": sink})).dead == 1
        [dead] = await dead_letters()
        assert (dead["kind"], dead["last_error"]) == ("letter", "no such account")
        assert "payload" not in dead
        assert await revive(clock, message=dead["id"])
        assert not await revive(clock, message=dead["id"])
        sink.behaviour.clear()
        assert (await work_outbox(clock, {"letter": sink})).done == 1
        assert await dead_letters() == []

    async def test_buries_what_failed_too_often(self, clock: SetClock) -> None:
        sink = Sink(a=TryLater("busy"))
        await leave("a")
        for _ in range(MOST_ATTEMPTS):
            await work_outbox(clock, {"letter": sink})
            clock.set(clock.now() + LONGEST_PAUSE)
        assert sink.seen["a"] == MOST_ATTEMPTS
        assert (await row("a")).dead_at is not None
        assert (await work_outbox(clock, {"letter": sink})).total == 0

    async def test_keeps_what_only_a_newer_version_knows(self, clock: SetClock) -> None:
        await leave("a", kind="letter-by-pigeon")
        assert (await work_outbox(clock, {})).put_off == 1
        assert (await row("a")).last_error == "nobody here knows the kind letter-by-pigeon"

    async def test_a_worker_that_dies_loses_its_claim_when_the_lease_ends(
        self, clock: SetClock
    ) -> None:
        await leave("a")
        with pytest.raises(BaseExceptionGroup):
            await work_outbox(clock, {"letter": Sink(a=Killed())}, lanes=1)
        sink = Sink()
        assert (await work_outbox(clock, {"letter": sink})).total == 0
        clock.set(START + LEASE)
        assert (await work_outbox(clock, {"letter": sink})).done == 1
        assert (await row("a")).attempts == 2

    async def test_a_claim_that_has_run_out_ends_nothing(self, clock: SetClock) -> None:
        """Two workers hold the same message in turn; only the later one's word counts."""
        await leave("a")
        second = Sink()

        async def slow(_: Message) -> None:
            clock.set(clock.now() + LEASE)
            assert (await work_outbox(clock, {"letter": second})).done == 1
            raise TryLater("too slow")

        assert (await work_outbox(clock, {"letter": slow}, lanes=1)).total == 0
        ended = await row("a")
        assert ended.done_at is not None
        assert ended.last_error == ""

    async def test_stops_after_about_as_many_as_asked(self, clock: SetClock) -> None:
        sink = Sink()
        await leave(*map(str, range(20)))
        assert (await work_outbox(clock, {"letter": sink}, lanes=1, most=5)).done == 5


def test_pauses_grow_to_a_limit_and_last_two_days_in_all() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=8)]
    assert pauses == sorted(pauses)
    assert max(pauses) == LONGEST_PAUSE
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=3)
