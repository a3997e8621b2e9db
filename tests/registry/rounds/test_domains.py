"""The worker looks at domains: what it finds is recorded, and silence changes nothing."""

import pytest

from charter.organisations.proofs import domains_to_look_at
from charter.organisations.service import ask_for_record
from charter.organisations.tables import DomainProof
from registry.rounds.domains import look_at_domains
from tests.charter.acting import apply
from tests.registry.adapters.fakes import KnownNames
from tests.world import World

pytestmark = pytest.mark.usefixtures("database")

NAME = "_charter-registry.harbour-lights.example"


async def asked(world: World) -> str:
    """Have Harbour Lights ask for a record, and return its text."""
    await ask_for_record(world.scheme, organisation=await apply(world))
    (question,) = await domains_to_look_at(world.scheme, most=10)
    return question.text


async def proof() -> DomainProof:
    """Return the one proof there is."""
    (row,) = await DomainProof.objects()
    return row


async def test_the_text_among_others_shows_that_the_domain_is_theirs() -> None:
    world = World()
    known = KnownNames({NAME: frozenset({"v=spf1 -all", await asked(world)})})

    assert await look_at_domains(world.scheme, known) == 1

    assert (await proof()).shown_at == world.scheme.now()
    assert await look_at_domains(world.scheme, known) == 0


@pytest.mark.parametrize("texts", [None, frozenset(), frozenset({"charter-registry=another"})])
async def test_anything_else_shows_nothing(texts: frozenset[str] | None) -> None:
    world = World()
    await asked(world)
    known = KnownNames({} if texts is None else {NAME: texts})

    assert await look_at_domains(world.scheme, known) == 1

    assert (await proof()).shown_at is None
    assert (await proof()).looked_at == world.scheme.now()


async def test_silence_is_asked_again_at_the_next_look() -> None:
    world = World()
    text = await asked(world)

    assert await look_at_domains(world.scheme, KnownNames(silent=frozenset({NAME}))) == 0

    assert (await proof()).looked_at is None
    assert await look_at_domains(world.scheme, KnownNames({NAME: frozenset({text})})) == 1
    assert (await proof()).shown_at is not None
