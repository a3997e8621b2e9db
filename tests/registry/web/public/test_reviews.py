"""What panels found, as everybody reads it."""

import pytest

from charter.reviews.accountability import Reflection
from charter.reviews.service import (
    open_reflections,
    publish_due_cases,
    seal_findings,
    send_reflection,
)
from registry.web.public.obligations import Asked
from registry.web.public.reviews import list_reviews
from tests.charter.reviews.stage import TYPES, Stage

pytestmark = pytest.mark.usefixtures("database")

APPLICABLE = TYPES[:4]


async def test_each_finding_of_a_year_says_which_type_it_is_about_in_the_pack_s_order() -> None:
    stage = await Stage().set(auditors=8, due_in=600)
    world = stage.world
    world.pass_days(365)
    await open_reflections(world.scheme)
    said = Reflection(
        findings=dict.fromkeys(APPLICABLE, "kept"),
        what_worked="Two of three pledges.",
        what_did_not_work="Nobody mentored, because nobody was paid.",
        what_changes="Mentors are paid from May.",
        signed_by_role="Artistic director",
    )
    await send_reflection(world.scheme, organisation=stage.organisation, reflection=said)
    await stage.draw()
    found = {**dict.fromkeys(APPLICABLE, "kept"), "structural": "not-kept"}
    for seat in await stage.accept_all():
        await seal_findings(world.scheme, seat=seat.id, findings=found, reasons="We asked around.")
    world.pass_days(30)
    await publish_due_cases(world.scheme)

    reviews = await list_reviews(
        Asked(stage.organisation, world.scheme.now(), world.scheme.pack, "standard")
    )

    assert {review.kind for review in reviews} == {"accountability"}
    assert [(review.type, review.verdict) for review in reviews] == [
        (name, found[name]) for name in APPLICABLE
    ]
