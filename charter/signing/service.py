"""Use cases of the signature: sign, sign again, leave, return (rules 3 and 4, rows 1 and 9-13)."""

from datetime import datetime, timedelta
from uuid import UUID

from charter.clock import local_day
from charter.constraints import refuse_when_taken
from charter.history.queries import events_of
from charter.ledger import Ledger, transaction
from charter.obligations.service import (
    carry_pauses_over,
    close_obligation,
    describe,
    meet_obligation,
    move_milestone,
    open_obligation,
    open_obligations,
)
from charter.obligations.tables import Obligation
from charter.organisations.queries import role_in
from charter.organisations.tables import Organisation
from charter.scheme import Scheme
from charter.signing import rules
from charter.signing.rules import SignatureGiven, SigningFacts
from charter.signing.tables import Signature
from charter.standing.assessment import Assessment, assess

LEFT = "left-the-charter"
"""Why an obligation is closed when its organisation leaves; it returns with it (row 12)."""

STALE = ("plan", "re-plan", "re-identification", "re-sign")
"""Obligations of an earlier spell that a new signature puts in place of: a new plan is due."""


async def sign_charter(scheme: Scheme, *, organisation: UUID, account: UUID) -> None:
    """Sign the charter in force, or sign anew after lapse, withdrawal or removal.

    The signature pins the version and the digest of its text (rule 3). Raises `NotTheSponsor`,
    `IdentityRefused`, `AlreadySigned`, `RemovedTooRecently`, `ReportsMissing` and
    `ContinuedByAnother`.
    """
    already = rules.AlreadySigned("The charter has been signed already. You need do nothing more.")
    with refuse_when_taken(signature_once=already):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            await _refuse_others(account, organisation)
            facts = await _facts(tx, body)
            spell = rules.decide_signing(facts, tx.today, scheme.pack)
            # Before the signature is recorded: an old plan still owed would end the new spell.
            for obligation in await open_obligations(organisation, *STALE):
                await close_obligation(tx, obligation, why="signed-anew")
            await _sign(tx, body, spell, again=False)
            if facts.since is not None:
                await _owe_again(tx, organisation, facts.since)
            await start_waiting_room(tx, organisation)


async def sign_again(scheme: Scheme, *, organisation: UUID, account: UUID) -> None:
    """Sign a new version of the charter, or renew the signature while suspended (rule 3, row 9).

    Raises `NotTheSponsor`, `NotASignatory`, `AlreadySigned` and `NothingToSignAgain`.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        await _refuse_others(account, organisation)
        facts = await _facts(tx, body)
        version = scheme.pack.charter_on(tx.today).version
        spell = rules.decide_signing_again(facts, version)
        await _sign(tx, body, spell, again=True)
        if rules.announced_version(tx.today, scheme.pack).version == version:
            for obligation in await open_obligations(organisation, "re-sign"):
                await meet_obligation(tx, obligation)


async def withdraw_from_charter(
    scheme: Scheme, *, organisation: UUID, account: UUID, reason: str
) -> None:
    """Leave the charter in public, with a reason; what was owed is kept for a return (row 11).

    Raises `NotTheSponsor`, `NotASignatory` and `ReasonNeeded`.
    """
    async with transaction(scheme) as tx:
        body = await tx.lock_organisation(organisation)
        await _refuse_others(account, organisation)
        rules.decide_withdrawal(await _facts(tx, body), reason)
        words = await tx.publish_words(
            "withdrawal", {"reason": reason.strip()}, organisation=organisation
        )
        tx.record("withdrew-from-charter", {}, organisation=organisation, by="sponsor", words=words)
        # The event stands before these, so the tombstone keeps how late things were that day.
        for obligation in await open_obligations(organisation):
            if obligation.owner == "organisation":
                await close_obligation(tx, obligation, why=LEFT)


async def open_re_sign_windows(scheme: Scheme) -> int:
    """Ask every signatory of an earlier version to sign the newest; return how many (rule 3).

    A version that comes is announced before it can be signed, with the last day of its window.
    Safe to run twice: whoever has been asked is not asked again.
    """
    newest = rules.announced_version(scheme.today(), scheme.pack)
    version = newest.version
    rows = await Signature.raw(
        "SELECT DISTINCT ON (organisation) organisation, charter_version FROM signature"
        " ORDER BY organisation, signed_at DESC, again DESC"
    )
    waiting = [row["organisation"] for row in rows if row["charter_version"] != version]
    asked = 0
    for organisation in sorted(waiting):
        async with transaction(scheme) as tx:
            body = await tx.lock_organisation(organisation)
            facts = await _facts(tx, body)
            stands = facts.standing in rules.STANDING_IN
            signed = facts.last is not None and facts.last.version == version
            if stands and not signed and not await open_obligations(organisation, "re-sign"):
                due_on = rules.re_sign_due(newest, tx.today, scheme.pack)
                await open_obligation(tx, "re-sign", organisation=organisation, due_on=due_on)
                asked += 1
    return asked


async def start_waiting_room(tx: Ledger, organisation: UUID) -> None:
    """Open the obligation to publish a plan once both proofs are in (rules 1 and 4, row 1).

    Called after either proof, inside its transaction; the later of the two opens it.
    """
    accepted = await Organisation.exists().where(
        (Organisation.id == organisation) & (Organisation.state == "accepted")
    )
    signed = await Signature.exists().where(Signature.organisation == organisation)
    if accepted and signed and not await open_obligations(organisation, "plan"):
        await open_obligation(tx, "plan", organisation=organisation)


async def assess_now(tx: Ledger, organisation: UUID) -> Assessment | None:
    """Return the standing at this instant, before anything this transaction has to say."""
    return assess(await events_of(organisation), tx.now, *await tx.scheme.packs())


async def _refuse_others(account: UUID, organisation: UUID) -> None:
    if "sponsor" not in await role_in(account, organisation):
        raise rules.NotTheSponsor("Only the senior sponsor can do this. Ask them to sign in.")


async def _facts(tx: Ledger, body: Organisation) -> SigningFacts:
    row = (
        await Signature.objects()
        .where(Signature.organisation == body.id)
        .order_by(Signature.signed_at, Signature.again, ascending=False)
        .first()
    )
    last = SignatureGiven(row.spell, row.charter_version, row.signed_at) if row else None
    answer = await assess_now(tx, body.id)
    reports = await open_obligations(body.id, *rules.REPORTS)
    return SigningFacts(
        identity=body.state,
        continued=body.continued_by is not None,
        last=last,
        standing=answer.standing if answer else None,
        since=answer.since if answer else None,
        open_reports=[describe(tx.scheme.pack, owed) for owed in reports],
    )


async def _sign(tx: Ledger, body: Organisation, spell: int, *, again: bool) -> None:
    charter = tx.scheme.pack.charter_on(tx.today)
    await Signature(
        id=tx.new_id(),
        organisation=body.id,
        spell=spell,
        again=again,
        charter_version=charter.version,
        charter_digest=charter.digest,
        sponsor_role=body.sponsor_role,
        signed_at=tx.now,
    ).save()
    tx.record(
        "charter-signed-again" if again else "charter-signed",
        {
            "version": charter.version,
            "digest": charter.digest,
            "spell": spell,
            "sponsor_role": body.sponsor_role,
        },
        organisation=body.id,
        by="sponsor",
    )


async def _owe_again(tx: Ledger, organisation: UUID, left_at: datetime) -> None:
    """Open again what was owed at the exit, as far from its date as it was then (row 12)."""
    away = timedelta(days=(tx.today - local_day(left_at, tx.scheme.pack.zone)).days)
    closed = [
        event.data["obligation"]
        for event in await events_of(organisation)
        if event.kind == "obligation-closed"
        and event.data["why"] == LEFT
        and event.recorded_at == left_at
    ]
    if not closed:
        return
    for owed in (
        await Obligation.objects().where(Obligation.id.is_in(closed)).order_by(Obligation.id)
    ):
        if owed.kind in STALE:
            continue
        opened = await open_obligation(
            tx,
            owed.kind,
            organisation=organisation,
            subject=owed.subject,
            due_on=owed.due_on + away,
            pledge=owed.pledge,
            milestone=owed.milestone,
            type_id=owed.type,
        )
        await carry_pauses_over(tx, owed, opened)
        await move_milestone(opened, owed.due_on)
