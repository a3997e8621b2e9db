"""Rule 25: who reviewed is in no event, no public text, and nothing an organisation can see."""

import asyncpg
import pytest

from charter.history.tables import Event, PublicText
from charter.learning.queries import LibrarySearch, find_notes
from charter.obligations.chase import chase
from charter.obligations.tables import Notice
from charter.people import Nobody
from charter.reviews.hub import hub_queue
from charter.reviews.published import cases_of, published_accountability, published_reviews
from charter.reviews.queries import read_case, seat_is_of
from charter.reviews.service import (
    declare_interest,
    decline_seat,
    hand_back_seat,
    publish_due_cases,
    reply_to_case,
)
from tests.charter.reviews.stage import Stage, account

pytestmark = pytest.mark.usefixtures("database")

NOTE = "a private note that never leaves its author"


async def a_busy_case() -> Stage:
    """Play a case in which seats are declined, handed back, split and settled."""
    stage = await Stage().set(auditors=9)
    scheme = stage.world.scheme
    report = await stage.report("partly")
    await stage.draw()
    first, second = await stage.seats()
    await decline_seat(scheme, seat=first.id)
    await declare_interest(
        scheme, auditor=second.auditor, organisation=stage.organisation, tie="family"
    )
    await stage.draw()
    await hand_back_seat(scheme, seat=(await stage.accept_all())[0].id)
    await stage.draw()
    for seat, verdict in zip(await stage.accept_all(), ("accepted", "not-accepted"), strict=True):
        await stage.seal(seat, report, verdict, notes=NOTE)
    await stage.draw()
    await stage.seal((await stage.accept_all())[-1], report, "accepted", notes=NOTE)
    return stage


async def test_rule_25_no_account_and_no_note_is_in_anything_the_organisation_or_public_sees() -> (
    None
):
    stage = await a_busy_case()
    scheme = stage.world.scheme
    decided = repr(await cases_of(stage.organisation))
    case = await stage.the_case()
    await reply_to_case(scheme, case=case.id, words="Thank you.")
    await publish_due_cases(scheme)

    seen = [
        decided,
        repr(await cases_of(stage.organisation)),
        repr(await published_reviews(stage.organisation)),
        repr(await published_accountability(stage.organisation)),
        repr(await find_notes(LibrarySearch())),
        repr(await hub_queue(scheme)),
        repr(await Event.select()),
        repr(await PublicText.select()),
    ]

    secrets = [NOTE]
    for number, auditor in enumerate(stage.auditors):
        secrets += [str(account(number)), account(number).hex, str(auditor), auditor.hex]
    leaks = [secret for secret in secrets if any(secret in text for text in seen)]
    assert leaks == []


async def test_rule_25_the_account_of_an_auditor_stands_in_no_table_in_clear(database: str) -> None:
    stage = await a_busy_case()
    canary = str(account(0))
    assert await stage.kinds()
    await stage.add_milestone(2)
    await stage.report(milestone=2)
    await stage.draw()
    stage.world.pass_days(6)
    await chase(stage.world.scheme, Nobody())
    assert await Notice.exists().where(Notice.role == "auditor")
    connection = await asyncpg.connect(database)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        holding = [
            row["tablename"]
            for row in names
            if await connection.fetchval(
                f'SELECT EXISTS (SELECT FROM "{row["tablename"]}" t'  # noqa: S608 - our own tables
                " WHERE t::text LIKE '%' || $1 || '%')",
                canary,
            )
        ]
    finally:
        await connection.close()

    assert holding == []


async def test_only_the_auditor_in_a_seat_passes_its_guard() -> None:
    stage = await Stage().set(auditors=2)
    await stage.report()
    await stage.draw()
    seat = (await stage.seats())[0]

    owners = [await seat_is_of(stage.world.scheme, seat.id, account(number)) for number in range(3)]

    assert sorted(owners) == [False, False, True]


async def test_an_offered_case_shows_what_it_is_about_and_no_evidence() -> None:
    stage = await Stage().set()
    await stage.report()
    await stage.draw()
    offered = (await stage.seats())[0]

    before = await read_case(stage.world.scheme, offered.id)
    accepted = (await stage.accept_all())[0]
    after = await read_case(stage.world.scheme, accepted.id)

    assert before.organisation_name == "Harbour Lights Theatre"
    assert before.questions == ()
    [question] = after.questions
    assert question.report is not None
    assert question.report.items[0].body == "12 panels, 9 of them mixed"
    assert question.choices == ("not-accepted", "more-needed", "accepted")
