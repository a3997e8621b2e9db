"""How fast badges are issued; measured in processor time, so that neighbours do not matter."""

import time
from dataclasses import replace
from uuid import UUID

import pytest

from badges.credentials.service import seal, sign_editions
from badges.pictures.badge import draw_badge
from badges.pictures.typeset import draw_png
from badges.service import open_badge
from badges.tables import Edition
from charter.ledger import transaction
from charter.standing.words import Standing
from tests.badges.samples import FACTS, ISSUER, NOW, TERMS, signers
from tests.badges.test_pictures import SHOWN
from tests.world import World

pytestmark = pytest.mark.full


def test_sixty_editions_a_second_are_sealed_in_all_four_forms() -> None:
    svg = draw_badge(SHOWN)
    png = draw_png(svg)
    signers()
    began = time.process_time()
    for n in range(120):
        terms = replace(TERMS, n=n)
        seal(FACTS, ISSUER, terms, signers=signers(), svg=svg, png=png, at=NOW)
    assert 120 / (time.process_time() - began) >= 60


@pytest.mark.usefixtures("database")
async def test_twenty_five_badges_a_second_are_signed_and_kept_once_they_are_drawn() -> None:
    world = World()
    codes: list[str] = []

    async def sign_all(sentence: str) -> None:
        for code in codes:
            facts = replace(FACTS, code=code, sentence=sentence)
            await sign_editions(
                world.scheme, facts=[facts], known=0, issuer=ISSUER, signers=signers()
            )

    async with transaction(world.scheme) as tx:
        for number in range(50):
            badge = await open_badge(tx, UUID(int=number, version=4), Standing.ON_TRACK)
            codes.append(badge.code)
    await sign_all("Reports on time.")
    began = time.process_time()
    await sign_all("Reports on time. 1 of 7 promises kept.")
    assert await Edition.count() == 100
    rate = 50 / (time.process_time() - began)
    assert rate >= 25
