"""Rule 16: a redacted copy is the organisation's own choice, and goes by an erasure only."""

from dataclasses import replace
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.evidence.public_copies import (
    CopyPublished,
    copies_of,
    find_published_copy,
    publish_public_copy,
    refuse_public_copy,
    send_public_copy,
)
from charter.evidence.rules import NewItem
from charter.evidence.tables import EvidenceItem, PublicCopy
from charter.evidence.together import (
    TwoPeopleNeeded,
    acts_waiting,
    ask_together,
    do_together,
    evidence_at_hand,
    original_opened_to,
)
from charter.history.tables import Event
from charter.organisations.rules import OwnEmployer
from charter.organisations.tables import Organisation
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")

REDACTED = NewItem("file", "Minutes without names", sha256="ab" * 32, size=900)
SAFE = "cd" * 32
ELSEWHERE = "borough.example"
FIRST, SECOND = UUID(int=1), UUID(int=2)


async def sent(stage: Stage, file: NewItem = REDACTED) -> UUID:
    item = await EvidenceItem.objects().first()
    assert item is not None
    return await send_public_copy(
        stage.world.scheme, organisation=stage.organisation, item=item.id, file=file
    )


async def reported() -> Stage:
    stage = await Stage().set()
    await stage.report()
    return stage


async def publish(stage: Stage, copy: UUID) -> None:
    await publish_public_copy(
        stage.world.scheme, copy=copy, safe_sha256=SAFE, media_type="application/pdf"
    )


async def test_rule_16_a_copy_is_public_once_it_was_checked_and_not_before() -> None:
    stage = await reported()
    copy = await sent(stage)
    assert await find_published_copy(stage.organisation, copy) is None

    await publish(stage, copy)
    await publish(stage, copy)

    found = await find_published_copy(stage.organisation, copy)
    assert found is not None
    assert (found.safe_sha256, found.label) == (SAFE, "Minutes without names")
    assert (await stage.kinds()).count("public-copy-published") == 1
    said = repr(await Event.select())
    assert "Minutes without names" not in said
    assert SAFE not in said


async def test_a_copy_in_which_people_can_be_recognised_is_refused() -> None:
    stage = await reported()

    with pytest.raises(InvalidInput) as refused:
        await sent(stage, replace(REDACTED, names_people=True, label=""))

    assert {error.field for error in refused.value.errors} == {"label", "names_people"}


async def test_an_item_has_one_public_copy_and_a_refused_one_can_be_sent_again() -> None:
    stage = await reported()
    first = await sent(stage)
    with pytest.raises(CopyPublished):
        await sent(stage)

    await refuse_public_copy(stage.world.scheme, copy=first, code="file-has-virus")
    await publish(stage, await sent(stage))

    with pytest.raises(CopyPublished):
        await sent(stage)
    assert [copy.state for copy in await copies_of(stage.organisation)] == ["refused", "published"]


async def asked(stage: Stage, act: str, subject: UUID, why: str = "court-order") -> int:
    return await ask_together(
        stage.world.scheme,
        act=act,
        subject=subject,
        why=why,
        steward=FIRST,
        steward_employer_domain=ELSEWHERE,
    )


async def confirmed(stage: Stage, number: int, steward: UUID = SECOND) -> tuple[str, ...]:
    return await do_together(
        stage.world.scheme, number=number, steward=steward, steward_employer_domain=ELSEWHERE
    )


async def test_rule_16_a_copy_goes_by_an_erasure_of_two_people_and_stays_told() -> None:
    stage = await reported()
    copy = await sent(stage)
    await publish(stage, copy)
    number = await asked(stage, "remove-copy", copy, "personal-data")
    with pytest.raises(TwoPeopleNeeded):
        await confirmed(stage, number, FIRST)
    assert [act.number for act in await acts_waiting()] == [number]

    gone = await confirmed(stage, number)

    assert set(gone) == {REDACTED.sha256, SAFE}
    assert await find_published_copy(stage.organisation, copy) is None
    row = await PublicCopy.objects().first()
    assert row is not None
    assert (row.label, row.safe_sha256, row.salt) == ("", "", b"")
    assert (await stage.kinds())[-1] == "public-copy-erased"
    assert await confirmed(stage, number) == ()
    assert await acts_waiting() == ()


async def test_bytes_that_something_else_needs_stay_when_a_copy_goes() -> None:
    stage = await reported()
    await EvidenceItem.update({EvidenceItem.safe_sha256: SAFE}, force=True)
    copy = await sent(stage)
    await publish(stage, copy)

    assert await confirmed(stage, await asked(stage, "remove-copy", copy)) == (REDACTED.sha256,)


async def a_file() -> UUID:
    await EvidenceItem.update(
        {EvidenceItem.kind: "file", EvidenceItem.sha256: REDACTED.sha256}, force=True
    )
    item = await EvidenceItem.objects().first()
    assert item is not None
    return item.id


async def test_an_original_opens_to_the_two_who_opened_it_on_that_day_alone() -> None:
    stage = await reported()
    scheme = stage.world.scheme
    number = await asked(stage, "open-original", await a_file())
    with pytest.raises(NotFound):
        await original_opened_to(scheme, number=number, steward=FIRST)
    assert await confirmed(stage, number) == ()

    for steward in (FIRST, SECOND):
        item = await original_opened_to(scheme, number=number, steward=steward)
        assert item.sha256 == REDACTED.sha256
    with pytest.raises(NotFound):
        await original_opened_to(scheme, number=number, steward=UUID(int=3))
    stage.world.pass_days(1)
    with pytest.raises(NotFound):
        await original_opened_to(scheme, number=number, steward=FIRST)


async def test_what_is_asked_for_together_needs_a_reason_and_something_that_is_there() -> None:
    stage = await reported()
    item = await a_file()
    for act, why in (("open-original", "curious"), ("edit-verdict", "court-order")):
        with pytest.raises(InvalidInput):
            await asked(stage, act, item, why)
    for act in ("open-original", "remove-copy"):
        with pytest.raises(NotFound):
            await asked(stage, act, UUID(int=77))
    with pytest.raises(NotFound):
        await confirmed(stage, 77)
    assert [each.subject for each in await evidence_at_hand(stage.organisation)] == [item]


async def test_who_works_for_the_organisation_neither_asks_nor_confirms() -> None:
    stage = await reported()
    item = await a_file()
    number = await asked(stage, "open-original", item)
    await Organisation.update({Organisation.domain: ELSEWHERE}, force=True)

    with pytest.raises(OwnEmployer):
        await asked(stage, "open-original", item)
    with pytest.raises(OwnEmployer):
        await confirmed(stage, number)


async def test_only_what_was_sent_by_the_organisation_itself_gets_a_copy() -> None:
    stage = await reported()
    item = await EvidenceItem.objects().first()
    assert item is not None
    for organisation, number in ((UUID(int=9), item.id), (stage.organisation, UUID(int=9))):
        with pytest.raises(NotFound):
            await send_public_copy(
                stage.world.scheme, organisation=organisation, item=number, file=REDACTED
            )
