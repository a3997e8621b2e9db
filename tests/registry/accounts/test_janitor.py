"""Forgetting: what is over goes, what may still be needed stays."""

from datetime import timedelta

from charter.chance import SystemChance
from charter.clock import SetClock
from registry.accounts import service, sessions
from registry.accounts.desk import Desk
from registry.accounts.janitor import tidy
from registry.accounts.keys import AccountKeys
from registry.accounts.security import note
from registry.accounts.tables import (
    FormReceipt,
    PendingOidc,
    SecurityEvent,
    Session,
    SignInCode,
)
from tests.world import START

YEAR = timedelta(days=365)

TABLES = (Session, SignInCode, FormReceipt, PendingOidc)


async def leave_traces(desk: Desk) -> None:
    """Leave a row in each table, as made now."""
    now = desk.now()
    account = await service.account_for(desk, email="edi-lead@harbour-lights.example")
    await sessions.start(desk, account=account, how="test", replaces=None)
    await service.request_code(desk, email="edi-lead@harbour-lights.example", browser="b")
    await FormReceipt.insert(FormReceipt(key=f"{now}".encode(), taken_at=now))
    await PendingOidc.insert(
        PendingOidc(
            state_key=f"{now}".encode(),
            browser_key=b"b",
            provider="college",
            nonce="n",
            verifier_sealed=b"v",
            expires_at=now + timedelta(minutes=15),
        )
    )


async def counts() -> list[int]:
    return [await table.count() for table in TABLES]


async def test_what_is_over_is_forgotten_and_the_rest_is_kept(database: str) -> None:
    assert database
    clock = SetClock(START)
    desk = Desk(AccountKeys(b"k" * 32), clock, SystemChance(), "https://register.example")
    await leave_traces(desk)
    await tidy(desk, security_events_kept=YEAR)
    assert await counts() == [1, 1, 1, 1]
    clock.set(START + timedelta(days=31))
    await leave_traces(desk)
    assert await counts() == [2, 2, 2, 2]
    for _time in range(2):
        await tidy(desk, security_events_kept=YEAR)
        assert await counts() == [1, 1, 1, 1]


async def test_who_came_in_is_forgotten_after_the_time_set(database: str) -> None:
    assert database
    clock = SetClock(START)
    desk = Desk(AccountKeys(b"k" * 32), clock, SystemChance(), "https://register.example")
    await note(desk, "signed-in")
    clock.set(START + YEAR - timedelta(seconds=1))
    await tidy(desk, security_events_kept=YEAR)
    assert await SecurityEvent.count() == 1
    clock.set(START + YEAR)
    await note(desk, "signed-in")
    for _time in range(2):
        await tidy(desk, security_events_kept=YEAR)
        assert await SecurityEvent.count() == 1
