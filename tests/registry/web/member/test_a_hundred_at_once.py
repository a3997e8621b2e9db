"""A hundred people press the same button at once: one is first, the rest are told, nothing breaks.

Each form has a key of its own, so that no receipt makes two presses one. What is written is written
once, whoever was first.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

import httpx
import pytest

from charter.signing.service import sign_charter
from charter.signing.tables import Signature
from registry.accounts.roles import grant_role
from registry.bootstrap import Registry
from tests.charter.acting import SPONSOR, accept, answer_all, apply, draft_all, kinds_of, show
from tests.registry.web.member.conftest import SLUG
from tests.registry.web.people import sign_in
from tests.registry.web.visitor import Typed, Visitor, hidden_fields
from tests.world import World

AT_ONCE = 100
SEE_OTHER, REFUSED = 303, frozenset({409, 422})

HOME = f"/my/{SLUG}"


async def press_at_once(
    visitor: Visitor, page: str, typed: Mapping[str, Typed], *, at: str | None = None
) -> list[httpx.Response]:
    """Open a page, and send its form a hundred times at once, each under a key of its own."""
    form = hidden_fields((await visitor.get(page)).text)
    assert form["idempotency_key"]
    forms = [form | {"idempotency_key": f"press-{number}"} for number in range(AT_ONCE)]
    return await asyncio.gather(*(visitor.send(at or page, each | dict(typed)) for each in forms))


def exactly_one_won(answers: list[httpx.Response]) -> bool:
    """Whether one was let through and each of the others was refused by a rule."""
    counts = Counter(answer.status_code for answer in answers)
    refused = sum(counts[status] for status in REFUSED)
    assert counts[SEE_OTHER] + refused == AT_ONCE, counts
    return counts[SEE_OTHER] == 1


@pytest.fixture
async def organisation(world: World) -> UUID:
    """Have Harbour Lights apply."""
    return await apply(world)


async def test_of_a_hundred_signatures_one_is_given(
    sponsor: Visitor, world: World, organisation: UUID
) -> None:
    await accept(world, organisation)

    answers = await press_at_once(sponsor, f"{HOME}/charter", {"agreed": "yes"})

    assert exactly_one_won(answers)
    assert await Signature.count() == 1
    assert (await kinds_of(organisation)).count("charter-signed") == 1


async def test_of_a_hundred_publications_of_a_plan_one_is_made(
    sponsor: Visitor, world: World, organisation: UUID
) -> None:
    await accept(world, organisation)
    await sign_charter(world.scheme, organisation=organisation, account=SPONSOR)
    await answer_all(world, organisation)
    await draft_all(world, organisation)

    answers = await press_at_once(sponsor, f"{HOME}/plan", {})

    assert exactly_one_won(answers)
    kinds = await kinds_of(organisation)
    assert (kinds.count("plan-published"), kinds.count("pledge-published")) == (1, 5)


async def test_of_a_hundred_approvals_of_an_identity_one_is_made(
    registry: Registry,
    new_visitor: Callable[[], Visitor],
    world: World,
    organisation: UUID,
) -> None:
    how = await show(world, organisation)
    account = UUID(int=0x57E, version=4)
    steward = await sign_in(registry, new_visitor(), account)
    await grant_role(registry.desk, account=account, role="steward")

    answers = await press_at_once(
        steward,
        f"/hub/applications/{organisation}",
        {"decision": "accept", "how": how},
    )

    assert exactly_one_won(answers)
    assert (await kinds_of(organisation)).count("identity-accepted") == 1
