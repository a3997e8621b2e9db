"""A signed organisation with a pledge and auditors, so that a test can begin at a report."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import add_item, send_report
from charter.evidence.tables import Report
from charter.history.queries import events_of
from charter.ledger import Ledger, transaction
from charter.obligations.service import open_obligation
from charter.obligations.tables import Obligation
from charter.plans.tables import Answer, Milestone, Pledge
from charter.reviews.service import (
    accept_seat,
    draw_waiting_panels,
    publish_due_cases,
    register_auditor,
    seal_verdict,
)
from charter.reviews.tables import Case, Seat
from charter.signing.tables import Signature
from charter.standing.tables import CurrentStanding
from tests.world import World, harbour_lights

NOBODY = UUID(int=0)

TYPES = ("internalised", "interpersonal", "institutional", "structural", "systemic")


def a_report(worked: str = "fully") -> ReportDraft:
    """Return what Harbour Lights reports; where it did not work it says why."""
    honest = worked != "fully"
    return ReportDraft(
        worked=worked,
        summary="Twelve interview panels met; nine had two panel members from the town.",
        what_did_not_work="Three panels met as before." if honest else "",
        why="We asked too late." if honest else "",
        what_changes="We ask before the post is advertised." if honest else "",
    )


def a_note() -> NewItem:
    return NewItem(kind="note", label="Count of panels", body="12 panels, 9 of them mixed")


@dataclass
class Stage:
    """Harbour Lights Theatre, signed and on track, with one pledge that has one milestone."""

    world: World = field(default_factory=World)
    organisation: UUID = NOBODY
    obligation: int = 0
    auditors: list[UUID] = field(default_factory=list)
    roots: int = 0

    async def set(self, *, auditors: int = 4, due_in: int = 30) -> "Stage":
        organisation = await harbour_lights(self.world)
        self.organisation = organisation.id
        async with transaction(self.world.scheme) as tx:
            self._sign_in(tx)
            await Signature(
                id=tx.new_id(),
                organisation=self.organisation,
                spell=1,
                charter_version="1.0",
                charter_digest="sha256:00",
                sponsor_role="Artistic director",
                signed_at=tx.now,
            ).save()
            for priority, name in enumerate(TYPES, start=1):
                await self._answer(tx, name, priority)
            tx.record(
                "plan-published",
                {"plan": 1, "types": list(TYPES)},
                organisation=self.organisation,
                by="sponsor",
            )
            due_on = tx.today + timedelta(days=due_in)
            pledge = Pledge(
                id=tx.new_id(),
                organisation=self.organisation,
                number=1,
                type="institutional",
                state="live",
                version=1,
                created_at=tx.now,
            )
            await pledge.save()
            await Milestone(pledge=pledge.id, number=1, first_due_on=due_on, due_on=due_on).save()
            tx.record(
                "pledge-published",
                {
                    "pledge": 1,
                    "version": 1,
                    "type": "institutional",
                    "secondary_types": [],
                    "milestones": [{"number": 1, "due_on": due_on.isoformat()}],
                    "starts_on": tx.today.isoformat(),
                    "ends_on": (tx.today + timedelta(days=365)).isoformat(),
                    "one_off": False,
                    "funding_pence": None,
                },
                organisation=self.organisation,
                by="sponsor",
            )
            owed = await open_obligation(
                tx,
                "evidence",
                organisation=self.organisation,
                subject=pledge.id,
                due_on=due_on,
                pledge=1,
                milestone=1,
                type_id="institutional",
            )
            self.obligation = owed.id
        for number in range(auditors):
            await self.hire(number)
        return self

    def _sign_in(self, tx: Ledger) -> None:
        tx.record(
            "identity-accepted",
            {"how": "domain-mail", "band": "standard"},
            organisation=self.organisation,
            by="steward",
        )
        tx.record(
            "charter-signed",
            {"version": "1.0", "digest": "sha256:00", "spell": 1, "sponsor_role": "Director"},
            organisation=self.organisation,
            by="sponsor",
        )

    async def _answer(self, tx: Ledger, name: str, priority: int) -> None:
        applies = name != "systemic"
        await Answer(
            organisation=self.organisation,
            type=name,
            version=1,
            applies=applies,
            impacts=[],
            priority=priority,
            given_at=tx.now,
        ).save()
        tx.record(
            "type-answered",
            {
                "type": name,
                "version": 1,
                "applies": applies,
                "answer": "applies" if applies else "does-not-apply",
                "impacts": [],
                "priority": priority,
                "community_priority": None,
                "expires_on": None,
            },
            organisation=self.organisation,
            by="sponsor",
        )

    async def hire(self, number: int, domain: str = "") -> UUID:
        """Register an auditor whose account is known to be 0xC0FFEE and their number."""
        auditor = await register_auditor(
            self.world.scheme, account=account(number), employer_domain=domain
        )
        self.auditors.append(auditor)
        return auditor

    def next_root(self) -> bytes:
        """Return the root of the next checkpoint that would be signed."""
        self.roots += 1
        return hashlib.sha256(str(self.roots).encode()).digest()

    async def draw(self) -> None:
        """Seal every waiting list, then draw from it under a later root."""
        await draw_waiting_panels(self.world.scheme, seed=self.next_root())
        await draw_waiting_panels(self.world.scheme, seed=self.next_root())

    async def add_milestone(self, number: int, *, due_in: int = 30) -> None:
        """Add a milestone to the pledge, with its evidence due."""
        async with transaction(self.world.scheme) as tx:
            due_on = tx.today + timedelta(days=due_in)
            pledge = await Pledge.objects().first()
            assert pledge is not None
            await Milestone(
                pledge=pledge.id, number=number, first_due_on=due_on, due_on=due_on
            ).save()
            tx.record(
                "pledge-amended",
                {
                    "pledge": 1,
                    "version": number,
                    "type": "institutional",
                    "secondary_types": [],
                    "milestones": [{"number": number, "due_on": due_on.isoformat()}],
                    "starts_on": tx.today.isoformat(),
                    "ends_on": (tx.today + timedelta(days=365)).isoformat(),
                    "one_off": False,
                    "funding_pence": None,
                },
                organisation=self.organisation,
                by="sponsor",
            )
            await open_obligation(
                tx,
                "evidence",
                organisation=self.organisation,
                subject=pledge.id,
                due_on=due_on,
                pledge=1,
                milestone=number,
                type_id="institutional",
            )

    async def reports_in(self, case: Case) -> list[UUID]:
        """Return the reports of a case in the order in which they came."""
        rows = await Report.objects().where(Report.case == case.id).order_by(Report.milestone)
        return [row.id for row in rows]

    async def report(self, worked: str = "fully", *, milestone: int = 1) -> UUID:
        """Send a report with one note."""
        scheme = self.world.scheme
        await add_item(
            scheme, organisation=self.organisation, pledge=1, milestone=milestone, item=a_note()
        )
        return await send_report(
            scheme,
            organisation=self.organisation,
            pledge=1,
            milestone=milestone,
            report=a_report(worked),
            signed_by_role="Artistic director" if worked != "fully" else "",
        )

    async def the_case(self) -> Case:
        """Return the newest case."""
        case = await Case.objects().order_by(Case.number, ascending=False).first()
        assert case is not None
        return case

    async def seats(self) -> list[Seat]:
        """Return the seats of the newest case that are offered, accepted or decided."""
        case = await self.the_case()
        return [
            seat
            for seat in await Seat.objects().where(Seat.case == case.id).order_by(Seat.number)
            if seat.state in {"offered", "accepted", "decided"}
        ]

    async def accept_all(self) -> list[Seat]:
        """Have every offered seat of the newest case accepted."""
        for seat in await self.seats():
            if seat.state == "offered":
                await accept_seat(self.world.scheme, seat=seat.id)
        return await self.seats()

    async def judge(self, report: UUID, *verdicts: str) -> None:
        """Draw, accept and seal the verdicts, a casting one included where three are given."""
        await self.draw()
        for seat, verdict in zip(await self.accept_all(), verdicts[:2], strict=True):
            await self.seal(seat, report, verdict)
        if verdicts[2:]:
            await self.draw()
            seat = (await self.accept_all())[-1]
            await self.seal(seat, report, verdicts[2])

    async def seal(self, seat: Seat, report: UUID, verdict: str, *, notes: str = "") -> None:
        """Seal one verdict with reasons of its seat's own."""
        await seal_verdict(
            self.world.scheme,
            seat=seat.id,
            report=report,
            verdict=verdict,
            reasons=f"The note of seat {seat.number} bears the claim out, or not.",
            notes=notes,
        )

    async def publish_after_reply_days(self) -> int:
        """Let the days for a reply pass, then publish."""
        self.world.pass_days(15)
        return await publish_due_cases(self.world.scheme)

    async def be_suspended(self) -> None:
        """Let the evidence run 95 days late, each warning sent and served on its day."""
        owed = await Obligation.objects().where(Obligation.kind == "evidence").first()
        assert owed is not None
        for days, step in ((1, "late"), (28, "formal-notice"), (60, "last-call"), (95, None)):
            day = owed.due_on + timedelta(days=days)
            self.world.pass_days((day - self.world.scheme.today()).days)
            await self.warn(owed, step)
        assert (await self.standing()).standing == "suspended"

    async def warn(self, owed: Obligation, step: str | None) -> None:
        """Record that a step of the ladder was sent, or settle the standing where there is none.

        A warning is served once it has been shown for ten days (rule 31).
        """
        async with transaction(self.world.scheme) as tx:
            tx.settle(self.organisation)
            if step is None:
                return
            found = self.world.scheme.pack.ladder("long").find_step(step)
            tx.record(
                "notice-sent",
                {
                    "obligation": owed.id,
                    "what": "Send evidence for a milestone (pledge 1, milestone 1)",
                    "due_on": owed.due_on.isoformat(),
                    "step": found.offset,
                    "name": step,
                    "roles": [str(role) for role in found.addressees],
                },
                organisation=self.organisation,
                by="system",
            )

    async def kinds(self) -> list[str]:
        """Return the kinds of the organisation's events in order."""
        return [event.kind for event in await events_of(self.organisation)]

    async def standing(self) -> CurrentStanding:
        """Return the standing as kept."""
        row = (
            await CurrentStanding.objects()
            .where(CurrentStanding.organisation == self.organisation)
            .first()
        )
        assert row is not None
        return row


def account(number: int) -> UUID:
    """Return an auditor's account id: a canary that may appear in nothing public."""
    return UUID(int=0xC0FFEE00_C0FFEE00_C0FFEE00_C0FFEE00 + number)
