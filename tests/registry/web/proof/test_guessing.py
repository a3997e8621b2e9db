"""Whoever guesses at codes is slowed down; whoever holds a real one never is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import httpx
from litestar import Litestar

from badges.codes import draw_badge_code
from charter.chance import SeededChance
from charter.clock import SetClock
from registry.accounts.limits import UNKNOWN_CODES_PER_NETWORK, forget_ended_windows
from registry.accounts.tables import AttemptCounter
from registry.bootstrap import Registry
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

FORMS = ("/b/{}", "/b/{}.json", "/b/{}.png", "/b/{}/live.svg", "/b/{}/k7p2", "/api/v1/badges/{}")


async def guess(visitor: Visitor, times: int) -> list[httpx.Response]:
    chance = SeededChance(1)
    return [
        await visitor.get(FORMS[number % len(FORMS)].format(draw_badge_code(chance)))
        for number in range(times)
    ]


async def test_after_many_unknown_codes_the_next_has_to_wait(
    visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    answers = await guess(visitor, UNKNOWN_CODES_PER_NETWORK.most + 6)
    assert [each.status_code for each in answers] == [404] * 60 + [429] * 6
    window = UNKNOWN_CODES_PER_NETWORK.window.total_seconds()
    assert all(0 < int(each.headers["retry-after"]) <= window for each in answers[60:])
    assert "Wait" in answers[60].text
    for form in FORMS[:4]:
        assert (await visitor.get(form.format(code))).status_code == 200


async def test_guesses_of_one_network_do_not_slow_another(
    visitor: Visitor, harbour: Harbour, app: Litestar
) -> None:
    await harbour.has_badge()
    await guess(visitor, UNKNOWN_CODES_PER_NETWORK.most + 1)
    elsewhere = httpx.ASGITransport(cast("Any", app), client=("10.9.8.7", 40_000))
    other = Visitor(elsewhere)
    assert [each.status_code for each in await guess(other, 1)] == [404]
    await other.client.aclose()


async def test_no_network_is_remembered_in_plain_or_for_longer_than_the_window(
    new_visitor: Callable[[], Visitor], registry: Registry, harbour: Harbour, clock: SetClock
) -> None:
    await harbour.has_badge()
    await AttemptCounter.delete(force=True)
    await guess(new_visitor(), 3)
    [kept] = await AttemptCounter.select()
    assert "127.0.0" not in str(kept)
    assert kept["expires_at"] <= clock.at + UNKNOWN_CODES_PER_NETWORK.window
    clock.set(clock.at + UNKNOWN_CODES_PER_NETWORK.window + timedelta(seconds=1))
    await forget_ended_windows(registry.desk)
    assert not await AttemptCounter.exists()
