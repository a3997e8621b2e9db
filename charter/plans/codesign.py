"""Use cases of co-design: sessions, and the word of the people who were in them (rule 11)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from piccolo.custom_types import Combinable

from charter.chance import draw_crockford
from charter.constraints import refuse_when_taken
from charter.errors import InvalidInput, NotFound
from charter.history.events import Fact
from charter.ledger import Ledger, transaction
from charter.obligations.service import meet_obligation, open_obligation
from charter.obligations.tables import Obligation
from charter.plans import codesign_rules
from charter.plans.codesign_rules import ContributorAnswer, Known, RecordedSession, SessionHeld
from charter.plans.reading import newest_answers
from charter.plans.tables import (
    Answer,
    CommunityGroup,
    Confirmation,
    ContributorLink,
    Pledge,
    Session,
)
from charter.reviews.tables import PayEntry
from charter.scheme import Scheme


async def record_session(
    scheme: Scheme, *, organisation: UUID, session: SessionHeld, contributors: int
) -> RecordedSession:
    """Write down a session and make a one-use code for each contributor.

    The codes are given back once; only their hashes are kept. Pay that is due opens its own
    obligation (rule 24). Raises `InvalidInput`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        pledges = await _pledges_by_number(organisation)
        answers = await newest_answers(organisation)
        known = Known(frozenset(pledges), frozenset(answers))
        errors = codesign_rules.check_session(session, known, contributors, tx.today)
        if errors:
            raise InvalidInput("Some answers need another look.", errors=errors)
        if session.group is not None:
            await _refuse_unknown_group(session.group)
        row = Session(
            id=tx.new_id(),
            organisation=organisation,
            number=await Session.count().where(Session.organisation == organisation) + 1,
            held_on=session.held_on,
            hours=session.hours,
            pay_pence=session.pay_pence,
            pledges=[pledges[number] for number in session.pledges],
            answers=[answers[name] for name in session.types],
            group=session.group,
            recorded_at=tx.now,
        )
        await row.save()
        tx.record(
            "codesign-recorded",
            {
                "session": row.number,
                "pledges": list(session.pledges),
                "types": list(session.types),
                "held_on": session.held_on.isoformat(),
                "hours": f"{session.hours.normalize():f}",
                "pay_pence": session.pay_pence,
            },
            organisation=organisation,
            by="lead",
        )
        if session.pay_pence:
            await owe_session_pay(tx, row, row.pay_pence)
        tokens = [await _make_link(tx, row) for _ in range(contributors)]
        return RecordedSession(row.number, tuple(tokens))


async def renew_codes(scheme: Scheme, *, organisation: UUID, session: int) -> tuple[str, ...]:
    """Make new codes in place of those of a session that nobody has used yet; the old ones die.

    For codes that were lost before they were handed out. Raises `NotFound`.
    """
    async with transaction(scheme) as tx:
        await tx.lock_organisation(organisation)
        row = await session_of(organisation, session)
        unused = (
            await ContributorLink.update({ContributorLink.used_at: ContributorLink.used_at})
            .where((ContributorLink.session == row.id) & ContributorLink.used_at.is_null())
            .returning(ContributorLink.id)
        )
        gone = [link["id"] for link in unused]
        if gone:
            await ContributorLink.delete().where(ContributorLink.id.is_in(gone))
        return tuple([await _make_link(tx, row) for _ in gone])


async def confirm_session(scheme: Scheme, *, token: str, answer: ContributorAnswer) -> None:
    """Take a contributor's word about a session; the code works once.

    Raises `LinkNotUsable` and `InvalidInput`.
    """
    _refuse_bad_answer(answer, scheme)
    async with transaction(scheme) as tx:
        # Taking the link is one statement: of two that race, one finds it taken.
        taken = (
            await ContributorLink.update({ContributorLink.used_at: tx.now})
            .where(
                (ContributorLink.token_hash == codesign_rules.hash_token(token))
                & ContributorLink.used_at.is_null()
                & (ContributorLink.expires_at > tx.now)
            )
            .returning(ContributorLink.id, ContributorLink.session)
        )
        if not taken:
            raise _link_not_usable()
        session = await _find_session(taken[0]["session"])
        await tx.lock_organisation(session.organisation)
        await _write_answer(tx, session, answer, link=taken[0]["id"])


async def confirm_session_as_group(
    scheme: Scheme, *, group: UUID, session: UUID, answer: ContributorAnswer
) -> None:
    """Take a community group's word about a session held with it, once.

    Raises `NotThisGroup`, `AlreadyConfirmed`, `GroupNotChecked` and `InvalidInput`.
    """
    _refuse_bad_answer(answer, scheme)
    already = codesign_rules.AlreadyConfirmed("Your group has answered about this session already.")
    with refuse_when_taken(confirmation_of_group_once=already):
        async with transaction(scheme) as tx:
            row = await _find_session(session)
            await tx.lock_organisation(row.organisation)
            if row.group != group:
                raise codesign_rules.NotThisGroup("This session was not held with your group.")
            body = await CommunityGroup.objects().where(CommunityGroup.id == group).first()
            if body is None or body.state != "checked":
                raise codesign_rules.GroupNotChecked(
                    "Your group is not checked yet. Answer once the hub has done so."
                )
            await _write_answer(tx, row, answer, group=group)


async def withdraw_agreement(scheme: Scheme, *, token: str) -> None:
    """Take back an agreement given with a code; the event is public, the person is not.

    Raises `LinkNotUsable` and `NoAgreement`.
    """
    link = (
        await ContributorLink.objects()
        .where(ContributorLink.token_hash == codesign_rules.hash_token(token))
        .first()
    )
    if link is None:
        raise _link_not_usable()
    async with transaction(scheme) as tx:
        await _withdraw(tx, await _find_session(link.session), Confirmation.link == link.id)


async def withdraw_agreement_as_group(scheme: Scheme, *, group: UUID, session: UUID) -> None:
    """Take back a group's agreement. Raises `NoAgreement`."""
    async with transaction(scheme) as tx:
        await _withdraw(tx, await _find_session(session), Confirmation.group == group)


async def _withdraw(tx: Ledger, session: Session, whose: Combinable) -> None:
    await tx.lock_organisation(session.organisation)
    withdrawn = (
        await Confirmation.update({Confirmation.withdrawn_at: tx.now})
        .where(
            (Confirmation.session == session.id)
            & whose
            & Confirmation.agrees.eq(True)  # noqa: FBT003 - the value compared
            & Confirmation.withdrawn_at.is_null()
        )
        .returning(Confirmation.id)
    )
    if not withdrawn:
        raise codesign_rules.NoAgreement("There is no agreement to take back.")
    tx.record(
        "agreement-withdrawn",
        {
            "session": session.number,
            "pledges": await _numbers_of(session.pledges),
            "types": await _types_of(session.answers),
            "still_agreed": await _somebody_agrees(session),
        },
        organisation=session.organisation,
        by="contributor",
    )


async def _somebody_agrees(session: Session) -> bool:
    """Whether somebody else who is independent still agrees; their pay is a fact of its own."""
    return await Confirmation.exists().where(
        (Confirmation.session == session.id)
        & Confirmation.withdrawn_at.is_null()
        & Confirmation.happened.eq(True)  # noqa: FBT003 - the value compared
        & Confirmation.agrees.eq(True)  # noqa: FBT003 - the value compared
        & Confirmation.employed.eq(False)  # noqa: FBT003 - the value compared
    )


async def _write_answer(
    tx: Ledger,
    session: Session,
    answer: ContributorAnswer,
    *,
    link: UUID | None = None,
    group: UUID | None = None,
) -> None:
    await Confirmation(
        id=tx.new_id(),
        session=session.id,
        happened=answer.happened,
        paid=answer.paid,
        agrees=answer.agrees,
        employed=answer.employed,
        order=answer.order,
        link=link,
        group=group,
        answered_at=tx.now,
    ).save()
    shaped: dict[str, Fact] = {
        "session": session.number,
        "pledges": await _numbers_of(session.pledges),
        "types": await _types_of(session.answers),
    }
    if codesign_rules.says_yes(answer):
        kind = "codesign-confirmed"
        shaped |= {"paid": answer.paid, "independent": not answer.employed}
    else:
        kind = "codesign-disputed"
    tx.record(
        kind,
        shaped,
        organisation=session.organisation,
        by="contributor" if group is None else "community-group",
    )
    await _follow_pay(tx, session)


async def _follow_pay(tx: Ledger, session: Session) -> None:
    """End the pay obligation once everyone asked has answered and nobody was left unpaid."""
    answers = await Confirmation.select(Confirmation.paid).where(Confirmation.session == session.id)
    unused = await ContributorLink.exists().where(
        (ContributorLink.session == session.id) & ContributorLink.used_at.is_null()
    )
    if unused or any(row["paid"] == "unpaid" for row in answers):
        return
    await PayEntry.update({PayEntry.confirmed_at: tx.now}).where(
        (PayEntry.session == session.id) & PayEntry.confirmed_at.is_null()
    )
    # By its subject alone: a successor may owe it by now.
    owed = await Obligation.objects().where(
        (Obligation.subject == session.id) & (Obligation.state == "open")
    )
    for obligation in owed:
        await meet_obligation(tx, obligation)


async def owe_session_pay(tx: Ledger, session: Session, pence: int) -> None:
    """Enter an amount that the organisation owes the people of a session, with its own clock."""
    owed = await open_obligation(
        tx, "co-design-pay", organisation=session.organisation, subject=session.id
    )
    await PayEntry(
        id=tx.new_id(),
        organisation=session.organisation,
        payer="organisation",
        session=session.id,
        kind="fee",
        hours=session.hours,
        rate_pence=int(pence / session.hours),
        amount_pence=pence,
        earned_on=session.held_on,
        due_on=owed.due_on,
        obligation=owed.id,
    ).save()


async def _make_link(tx: Ledger, session: Session) -> str:
    token = draw_crockford(tx.scheme.chance, codesign_rules.TOKEN_LENGTH)
    days = tx.scheme.pack.numbers.community.contribution_link_days
    await ContributorLink(
        id=tx.new_id(),
        session=session.id,
        token_hash=codesign_rules.hash_token(token),
        made_at=tx.now,
        expires_at=tx.now + timedelta(days=days),
    ).save()
    return token


async def _pledges_by_number(organisation: UUID) -> dict[int, UUID]:
    rows = await Pledge.select(Pledge.id, Pledge.number).where(
        (Pledge.organisation == organisation) & Pledge.state.is_in(["draft", "live"])
    )
    return {row["number"]: row["id"] for row in rows}


async def _numbers_of(pledges: Iterable[UUID]) -> list[int]:
    rows = await Pledge.raw("SELECT number FROM pledge WHERE id = ANY({}::uuid[])", list(pledges))
    return sorted(row["number"] for row in rows)


async def _types_of(answers: Iterable[int]) -> list[str]:
    rows = await Answer.raw("SELECT type FROM answer WHERE id = ANY({}::bigint[])", list(answers))
    return sorted(row["type"] for row in rows)


async def session_of(organisation: UUID, number: int) -> Session:
    """Return an organisation's session by its public number. Raises `NotFound`."""
    row = (
        await Session.objects()
        .where((Session.organisation == organisation) & (Session.number == number))
        .first()
    )
    if row is None:
        raise NotFound("There is no such session.")
    return row


async def _find_session(session: UUID) -> Session:
    row = await Session.objects().where(Session.id == session).first()
    if row is None:
        raise NotFound("There is no such session.")
    return row


async def _refuse_unknown_group(group: UUID) -> None:
    if not await CommunityGroup.exists().where(CommunityGroup.id == group):
        raise NotFound("There is no such group.")


def _refuse_bad_answer(answer: ContributorAnswer, scheme: Scheme) -> None:
    errors = codesign_rules.check_contribution(answer, scheme.pack.type_ids)
    if errors:
        raise InvalidInput("Some answers need another look.", errors=errors)


def _link_not_usable() -> codesign_rules.LinkNotUsable:
    return codesign_rules.LinkNotUsable(
        "This link or code cannot be used. Check it, or ask the organisation for a new one."
    )
