"""The scheme in figures: each is right on a region made by hand, on page, JSON and CSV alike."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from lxml.html import fromstring

from charter.clock import SetClock
from charter.concerns.tables import Concern
from charter.obligations.tables import Obligation
from charter.organisations.service import appeal_refusal, decide_identity
from charter.plans.service import answer_type, publish_plan, withdraw_pledge
from charter.reviews.tables import Case, PayEntry
from charter.signing.service import withdraw_from_charter
from tests.charter.acting import (
    OTHER_STEWARD,
    SPONSOR,
    STEWARD,
    TYPES,
    accept,
    answer_all,
    answer_for,
    apply,
    draft_all,
    published,
)
from tests.charter.plans.test_sharing import another
from tests.registry.web.visitor import Visitor
from tests.world import World

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def world(clock: SetClock) -> World:
    """Return the world in which the application stands."""
    return World(clock)


def person(number: int) -> UUID:
    return UUID(int=0xD00 + number, version=4)


async def refused(world: World, number: int) -> UUID:
    """Have a body apply whom a steward refuses."""
    organisation = await apply(
        world,
        lead=person(number),
        sponsor=person(number + 1),
        name=f"Body {number}",
        domain=f"body-{number}.example",
        website=f"https://body-{number}.example",
        identifiers=(("GB-COH", f"0765432{number}"),),
    )
    await decide_identity(
        world.scheme,
        organisation=organisation,
        accept=False,
        how="",
        reason="The number is not in the register.",
        steward=STEWARD,
        steward_employer_domain="hub.example",
    )
    return organisation


async def make_region(world: World) -> UUID:
    """Two organisations in the charter, one that left it, three refused, two of whom appealed."""
    theatre = await published(world)
    await withdraw_pledge(world.scheme, organisation=theatre, number=5, reason="It was too small.")
    surgery = await another(world)
    await answer_type(world.scheme, organisation=surgery, answer=answer_for(TYPES[0]))
    await leave_with_five_pledges(world)
    await refused(world, 1)
    for number in (3, 5):
        body = await refused(world, number)
        await appeal_refusal(world.scheme, organisation=body, reason="The register was late.")
        if number == 5:
            await accept(world, body, steward=OTHER_STEWARD)
    return theatre


async def leave_with_five_pledges(world: World) -> None:
    mill = await another(world, "Old Mill")
    await answer_all(world, mill)
    await draft_all(world, mill)
    await publish_plan(world.scheme, organisation=mill)
    await withdraw_from_charter(
        world.scheme, organisation=mill, account=SPONSOR, reason="We close in spring."
    )


async def review(world: World, organisation: UUID, *, days: tuple[int, ...]) -> None:
    """Write down one published review for each number of days it took."""
    for number, took in enumerate(days, start=1):
        await Case(
            id=person(100 + number),
            number=number,
            kind="evidence",
            organisation=organisation,
            opened_at=world.scheme.now() - timedelta(days=took),
            waiting_since=world.scheme.now(),
            state="published",
            published_at=world.scheme.now(),
        ).save()


async def pay(world: World, organisation: UUID, people: int) -> None:
    """Pay as many people after three days, leave as many unpaid for long, and as many not yet.

    As many declined freely. Each gave two hours.
    """
    now = world.scheme.now()
    lines = (("fee", 3, now), ("declined", 3, None), ("fee", 40, None), ("fee", 3, None))
    for kind, opened, paid_at in lines:
        owed = Obligation(
            organisation=organisation,
            kind="codesign-pay",
            owner="organisation",
            opened_at=now - timedelta(days=opened),
            first_due_on=world.scheme.today(),
            due_on=world.scheme.today(),
            state="met",
        )
        await owed.save()
        for _ in range(people):
            await PayEntry(
                id=uuid4(),
                organisation=organisation,
                payer="organisation",
                kind=kind,
                hours=Decimal(2),
                rate_pence=1_500,
                amount_pence=3_000,
                due_on=world.scheme.today(),
                paid_at=paid_at,
                obligation=owed.id,
            ).save()


async def concern(world: World, count: int, **what_became: object) -> None:
    """Write down concerns of which the same became."""
    now = world.scheme.now()
    for _ in range(count):
        row = Concern(
            id=uuid4(),
            receipt_hash=uuid4().hex,
            about="promise",
            text="A poster says more than is true.",
            received_at=now - timedelta(days=30),
        )
        for name, value in what_became.items():
            setattr(row, name, value)
        await row.save()


async def raise_concerns(world: World, each: int) -> None:
    """Raise as many concerns of every fate: waiting, decided either way, appealed, turned."""
    now = world.scheme.now()
    decided = {"decided_at": now - timedelta(days=10)}
    appealed = {**decided, "outcome": "upheld", "appealed_at": now - timedelta(days=5)}
    turned = {**appealed, "appeal_decided_at": now, "appeal_outcome": "not-upheld"}
    await concern(world, each)
    await concern(world, each, **decided, outcome="upheld")
    await concern(world, each, **decided, outcome="not-upheld")
    await concern(world, each, **appealed)
    await concern(world, each, **turned)


def flat(told: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def only(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


async def test_every_figure_is_right_on_a_region_made_by_hand(
    world: World, visitor: Visitor
) -> None:
    theatre = await make_region(world)
    await review(world, theatre, days=(10, 20, 40))
    await pay(world, theatre, people=6)
    await raise_concerns(world, 6)

    told = (await visitor.get("/statistics.json")).json()

    organisations = told["organisations"]
    assert organisations["total"] == 3
    assert only(organisations["by_standing"]) == {"on-track": 1, "plan-due": 1, "withdrawn": 1}
    assert only(organisations["by_level"]) == {"signatory": 2}
    assert only(organisations["by_borough"]) == {"liverpool": 3}
    assert only(organisations["by_sector"]) == {"arts-and-culture": 3}
    assert only(organisations["by_size"]) == {"standard": 3}
    assert told["types"] == {
        name: {
            "applies": 3 if name == TYPES[0] else 2,
            "does_not_apply": 0,
            "unanswered": 0 if name == TYPES[0] else 1,
            "live_pledges": 0 if name == TYPES[4] else 1,
        }
        for name in TYPES
    }
    assert only(told["results"]) == {"not_yet_due": 9, "withdrawn": 1}
    # Eight steps of the theatre and its new plan, the surgery's plan, one appeal at the hub.
    assert told["obligations"] == {"open": 11, "late": 0, "hub_late": 0}
    assert told["reviews"] == {"decided": 3, "median_days": 20}
    assert told["pay"] == {
        "median_days_to_pay": 3,
        "unpaid_over_30_days": 6,
        "hours_paid": 12,
        "hours_declined": 12,
        "hours_unpaid": 24,
    }
    assert told["concerns"] == {
        "received": 30,
        "decided": 24,
        "upheld": 12,
        "median_days": 20,
        "appeals_lodged": 12,
        "appeals_upheld": 6,
        "appeals_waiting": 6,
    }
    assert told["applications"] == {
        "received": 6,
        "refused": 3,
        "appeals_lodged": 2,
        "appeals_upheld": 1,
        "appeals_waiting": 1,
    }


async def test_what_is_late_is_counted_but_for_those_who_left(
    world: World, visitor: Visitor
) -> None:
    await make_region(world)
    world.pass_days(125)

    told = (await visitor.get("/statistics.json")).json()

    late = (await visitor.get("/late.json")).json()
    assert told["obligations"]["late"] == len(late["organisations"]) > 0
    assert "old-mill" not in {row["slug"] for row in late["organisations"]}
    assert told["obligations"]["hub_late"] == sum(row["count"] for row in late["hub"]) == 1


async def test_a_pledge_that_is_over_is_live_no_more(world: World, visitor: Visitor) -> None:
    await published(world)
    world.pass_days(367)

    told = (await visitor.get("/statistics.json")).json()

    assert [row["live_pledges"] for row in told["types"].values()] == [0] * 5


@pytest.mark.parametrize("form", ["/statistics.csv", "/open-data/statistics.csv"])
async def test_each_figure_stands_in_the_file_for_spreadsheets(
    form: str, world: World, visitor: Visitor
) -> None:
    theatre = await make_region(world)
    await pay(world, theatre, people=6)
    await raise_concerns(world, 3)

    answer = await visitor.get(form)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["figure"]: row["value"] for row in csv.DictReader(io.StringIO(answer.text))}
    told = (await visitor.get("/statistics.json")).json()
    del told["meta"]
    assert {name: None if value == "" else float(value) for name, value in rows.items()} == dict(
        flat(told)
    )


async def test_each_figure_stands_on_the_page(world: World, visitor: Visitor) -> None:
    theatre = await make_region(world)
    await review(world, theatre, days=(10, 20, 40))
    await pay(world, theatre, people=6)
    await raise_concerns(world, 6)

    read: Any = fromstring((await visitor.get("/statistics")).text)

    figures = [
        (row.xpath("string(dt)"), row.xpath("string(dd)"))
        for row in read.xpath("//dl[contains(@class, 'govuk-summary-list')]/div")
    ]
    assert figures == [
        *(("Open", "11"), ("Late", "0"), ("Late at the hub", "0")),
        *(("Decided and published", "3"), ("Middle time from opening to publication", "20 days")),
        *(("Middle time until paid", "3 days"), ("Unpaid for over 30 days", "6")),
        *(("Hours paid", "12"), ("Hours given freely by choice", "12")),
        *(("Hours not paid yet", "24"), ("Received", "30"), ("Decided", "24"), ("Upheld", "12")),
        *(("Middle time to decide", "20 days"), ("Appeals against a decision", "12")),
        *(("Appeals that changed the decision", "6"), ("Appeals still to be decided", "6")),
        *(("Received", "6"), ("Refused at first", "3"), ("Appeals against a refusal", "2")),
        *(("Accepted after an appeal", "1"), ("Appeals still to be decided", "1")),
    ]
    tables = {
        table.xpath("string(caption)").strip(): [
            [cell.xpath("normalize-space(string(.))") for cell in row.xpath("th|td")]
            for row in table.xpath("tbody/tr")
        ]
        for table in read.xpath("//table")
    }
    names = [each.name for each in world.scheme.pack.catalogue.types]
    assert tables["Answers for the five types"] == [
        [names[0], "3", "0", "0", "1"],
        *([name, "2", "0", "1", "1"] for name in names[1:4]),
        [names[4], "2", "0", "1", "0"],
    ]
    charts = {
        "How they stand": ("Withdrawn", "1"),
        "How far they have come": ("Signatory", "2"),
        "Where they are": ("Liverpool", "3"),
        "How big they are": ("Standard", "3"),
        "What became of the promises": ("Not yet due", "9"),
    }
    for title, (label, count) in charts.items():
        [row] = [row for row in tables[title] if row[0].startswith(label)]
        assert row[-1].endswith(count), (title, row)


async def test_four_people_are_told_nowhere_and_one_organisation_always(
    world: World, visitor: Visitor
) -> None:
    theatre = await make_region(world)
    await pay(world, theatre, people=4)
    await raise_concerns(world, 2)

    told = (await visitor.get("/statistics.json")).json()
    page = (await visitor.get("/statistics")).text

    assert told["pay"] == {
        "median_days_to_pay": None,
        "unpaid_over_30_days": None,
        "hours_paid": None,
        "hours_declined": None,
        "hours_unpaid": 16,
    }
    assert told["concerns"]["received"] == 10
    kept_back = {name for name, value in told["concerns"].items() if value is None}
    assert kept_back == set(told["concerns"]) - {"received"}
    assert "Not shown: too few people" in page
    assert told["organisations"]["by_standing"]["withdrawn"] == 1
