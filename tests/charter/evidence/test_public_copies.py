"""Rule 16: a redacted copy is the organisation's own choice, and goes by an erasure only."""

from dataclasses import replace
from uuid import UUID

import pytest

from charter.errors import InvalidInput, NotFound
from charter.evidence.public_copies import (
    CopyPublished,
    TwoPeopleNeeded,
    copies_of,
    erase_public_copy,
    find_published_copy,
    publish_public_copy,
    refuse_public_copy,
    send_public_copy,
)
from charter.evidence.rules import NewItem
from charter.evidence.tables import EvidenceItem, PublicCopy
from charter.history.tables import Event
from tests.charter.reviews.stage import Stage

pytestmark = pytest.mark.usefixtures("database")

REDACTED = NewItem("file", "Minutes without names", sha256="ab" * 32, size=900)
SAFE = "cd" * 32
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


async def test_rule_16_a_copy_goes_by_an_erasure_of_two_people_and_stays_told() -> None:
    stage = await reported()
    copy = await sent(stage)
    await publish(stage, copy)
    scheme = stage.world.scheme
    with pytest.raises(TwoPeopleNeeded):
        await erase_public_copy(
            scheme, copy=copy, ground="personal-data", asked_by=FIRST, confirmed_by=FIRST
        )

    gone = await erase_public_copy(
        scheme, copy=copy, ground="personal-data", asked_by=FIRST, confirmed_by=SECOND
    )

    assert set(gone) == {REDACTED.sha256, SAFE}
    assert await find_published_copy(stage.organisation, copy) is None
    row = await PublicCopy.objects().first()
    assert row is not None
    assert (row.label, row.safe_sha256, row.salt) == ("", "", b"")
    assert (await stage.kinds())[-1] == "public-copy-erased"
    assert (
        await erase_public_copy(
            scheme, copy=copy, ground="personal-data", asked_by=FIRST, confirmed_by=SECOND
        )
        == ()
    )


async def test_bytes_that_something_else_needs_stay_when_a_copy_goes() -> None:
    stage = await reported()
    await EvidenceItem.update({EvidenceItem.safe_sha256: SAFE}, force=True)
    copy = await sent(stage)
    await publish(stage, copy)

    gone = await erase_public_copy(
        stage.world.scheme,
        copy=copy,
        ground="personal-data",
        asked_by=FIRST,
        confirmed_by=SECOND,
    )

    assert gone == (REDACTED.sha256,)


async def test_only_what_was_sent_by_the_organisation_itself_gets_a_copy() -> None:
    stage = await reported()
    item = await EvidenceItem.objects().first()
    assert item is not None
    for organisation, number in ((UUID(int=9), item.id), (stage.organisation, UUID(int=9))):
        with pytest.raises(NotFound):
            await send_public_copy(
                stage.world.scheme, organisation=organisation, item=number, file=REDACTED
            )
