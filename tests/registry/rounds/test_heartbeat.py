"""The heartbeat notices a time away, once."""

from datetime import timedelta

from charter.obligations.tables import Outage
from registry.rounds.heartbeat import beat
from tests.registry.rounds.conftest import Office


async def test_a_time_away_is_counted_once_and_a_restart_is_none(office: Office) -> None:
    clock = office.world.clock
    await beat(office.registry)
    clock.set(clock.at + timedelta(minutes=4))
    await beat(office.registry)
    assert await Outage.count() == 0

    clock.set(clock.at + timedelta(minutes=30))
    await beat(office.registry)
    await beat(office.registry)

    [row] = await Outage.objects()
    assert row.minutes == 30
