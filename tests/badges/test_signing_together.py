"""Many badges in one transaction, and a downgrade that commits while they are being sealed."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest

from badges.credentials.service import Overtaken, sign_editions
from badges.service import SIGN_EDITIONS, follow_history, open_badge, revoke_editions_of_key
from badges.tables import Badge, Edition
from charter.history.queries import newest_event
from charter.history.tables import Event, OutboxMessage
from charter.ledger import transaction
from charter.standing.words import Standing
from tests.badges.conftest import Signed
from tests.badges.samples import FACTS, ISSUER, signers
from tests.world import START, World

pytestmark = pytest.mark.usefixtures("database")

TOGETHER = 7


async def codes_of_many(world: World) -> list[str]:
    async with transaction(world.scheme) as tx:
        badges = [
            await open_badge(tx, UUID(int=number, version=4), Standing.ON_TRACK)
            for number in range(TOGETHER)
        ]
    return [badge.code for badge in badges]


async def sign_all(world: World, codes: list[str], sentence: str) -> int:
    facts = [replace(FACTS, code=code, sentence=sentence) for code in codes]
    return await sign_editions(
        world.scheme,
        facts=facts,
        known=await newest_event(),
        issuer=ISSUER,
        signers=signers(),
    )


async def test_many_are_signed_at_once_each_with_a_place_and_an_event_of_its_own() -> None:
    world = World()
    world.scheme = replace(world.scheme, watchers=(follow_history,))
    codes = await codes_of_many(world)
    assert await sign_all(world, codes, "Reports on time.") == TOGETHER
    assert await sign_all(world, codes, "Reports on time.") == 0
    assert await sign_all(world, [*codes[:2], codes[2]], "1 of 7 promises kept.") == 3
    editions = await Edition.objects()
    assert len({(each.status_list, each.status_index) for each in editions}) == TOGETHER + 3
    told = {
        row["id"]: row
        for row in await Event.raw(
            "SELECT id, organisation, data->>'sha256' AS sha256 FROM event"
            " WHERE kind = 'badge-edition-issued'"
        )
    }
    owners = {badge.id: badge.organisation for badge in await Badge.objects()}
    assert len(told) == len(editions)
    for each in editions:
        assert told[each.event]["sha256"] == each.sha256
        assert told[each.event]["organisation"] == owners[each.badge]


async def test_a_downgrade_during_a_signature_neither_waits_in_a_circle_nor_is_outlived(
    harbour: Signed,
) -> None:
    async def sign_on_and_on() -> int:
        overtaken = 0
        for number in range(12):
            try:
                await harbour.sign(sentence=f"Sentence {number}.")
            except Overtaken:
                overtaken += 1
        return overtaken

    async def withdraw_meanwhile() -> None:
        await asyncio.sleep(0.05)
        async with transaction(harbour.scheme) as tx:
            tx.record("withdrew-from-charter", {}, organisation=harbour.organisation, by="sponsor")

    await harbour.sign()
    overtaken, _ = await asyncio.gather(sign_on_and_on(), withdraw_meanwhile())
    assert overtaken <= 1, "who gathers facts after the downgrade is not overtaken by it"
    moved = await Event.raw("SELECT id FROM event WHERE kind = 'standing-changed' ORDER BY id")
    before = Edition.event < moved[-1]["id"]
    live = Edition.revoked_at.is_null()
    assert not await Edition.exists().where(before & live)


async def test_facts_gathered_before_a_downgrade_are_never_signed_after_it(
    harbour: Signed,
) -> None:
    known = await newest_event()
    facts = [harbour.facts(standing=Standing.ON_TRACK)]
    async with transaction(harbour.scheme) as tx:
        tx.record("withdrew-from-charter", {}, organisation=harbour.organisation, by="sponsor")
    with pytest.raises(Overtaken):
        await sign_editions(
            harbour.scheme, facts=facts, known=known, issuer=ISSUER, signers=signers()
        )
    assert not await Edition.exists()


async def test_two_signers_and_a_thief_s_hunter_get_past_each_other(harbour: Signed) -> None:
    await harbour.sign()

    async def sign(number: int) -> None:
        for turn in range(6):
            with suppress(Overtaken):
                await harbour.sign(sentence=f"Sentence {number} {turn}.")

    async def hunt() -> None:
        for _ in range(6):
            await revoke_editions_of_key(
                harbour.scheme,
                verification_method=signers().embedded.verification_method,
                since=START,
            )

    await asyncio.gather(sign(1), hunt(), sign(2))
    numbers = await Edition.select(Edition.n).order_by(Edition.n)
    assert [row["n"] for row in numbers] == list(range(1, len(numbers) + 1))


async def test_a_stolen_token_key_revokes_what_it_signed_too(harbour: Signed) -> None:
    await harbour.sign()
    revoked = await revoke_editions_of_key(
        harbour.scheme, verification_method=signers().token.verification_method, since=START
    )
    assert revoked == 1


async def test_many_revoked_editions_are_work_for_few_messages(harbour: Signed) -> None:
    codes = await codes_of_many(harbour.world)
    await sign_all(harbour.world, codes, "Reports on time.")
    before = await OutboxMessage.count().where(OutboxMessage.kind == SIGN_EDITIONS)
    revoked = await revoke_editions_of_key(
        harbour.scheme, verification_method=signers().embedded.verification_method, since=START
    )
    assert revoked == TOGETHER
    assert await OutboxMessage.count().where(OutboxMessage.kind == SIGN_EDITIONS) == before + 1
