"""Issuing: a page from signing on, one edition for the same facts, revoked with the downgrade."""

import asyncio
import json
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from badges import queries
from badges.codes import read_badge_code
from badges.credentials.service import sign_editions
from badges.service import (
    SIGN_EDITIONS,
    SIGN_STATUS_LISTS,
    add_placement,
    follow_history,
    revoke_editions_of_key,
)
from badges.status_lists.bits import ENTRIES
from badges.status_lists.service import MOST_ISSUED, sign_status_lists
from badges.tables import Badge, Edition, StatusList
from badges.verify import verify_badge
from charter.errors import NotFound
from charter.history.events import Fact
from charter.history.queries import events_of
from charter.history.tables import OutboxMessage
from charter.ledger import transaction
from charter.obligations.service import meet_obligation
from charter.obligations.tables import Obligation
from charter.standing.words import Standing
from tests.badges.conftest import Signed
from tests.badges.samples import ISSUER, signers, trusted

pytestmark = pytest.mark.usefixtures("database")


async def work_of(kind: str) -> list[OutboxMessage]:
    return await OutboxMessage.objects().where(OutboxMessage.kind == kind)


async def kinds_of(organisation: UUID) -> list[str]:
    return [event.kind for event in await events_of(organisation)]


async def withdraw(harbour: Signed) -> None:
    async with transaction(harbour.scheme) as tx:
        tx.record("withdrew-from-charter", {}, organisation=harbour.organisation, by="sponsor")


async def test_signing_the_charter_opens_the_code_page(harbour: Signed) -> None:
    assert read_badge_code(harbour.badge.code) == harbour.badge.code
    assert harbour.badge.page_state == "plan-due"
    assert (await kinds_of(harbour.organisation)).count("badge-opened") == 1
    assert len(await work_of(SIGN_EDITIONS)) == 1


async def test_an_edition_is_kept_as_bytes_that_verify(harbour: Signed) -> None:
    edition = await harbour.sign()
    kept = await Edition.objects().get(Edition.id == edition.id)
    assert kept is not None
    report = await harbour.check(kept)
    assert report.accepted
    assert report.badge is not None
    assert report.badge.id == ISSUER.badge_url(harbour.badge.code)
    for form in (kept.jwt.encode(), kept.png, kept.svg.encode()):
        again = verify_badge(form, issuer=ISSUER.did, keys=trusted(), at=harbour.scheme.now())
        assert again.outcome("signature") == "passed"
    told = [e for e in await events_of(harbour.organisation) if e.kind == "badge-edition-issued"]
    assert [event.data["sha256"] for event in told] == [kept.sha256]
    assert kept.event == told[0].id


async def test_asking_twice_for_the_same_facts_signs_once(harbour: Signed) -> None:
    first = await harbour.sign()
    second = await harbour.sign()
    assert second.id == first.id
    assert await Edition.count() == 1
    assert (await kinds_of(harbour.organisation)).count("badge-edition-issued") == 1


async def test_many_workers_asking_at_once_sign_once(harbour: Signed) -> None:
    editions = await asyncio.gather(*(harbour.sign() for _ in range(8)))
    assert len({edition.id for edition in editions}) == 1


async def test_new_facts_make_a_new_edition_of_the_same_badge(harbour: Signed) -> None:
    first = await harbour.sign()
    second = await harbour.sign(standing=Standing.ON_TRACK)
    assert (first.n, second.n) == (1, 2)
    assert second.valid_from > first.valid_from
    documents = [json.loads(edition.credential) for edition in (first, second)]
    assert documents[0]["id"] == documents[1]["id"]
    assert documents[0]["awardedDate"] == documents[1]["awardedDate"]
    assert (first.status_list, first.status_index) != (second.status_list, second.status_index)


async def test_a_renewal_leaves_the_edition_before_it_in_force(harbour: Signed) -> None:
    first = await harbour.sign()
    harbour.world.pass_days(60)
    second = await harbour.sign()
    assert second.n == 2
    assert (await harbour.check(first)).accepted
    assert (await harbour.check(second)).accepted


async def test_before_half_its_life_an_edition_is_not_renewed(harbour: Signed) -> None:
    first = await harbour.sign()
    harbour.world.pass_days(49)
    assert (await harbour.sign()).id == first.id


async def test_a_downgrade_revokes_what_was_said_before_in_the_same_transaction(
    harbour: Signed,
) -> None:
    before = [await harbour.sign(), await harbour.sign(standing=Standing.ON_TRACK)]
    await withdraw(harbour)
    badge = await Badge.objects().get(Badge.id == harbour.badge.id)
    assert badge is not None
    assert badge.page_state == "withdrawn"
    assert len(await work_of(SIGN_STATUS_LISTS)) == 1
    for edition in before:
        assert (await harbour.check(edition)).outcome("not revoked") == "failed"
    after = await harbour.sign(standing=Standing.WITHDRAWN)
    report = await harbour.check(after)
    assert report.accepted
    assert report.badge is not None
    assert report.badge.credential_subject.result[0].status == "Withdrew"
    assert (await kinds_of(harbour.organisation)).count("badge-edition-revoked") == 2


async def test_a_downgrade_that_fails_revokes_nothing(harbour: Signed) -> None:
    edition = await harbour.sign()

    async def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    failing = replace(harbour.scheme, watchers=(follow_history, fail))
    with pytest.raises(RuntimeError):
        await withdraw(replace(harbour, scheme=failing))
    assert (await harbour.check(edition)).accepted


async def test_a_worse_edition_revokes_those_before_it_even_when_the_event_was_missed(
    harbour: Signed,
) -> None:
    first = await harbour.sign(standing=Standing.ON_TRACK)
    second = await harbour.sign(standing=Standing.SUSPENDED)
    assert (await harbour.check(first)).outcome("not revoked") == "failed"
    assert (await harbour.check(second)).accepted


async def test_reinstatement_takes_a_new_place_and_clears_no_bit(harbour: Signed) -> None:
    first = await harbour.sign(standing=Standing.ON_TRACK)
    await harbour.sign(standing=Standing.SUSPENDED)
    third = await harbour.sign(standing=Standing.ON_TRACK)
    assert (await harbour.check(first)).outcome("not revoked") == "failed"
    assert (await harbour.check(third)).accepted


async def test_the_end_of_the_plan_in_time_keeps_its_editions(harbour: Signed) -> None:
    edition = await harbour.sign()
    obligation = await Obligation.objects().first()
    assert obligation is not None
    async with transaction(harbour.scheme) as tx:
        await meet_obligation(tx, obligation)
    assert (await harbour.check(edition)).accepted


async def test_the_pictures_are_drawn_once_and_anew_for_a_new_name(harbour: Signed) -> None:
    await harbour.sign()
    drawn = await Badge.objects().get(Badge.id == harbour.badge.id)
    await harbour.sign(sentence="Reports on time.")
    same = await Badge.objects().get(Badge.id == harbour.badge.id)
    await harbour.sign(organisation="Harbour Lights Arts Centre")
    other = await Badge.objects().get(Badge.id == harbour.badge.id)
    assert drawn is not None
    assert same is not None
    assert other is not None
    assert drawn.picture_digest == same.picture_digest != other.picture_digest
    assert "Arts Centre" in other.picture_svg


async def test_no_badge_has_an_unknown_code(harbour: Signed) -> None:
    with pytest.raises(NotFound):
        await sign_editions(
            harbour.scheme,
            facts=[replace(harbour.facts(), code="0000000000")],
            known=0,
            issuer=ISSUER,
            signers=signers(),
        )


async def test_the_daily_look_finds_whose_badge_needs_signing(harbour: Signed) -> None:
    async def found() -> list[UUID]:
        return await queries.organisations_to_sign(harbour.scheme.now())

    assert await found() == [harbour.organisation]
    await harbour.sign()
    assert await found() == []
    harbour.world.pass_days(51)
    assert await found() == [harbour.organisation]
    await harbour.sign()
    await withdraw(harbour)
    assert await found() == [harbour.organisation]


async def test_an_edition_of_nobody_is_passed_over(harbour: Signed) -> None:
    facts: dict[str, Fact] = {
        "code": "x",
        "edition": 1,
        "sha256": "00",
        "valid_until": "2026-02-01",
    }
    async with transaction(harbour.scheme) as tx:
        tx.record("badge-edition-issued", facts, organisation=UUID(int=9), by="system")
    assert await Edition.count() == 0


async def test_everything_served_is_read_as_it_was_signed(harbour: Signed) -> None:
    badge = await queries.badge_of_code(harbour.badge.code)
    assert badge is not None
    assert badge == await queries.badge_of_organisation(harbour.organisation)
    assert await queries.newest_edition(badge.id) is None
    assert await queries.served_list(1) is None
    assert await queries.issuer_document("did.json") is None
    first = await harbour.sign()
    second = await harbour.sign(standing=Standing.ON_TRACK)
    newest = await queries.newest_edition(badge.id)
    assert newest is not None
    assert newest.credential == second.credential
    assert [edition.sha256 for edition in await queries.editions_of(badge.id)] == [
        second.sha256,
        first.sha256,
    ]
    assert (await harbour.check(newest)).accepted
    listed = await queries.served_list(1)
    assert listed is not None
    assert listed.valid_until > harbour.scheme.now()
    door = await add_placement(
        harbour.scheme,
        organisation=harbour.organisation,
        label="Front door",
        kind="door",
    )
    assert await queries.placement_of_code(badge.id, door.code) == door
    assert list(await queries.placements_of(badge.id)) == [door]


async def test_a_compromised_key_revokes_what_it_signed_since(
    harbour: Signed,
) -> None:
    before = await harbour.sign()
    harbour.world.pass_days(1)
    since = harbour.scheme.now()
    suspect = await harbour.sign(standing=Standing.ON_TRACK)
    key = signers().embedded.verification_method
    revoked = await revoke_editions_of_key(harbour.scheme, verification_method=key, since=since)
    assert revoked == 1
    assert (await harbour.check(before)).accepted
    assert (await harbour.check(suspect)).outcome("not revoked") == "failed"
    again = await harbour.sign(standing=Standing.ON_TRACK)
    assert (await harbour.check(again)).accepted


async def test_a_signed_edition_cannot_be_rewritten_or_its_revocation_undone(
    harbour: Signed,
    owner_url: str,
) -> None:
    await harbour.sign()
    await withdraw(harbour)
    connection = await asyncpg.connect(owner_url)
    try:
        for statement in (
            "UPDATE edition SET credential = ''",
            "UPDATE edition SET valid_until = valid_until + interval '1 day'",
            "UPDATE edition SET revoked_at = NULL",
            "UPDATE edition SET revoked_at = now()",
            "UPDATE edition SET event = 1",
            "DELETE FROM edition",
        ):
            with pytest.raises(asyncpg.RestrictViolationError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_list_that_is_half_full_is_closed(harbour: Signed) -> None:
    await harbour.sign()
    await StatusList.update({StatusList.issued: MOST_ISSUED}, force=True)
    second = await harbour.sign(standing=Standing.ON_TRACK)
    assert second.status_list == 2
    assert 0 <= second.status_index < ENTRIES
    assert await sign_status_lists(harbour.scheme, issuer=ISSUER, signers=signers()) == 2


async def test_a_taken_place_is_not_given_twice(harbour: Signed) -> None:
    class Repeating:
        """Draws the same bytes twice before it moves on."""

        def __init__(self) -> None:
            self.draws = 0

        def bytes(self, count: int) -> bytes:
            self.draws += 1
            return (self.draws // 2).to_bytes(count, "big")

    harbour.scheme = replace(harbour.scheme, chance=Repeating())
    places = {
        (await harbour.sign(sentence=f"Sentence {number}.")).status_index for number in range(4)
    }
    assert len(places) == 4
