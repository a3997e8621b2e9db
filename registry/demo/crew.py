"""The people of the play who belong to no organisation: stewards, auditors, the payment officer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from charter.organisations.queries import applications_waiting
from charter.organisations.service import decide_identity, record_voucher
from charter.organisations.tables import Organisation
from charter.reviews import service as reviews
from charter.reviews.queries import read_case
from charter.reviews.tables import PayEntry, Seat
from registry.accounts.roles import grant_role
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from registry.demo.cast import Cast, Character

READS_FOR = timedelta(days=5)
PAYS_AFTER = timedelta(days=6)

STEWARD = "steward@hub.example"
SECOND_STEWARD = "second-steward@hub.example"

VOUCHERS = ("Head teacher of the primary school", "Librarian of the branch library")

HUB = {
    STEWARD: ("steward",),
    SECOND_STEWARD: ("steward",),
    "payment@hub.example": ("payment",),
    "care@hub.example": ("auditor-care",),
    "head@hub.example": ("administrator",),
}
"""The addresses of the hub's people, and the roles they hold."""


@dataclass
class Crew:
    """Everybody who acts for the scheme, and how often each organisation was judged already."""

    registry: Registry
    scripts: Mapping[str, Character]
    judged: dict[str, int] = field(default_factory=dict)

    async def take_office(self, cast: Cast) -> None:
        """Open the accounts of the hub's people and of the auditors."""
        desk = self.registry.desk
        for address, roles in HUB.items():
            account = await account_for(desk, email=address)
            for role in roles:
                await grant_role(desk, account=account, role=role)
        for number in range(1, cast.auditors + 1):
            account = await account_for(desk, email=f"auditor-{number}@panel.example")
            await grant_role(desk, account=account, role="auditor")
            await reviews.register_auditor(
                self.registry.scheme, account=account, employer_domain=f"employer-{number}.example"
            )

    async def act(self) -> None:
        """Do a day's work."""
        await self._decide_applications()
        await self._take_seats()
        await self._judge()
        await self._pay()

    async def _decide_applications(self) -> None:
        scheme = self.registry.scheme
        for application in await applications_waiting():
            script = self.scripts[application.organisation.name]
            waited = scheme.now() - application.organisation.applied_at
            if waited < timedelta(days=script.decided_after):
                continue
            steward = await account_for(self.registry.desk, email=STEWARD)
            if script.proof == "vouched":
                await self._hear_vouchers(application.organisation.id, steward)
            await decide_identity(
                scheme,
                organisation=application.organisation.id,
                accept=not script.refused,
                how=script.proof,
                reason="Nobody at the registered office knew of the application."
                if script.refused
                else "",
                steward=steward,
                steward_employer_domain="hub.example",
            )

    async def _hear_vouchers(self, organisation: UUID, steward: UUID) -> None:
        for who in VOUCHERS:
            await record_voucher(
                self.registry.scheme,
                organisation=organisation,
                who=who,
                reached="telephone",
                tied=False,
                steward=steward,
                steward_employer_domain="hub.example",
            )

    async def _take_seats(self) -> None:
        for seat in await Seat.objects().where(Seat.state == "offered").order_by(Seat.id):
            await reviews.accept_seat(self.registry.scheme, seat=seat.id)

    async def _judge(self) -> None:
        now = self.registry.scheme.now()
        ready = (
            await Seat.objects()
            .where((Seat.state == "accepted") & (Seat.answered_at <= now - READS_FOR))
            .order_by(Seat.case, Seat.number)
        )
        for seat in ready:
            await self._seal(seat.id, seat.number)

    async def _seal(self, seat: UUID, number: int) -> None:
        scheme = self.registry.scheme
        case = await read_case(scheme, seat=seat)
        name = await self._name_of(case.organisation) if case.organisation else ""
        for place, question in enumerate(case.questions):
            verdict = self._verdict(name, case.case, place, question.choices)
            await reviews.seal_verdict(
                scheme,
                seat=seat,
                report=question.report.id if question.report else None,
                question=None if question.report else question.question,
                verdict=verdict,
                reasons=REASONS[verdict][(number + place) % len(REASONS[verdict])],
                notes="Nothing further.",
            )

    def _verdict(self, name: str, case: int, place: int, choices: tuple[str, ...]) -> str:
        if "accepted" not in choices:
            return next(choice for choice in ("yes", "partly-kept") if choice in choices)
        found = self.scripts[name].found
        first = self.judged.setdefault(
            f"{name}:{case}", sum(key.startswith(f"{name}:") for key in self.judged)
        )
        verdict = found[(first + place) % len(found)]
        return verdict if verdict in choices else "accepted"

    async def _name_of(self, organisation: UUID) -> str:
        row = await Organisation.select(Organisation.name).where(Organisation.id == organisation)
        name: str = row[0]["name"]
        return name

    async def _pay(self) -> None:
        scheme = self.registry.scheme
        today = scheme.today()
        waiting = await PayEntry.objects().where(
            (PayEntry.payer == "hub") & PayEntry.paid_at.is_null() & (PayEntry.kind != "declined")
        )
        for entry in waiting:
            if entry.due_on - timedelta(days=scheme.pack.numbers.pay.auditor_days) <= (
                today - PAYS_AFTER
            ):
                await reviews.record_payment(scheme, entry=entry.id, kind="fee")
                await reviews.confirm_payment(scheme, entry=entry.id)


REASONS = {
    "accepted": (
        "What was sent bears out what the report says, the good and the bad.",
        "The minutes and the figures agree. The report says plainly what is still missing.",
        "Two people who were there confirm it, and the dates fit.",
    ),
    "more-needed": (
        "The figures are there; what the group itself said about them is not.",
        "The totals leave out the night shift, which the pledge names.",
    ),
    "not-accepted": (
        "The report says the sessions took place; what was sent shows plans for them.",
        "The dates of what was sent lie before the work began.",
    ),
    "yes": ("The reason given fits what the organisation does.",),
    "no": ("The reason given does not fit what the organisation does.",),
    "kept": ("People who took part say the difference can be felt.",),
    "partly-kept": (
        "Some of it can be felt; some was announced and did not come.",
        "The first half of the year was as promised. Then the money ran out and nobody was told.",
        "New staff notice the change. People who have been here long say little is different.",
        "It was done where the group meets, and not yet at the other sites.",
    ),
}
"""What auditors say about each verdict; two of them seldom use the same words."""
