"""What the people of the play do on a day: each reads what is asked of them and acts on it.

Organisations follow their habits in `cast.toml`; contributors, auditors, stewards and the
payment officer do their work. Every act is a use case that a page calls too.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from charter.evidence.rules import NewItem, ReportDraft
from charter.evidence.service import add_item, send_report
from charter.obligations.service import open_obligations
from charter.obligations.tables import Obligation, Pause
from charter.organisations.proofs import domains_to_look_at
from charter.organisations.rules import Application
from charter.organisations.service import (
    apply_to_sign,
    ask_for_code,
    ask_for_record,
    record_look,
    rename_organisation,
    type_code,
)
from charter.plans import service as plans
from charter.plans.codesign_rules import ContributorAnswer, SessionHeld
from charter.plans.queries import find_draft
from charter.plans.rules import TypeAnswer
from charter.reviews.service import (
    ask_for_more_time,
    record_payment,
    send_reflection,
)
from charter.reviews.tables import PayEntry
from charter.signing.service import sign_again, sign_charter, withdraw_from_charter
from charter.standing.tables import CurrentStanding
from charter.standing.words import GONE
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from registry.demo.cast import Act, Character
from registry.demo.writing import draft_pledge, reflect

CONFIRMS_AFTER = timedelta(days=3)
PAY_PER_SESSION = 15_000
OUT = ("suspended", "not-reporting")


@dataclass
class Player:
    """One organisation of the play: its script, and what it remembers from day to day."""

    registry: Registry
    script: Character
    applies_on: date
    organisation: UUID | None = None
    signed_on: date | None = None
    planned: bool = False
    reports: int = 0
    codes: list[tuple[date, str]] = field(default_factory=list)
    used_codes: list[str] = field(default_factory=list)

    async def act(self, today: date) -> None:
        """Do what this organisation and its contributors do on `today`."""
        if self.organisation is None:
            if today >= self.applies_on:
                await self._apply()
            return
        if self.signed_on is None:
            if today > self.applies_on:
                await self._sign(today)
            return
        await self._confirm(today)
        standing = await self._standing()
        if standing is None:
            return
        day = (today - self.signed_on).days
        for act in self.script.act:
            if act.day == day:
                await self._do(act, today)
                standing = await self._standing() or standing
        if standing in GONE:
            return
        if standing == "plan-due" and not self.planned and day >= self.script.plan_after:
            await self._plan(today)
        await self._answer_what_is_due(today, day, standing)

    def is_silent(self, day: int) -> bool:
        """Say whether the organisation reports nothing on this day after its signature."""
        script = self.script
        if script.silent_from is None or day < script.silent_from:
            return False
        return script.speaks_on is None or day < script.speaks_on

    async def _apply(self) -> None:
        script = self.script
        desk = self.registry.desk
        self.organisation = await apply_to_sign(
            self.registry.scheme,
            application=Application(
                name=script.name,
                town=script.town,
                website=f"https://{script.domain}" if script.domain else None,
                domain=script.domain,
                sector=script.sector,
                boroughs=tuple(script.boroughs),
                band=script.band,
                identifiers=((script.scheme, script.identifier),),
                sponsor_role=script.sponsor_role,
                proof=script.proof,
            ),
            lead=await account_for(desk, email=script.address("lead")),
            sponsor=await account_for(desk, email=script.address("sponsor")),
        )

        await self._show_domain()

    async def _show_domain(self) -> None:
        """Show that the domain is theirs, where that is how they prove who they are."""
        scheme = self.registry.scheme
        if self.script.proof == "domain-mail":
            mailed = await ask_for_code(scheme, organisation=self._id, mailbox="postmaster")
            await type_code(scheme, organisation=self._id, code=mailed.code)
        if self.script.proof == "dns-txt":
            await ask_for_record(scheme, organisation=self._id)
            for question in await domains_to_look_at(scheme, most=1):
                await record_look(scheme, proof=question.proof, look="found")

    async def _sign(self, today: date) -> None:
        await sign_charter(
            self.registry.scheme, organisation=self._id, account=await self._sponsor()
        )
        self.signed_on = today

    async def _plan(self, today: date) -> None:
        scheme = self.registry.scheme
        pack = scheme.pack
        self.planned = True
        pledges = []
        await self._answer_types("Staff, volunteers and a community group met twice.")
        for place, type_id in enumerate(pack.type_ids, start=1):
            if type_id not in self.script.does_not_apply:
                draft = draft_pledge(self.script, scheme.pack, type_id, today, place=place)
                pledges.append(
                    await plans.save_pledge(scheme, organisation=self._id, number=None, draft=draft)
                )
        session = await plans.record_session(
            scheme,
            organisation=self._id,
            session=SessionHeld(
                held_on=today - timedelta(days=9),
                hours=Decimal(6),
                pay_pence=PAY_PER_SESSION,
                pledges=tuple(pledges),
            ),
            contributors=2,
        )
        self.codes = [(today + CONFIRMS_AFTER, token) for token in session.tokens]
        await plans.publish_plan(scheme, organisation=self._id)

    async def _confirm(self, today: date) -> None:
        if not self.script.confirmed:
            return
        for day, token in [code for code in self.codes if code[0] <= today]:
            self.codes.remove((day, token))
            self.used_codes.append(token)
            await plans.confirm_session(
                self.registry.scheme,
                token=token,
                answer=ContributorAnswer(happened=True, paid="paid", agrees=True, employed=False),
            )

    async def _answer_what_is_due(self, today: date, day: int, standing: str) -> None:
        if self.is_silent(day):
            return
        await self._pay(today)
        sent = False
        for owed in await open_obligations(self._id):
            answered = await self._answer(owed, today, standing)
            sent = sent or answered
        if standing in OUT and not sent and not await self._late(today):
            await sign_again(
                self.registry.scheme, organisation=self._id, account=await self._sponsor()
            )

    async def _answer(self, owed: Obligation, today: date, standing: str) -> bool:
        scheme = self.registry.scheme
        if await self._is_under_review(owed):
            return True
        due = owed.due_on <= today if standing in OUT else False
        match owed.kind:
            case "evidence" | "more-needed-reply" | "new-evidence":
                if not due and today < owed.due_on + timedelta(days=self.script.lag):
                    return False
                return await self._report(owed)
            case "reflection":
                if not self.script.reflects or today < owed.due_on - timedelta(days=10):
                    return False
                await send_reflection(
                    scheme, organisation=self._id, reflection=reflect(self.script, scheme.pack)
                )
                return True
            case "re-identification":
                if today >= owed.due_on - timedelta(days=20):
                    await self._answer_types("The same community group, a year on.")
            case "re-plan":
                if today >= owed.due_on - timedelta(days=30):
                    await self._promise_anew(owed.type, today)
            case _:
                pass
        return False

    async def _pay(self, today: date) -> None:
        """Pay those who took part and have not said yet that they were paid."""
        owed = await open_obligations(self._id, "co-design-pay")
        due = [row.id for row in owed if today >= row.due_on - timedelta(days=10)]
        for entry in (
            await PayEntry.objects().where(
                PayEntry.obligation.is_in(due) & PayEntry.paid_at.is_null()
            )
            if due
            else []
        ):
            await record_payment(self.registry.scheme, entry=entry.id, kind="voucher")

    async def _report(self, owed: Obligation) -> bool:
        pledge: int | None = owed.pledge
        milestone: int | None = owed.milestone
        if pledge is None or milestone is None:
            return False
        scheme = self.registry.scheme
        worked = self.script.worked[self.reports % len(self.script.worked)]
        self.reports += 1
        await add_item(
            scheme,
            organisation=self._id,
            pledge=pledge,
            milestone=milestone,
            item=NewItem(
                kind="note",
                label="Minutes of the steering group, in summary",
                body="Who met, what was counted, and what the people it is for said about it.",
            ),
        )
        fell_short = worked != "fully"
        await send_report(
            scheme,
            organisation=self._id,
            pledge=pledge,
            milestone=milestone,
            report=ReportDraft(
                worked=worked,
                summary="We did what this milestone promised and counted it as we said we would."
                if not fell_short
                else "We did part of what this milestone promised.",
                what_did_not_work="Fewer people came than we had planned for."
                if fell_short
                else "",
                why="We chose the times ourselves and did not ask." if fell_short else "",
                what_changes="The community group now sets the times and is paid to lead."
                if fell_short
                else "",
            ),
            signed_by_role=self.script.sponsor_role if fell_short else "",
        )
        return True

    async def _is_under_review(self, owed: Obligation) -> bool:
        paused = Pause.exists().where((Pause.obligation == owed.id) & Pause.until.is_null())
        return bool(await paused)

    async def _late(self, today: date) -> bool:
        return any(owed.due_on < today for owed in await open_obligations(self._id))

    async def _answer_types(self, took_part: str) -> None:
        types = self.registry.scheme.pack.catalogue.types
        for place, racism_type in enumerate(types, start=1):
            applies = racism_type.id not in self.script.does_not_apply
            await plans.answer_type(
                self.registry.scheme,
                organisation=self._id,
                answer=TypeAnswer(
                    type=racism_type.id,
                    applies=applies,
                    impacts=tuple(impact.id for impact in racism_type.impacts[:2]),
                    reason="People who work with us and people we serve told us so."
                    if applies
                    else "We run one kitchen with volunteers and decide nothing for others.",
                    priority=place,
                    community_priority=len(types) + 1 - place,
                    took_part=took_part,
                ),
            )

    async def _promise_anew(self, type_id: str, today: date) -> None:
        scheme = self.registry.scheme
        draft = draft_pledge(self.script, scheme.pack, type_id, today, choice=1)
        number = await plans.save_pledge(scheme, organisation=self._id, number=None, draft=draft)
        session = await plans.record_session(
            scheme,
            organisation=self._id,
            session=SessionHeld(
                held_on=today - timedelta(days=2),
                hours=Decimal(2),
                pay_pence=PAY_PER_SESSION // 3,
                pledges=(number,),
            ),
            contributors=1,
        )
        self.codes += [(today + CONFIRMS_AFTER, token) for token in session.tokens]
        await plans.publish_pledge(scheme, organisation=self._id, number=number)

    async def _do(self, act: Act, today: date) -> None:
        scheme = self.registry.scheme
        match act.do:
            case "withdraw":
                await withdraw_from_charter(
                    scheme,
                    organisation=self._id,
                    account=await self._sponsor(),
                    reason=act.reason,
                )
            case "withdraw-pledge":
                await plans.withdraw_pledge(
                    scheme, organisation=self._id, number=act.pledge, reason=act.reason
                )
            case "amend-pledge":
                await self._amend(act)
            case "ask-for-time":
                await self._ask_for_time(act, today)
            case "return":
                await sign_charter(scheme, organisation=self._id, account=await self._sponsor())
            case "rename":
                await rename_organisation(scheme, organisation=self._id, name=act.name)
            case "withdraw-agreement":
                await plans.withdraw_agreement(scheme, token=self.used_codes[0])

    async def _amend(self, act: Act) -> None:
        draft = await find_draft(self._id, act.pledge)
        measure = "Callbacks made within a week, counted by the community group."
        await plans.amend_pledge(
            self.registry.scheme,
            organisation=self._id,
            number=act.pledge,
            draft=replace(draft, measure=measure),
            reason=act.reason,
        )

    async def _ask_for_time(self, act: Act, today: date) -> None:
        coming = [
            owed
            for owed in await open_obligations(self._id, "evidence")
            if timedelta() <= owed.due_on - today <= timedelta(days=60)
        ]
        if coming:
            await ask_for_more_time(
                self.registry.scheme,
                organisation=self._id,
                obligation=coming[0].id,
                days=act.days,
                reason=act.reason,
            )

    @property
    def _id(self) -> UUID:
        if self.organisation is None:
            raise RuntimeError(f"{self.script.name} has not applied yet")
        return self.organisation

    async def _sponsor(self) -> UUID:
        return await account_for(self.registry.desk, email=self.script.address("sponsor"))

    async def _standing(self) -> str | None:
        row = (
            await CurrentStanding.select(CurrentStanding.standing)
            .where(CurrentStanding.organisation == self._id)
            .first()
        )
        return row["standing"] if row else None
