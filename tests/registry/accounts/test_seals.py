"""Rule 25: who an auditor is stands sealed, and two roles alone may open it, for a reason."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.chance import SystemChance
from charter.clock import SetClock
from charter.errors import NotAllowed
from charter.people import KeyNotHere, NoSeals
from charter.reviews.service import register_auditor
from charter.reviews.tables import Auditor
from registry.accounts.desk import Desk
from registry.accounts.identities import account_to_write_to, open_identity
from registry.accounts.keys import AccountKeys, SealBroken
from registry.accounts.roles import end_role, grant_role
from registry.accounts.seals import KeyedSeals
from registry.accounts.service import account_for
from registry.accounts.tables import SecurityEvent
from tests.world import START, World

SEALS = KeyedSeals(AccountKeys(b"one secret, long enough to derive keys from"))
OTHERS = KeyedSeals(AccountKeys(b"another secret, long enough to derive from it"))


@given(st.uuids())
def test_what_is_sealed_opens_again_and_is_never_the_same_bytes_twice(account: UUID) -> None:
    first, second = SEALS.seal(account), SEALS.seal(account)

    assert SEALS.open(first) == SEALS.open(second) == account
    assert first != second
    assert account.bytes not in first
    assert SEALS.lookup(account) == SEALS.lookup(account) != OTHERS.lookup(account)


@given(st.uuids(), st.integers(0, 59))
def test_a_seal_that_was_changed_or_is_anothers_does_not_open(account: UUID, place: int) -> None:
    sealed = bytearray(SEALS.seal(account))
    with pytest.raises(SealBroken):
        OTHERS.open(bytes(sealed))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        SEALS.open(bytes(sealed))


def test_a_scheme_without_a_key_seals_nobody() -> None:
    for refused in (NoSeals().lookup, NoSeals().seal):
        with pytest.raises(KeyNotHere):
            refused(uuid4())
    with pytest.raises(KeyNotHere):
        NoSeals().open(b"")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("role", ["payment", "auditor-care"])
async def test_rule_25_two_roles_open_an_identity_and_each_opening_is_written_down(
    role: str,
) -> None:
    world, desk = World(), a_desk()
    auditor, account = await somebody(world, desk)
    me = await account_for(desk, email="me@hub.example")
    with pytest.raises(NotAllowed):
        await opened(world, desk, auditor, me)
    assert await SecurityEvent.count().where(SecurityEvent.kind == "identity-opened") == 0

    await grant_role(desk, account=me, role=role)
    assert await opened(world, desk, auditor, me) == "canary@panel.example"

    [written] = await SecurityEvent.objects().where(SecurityEvent.kind == "identity-opened")
    assert (written.account, written.detail) == (me, "auditor:1 to-answer-them")
    await end_role(desk, account=me, role=role)
    with pytest.raises(NotAllowed):
        await opened(world, desk, auditor, me)
    row = await Auditor.objects().where(Auditor.id == auditor).first()
    assert row is not None
    assert str(account) not in repr(row.to_dict())


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("role", ["steward", "administrator", "auditor"])
async def test_rule_25_no_other_role_opens_one(role: str) -> None:
    world, desk = World(), a_desk()
    auditor, _ = await somebody(world, desk)
    me = await account_for(desk, email="me@hub.example")
    await grant_role(desk, account=me, role=role)

    with pytest.raises(NotAllowed):
        await opened(world, desk, auditor, me)


@pytest.mark.usefixtures("database")
async def test_a_letter_to_an_auditor_finds_its_way_by_number() -> None:
    world, desk = World(), a_desk()
    auditor, account = await somebody(world, desk)

    assert await account_to_write_to(world.scheme, auditor) == account
    assert await account_to_write_to(world.scheme, account) == account


def a_desk() -> Desk:
    keys = AccountKeys(b"a secret of the tests, long enough to derive keys from")
    return Desk(keys, SetClock(START), SystemChance(), "http://127.0.0.1:8400")


async def somebody(world: World, desk: Desk) -> tuple[UUID, UUID]:
    account = await account_for(desk, email="canary@panel.example")
    return await register_auditor(world.scheme, account=account), account


async def opened(world: World, desk: Desk, auditor: UUID, me: UUID) -> str | None:
    return await open_identity(
        desk, world.scheme, auditor=auditor, opened_by=me, about="auditor:1", why="to-answer-them"
    )
