"""A hundred presses of one button at once, each of a browser of its own."""

import asyncio
from collections import Counter
from collections.abc import Mapping

import httpx

from tests.registry.web.visitor import Typed, Visitor, hidden_fields

AT_ONCE = 100
SEE_OTHER, REFUSED = 303, frozenset({409, 422})


async def press_at_once(
    visitor: Visitor, page: str, typed: Mapping[str, Typed], *, at: str | None = None
) -> list[httpx.Response]:
    """Open a page, and send its form a hundred times at once, each under a key of its own."""
    form = hidden_fields((await visitor.get(page)).text)
    return await send_at_once(visitor, at or page, form | dict(typed))


async def send_at_once(
    visitor: Visitor, at: str, form: Mapping[str, Typed]
) -> list[httpx.Response]:
    """Send a form a hundred times at once; no receipt makes two of them one."""
    assert form["idempotency_key"]
    return await asyncio.gather(
        *(
            visitor.send(at, {**form, "idempotency_key": f"press-{number}"})
            for number in range(AT_ONCE)
        )
    )


def exactly_one_won(answers: list[httpx.Response], *, told: str = "There is a problem") -> bool:
    """Whether one was let through and each of the others was refused by a rule, in words."""
    counts = Counter(answer.status_code for answer in answers)
    refused = [answer for answer in answers if answer.status_code in REFUSED]
    assert counts[SEE_OTHER] + len(refused) == AT_ONCE, counts
    assert all(told in answer.text for answer in refused), refused[0].text
    return counts[SEE_OTHER] == 1
