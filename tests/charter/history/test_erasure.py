"""Words are removed by two people; what happened, and when, stays (rule 40)."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from badges.log.words_audit import audit_words
from charter.errors import NotFound
from charter.history.erasure import (
    confirm_erasure,
    drop_erasure,
    erasure,
    open_erasures,
    propose_erasure,
    public_texts,
)
from charter.history.erasure_rules import ErasureDecided, ErasureNeedsTwo
from charter.history.queries import events_of, words_of
from charter.history.tables import PublicText
from charter.organisations.rules import OwnEmployer
from charter.reviews.tables import Verdict
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")

ONE, ANOTHER = UUID(int=1, version=4), UUID(int=2, version=4)
HUB = "hub.example"


async def reported() -> tuple[Stage, UUID, str]:
    """Return a stage with a report published, the id of its words, and its summary."""
    stage = await Stage().set()
    await stage.report("partly")
    [text] = [each for each in await public_texts(stage.organisation) if each.about == "report"]
    [summary] = [each.text for each in text.passages if each.place == "summary"]
    return stage, text.id, summary


async def propose(stage: Stage, text: UUID, **changes: Any) -> int:
    given: dict[str, Any] = {
        "steward": ONE,
        "steward_employer_domain": HUB,
        "text": text,
        "chosen": ["summary"],
        "ground": "personal-data",
    }
    return await propose_erasure(stage.world.scheme, **given | changes)


async def confirm(stage: Stage, number: int, steward: UUID = ANOTHER, domain: str = HUB) -> None:
    await confirm_erasure(
        stage.world.scheme, steward=steward, steward_employer_domain=domain, number=number
    )


async def raw(text: UUID) -> PublicText:
    row = await PublicText.objects().get(PublicText.id == text)
    assert row is not None
    return row


async def test_two_stewards_remove_words_and_a_note_is_left() -> None:
    stage, text, summary = await reported()
    count = len(summary.split())
    before = await events_of(stage.organisation)
    number = await propose(stage, text)
    assert (await words_of([text]))[text]["summary"] == summary

    await confirm(stage, number)

    note = f"[{count} words removed on 5 January 2026, ground: personal data]"
    assert (await words_of([text]))[text]["summary"] == note
    row = await raw(text)
    assert not row.salt
    assert summary not in row.words
    *unchanged, last = await events_of(stage.organisation)
    assert unchanged == before
    [its_own] = [event for event in before if event.words == text]
    assert row.commitment == its_own.commitment
    assert (last.kind, last.by) == ("words-erased", "steward")
    assert last.data == {
        "event": its_own.id,
        "passages": ["summary"],
        "count": count,
        "ground": "personal-data",
    }
    assert await audit_words() == []


async def test_one_person_alone_removes_nothing() -> None:
    stage, text, summary = await reported()
    number = await propose(stage, text)

    with pytest.raises(ErasureNeedsTwo):
        await confirm(stage, number, steward=ONE)

    assert (await words_of([text]))[text]["summary"] == summary
    assert await open_erasures() == (number,)


async def test_what_would_be_left_is_shown_before_anything_goes() -> None:
    stage, text, summary = await reported()
    seen = await erasure(stage.world.scheme, await propose(stage, text))
    assert seen is not None
    assert [each.text for each in seen.chosen] == [summary]
    after = {each.place: each.text for each in seen.after}
    assert after["summary"].endswith("ground: personal data]")
    assert (await words_of([text]))[text]["summary"] == summary
    assert await erasure(stage.world.scheme, 99) is None


async def test_a_removal_is_decided_once() -> None:
    stage, text, _ = await reported()
    number = await propose(stage, text)
    await drop_erasure(stage.world.scheme, steward=ONE, number=number)
    assert await open_erasures() == ()

    with pytest.raises(ErasureDecided):
        await confirm(stage, number)
    with pytest.raises(NotFound):
        await confirm(stage, 99)


async def test_a_steward_removes_no_words_of_their_own_employer() -> None:
    stage, text, _ = await reported()
    with pytest.raises(OwnEmployer):
        await propose(stage, text, steward_employer_domain="harbour-lights.example")
    number = await propose(stage, text)
    with pytest.raises(OwnEmployer):
        await confirm(stage, number, domain="mail.harbour-lights.example")


async def test_words_that_nobody_published_are_not_found() -> None:
    stage, _, _ = await reported()
    with pytest.raises(NotFound):
        await propose(stage, UUID(int=9, version=4))


async def test_the_sealed_copy_of_an_auditor_s_reasons_goes_too() -> None:
    stage = await Stage().set()
    await stage.judge(await stage.report(), "accepted", "accepted")
    await stage.publish_after_reply_days()
    [text] = [each for each in await public_texts(stage.organisation) if each.about == "verdict"]
    first = text.passages[0]
    assert await Verdict.count().where(Verdict.reasons == first.text) == 1

    await confirm(stage, await propose(stage, text.id, chosen=[first.place]))

    assert await Verdict.count().where(Verdict.reasons == first.text) == 0
    assert "verdict-published" in await stage.kinds()


@pytest.mark.parametrize(
    "change",
    [
        "words = '{}'",
        "words = jsonb_set(words, '{summary}', '\"Better words\"')",
        "words = jsonb_set(words, '{summary}', '\"\"'), erased = '{}', salt = NULL",
        "erased = '{\"summary\": {}}'",
        "salt = NULL",
        "salt = salt || salt",
        "commitment = sha256('x')",
        "recorded_at = now()",
    ],
)
async def test_the_database_lets_words_go_only_with_a_mark_and_their_salt(
    change: str, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    _, text, _ = await reported()
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(f"UPDATE public_text SET {change} WHERE id = $1", text)  # noqa: S608 - the test's own


@pytest.mark.parametrize(
    "change",
    [
        "erased = NULL",
        "erased = '{}'",
        "erased = jsonb_set(erased, '{summary,count}', '1')",
        "words = jsonb_set(words, '{summary}', '\"Better words\"')",
        "salt = sha256('x')",
    ],
)
async def test_the_database_lets_no_mark_be_taken_away(
    change: str, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    stage, text, _ = await reported()
    await confirm(stage, await propose(stage, text))
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(f"UPDATE public_text SET {change} WHERE id = $1", text)  # noqa: S608 - the test's own


async def test_a_second_passage_goes_later_and_both_notes_stay() -> None:
    stage, text, _ = await reported()
    await confirm(stage, await propose(stage, text))
    stage.world.pass_days(3)
    await confirm(stage, await propose(stage, text, chosen=["why"], ground="court-order"))
    read = (await words_of([text]))[text]
    assert "5 January 2026, ground: personal data" in read["summary"]
    assert "8 January 2026, ground: court order" in read["why"]
    assert read["what_changes"] == "We ask before the post is advertised."
