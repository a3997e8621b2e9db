"""The town in which an organisation lives: its world, its auditors, its neighbour and a group.

Time passes only here, and with it the rounds are walked that a worker walks.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from charter.errors import CharterError
from charter.evidence.reopening import expire_evidence
from charter.obligations.chase import chase, settle_due
from charter.obligations.levels import keep_levels
from charter.obligations.standstill import end_long_pauses
from charter.plans.codesign_rules import GroupRegistration
from charter.plans.service import (
    check_group,
    confirm_session,
    end_pledges,
    keep_quiet,
    lapse_requests,
    open_re_identifications,
    publish_plan,
    register_group,
)
from charter.plans.tables import Pledge
from charter.reviews.service import (
    count_silence_as_received,
    draw_waiting_panels,
    end_decision_pauses,
    look_for_unpaid_work,
    open_reflections,
    publish_due_cases,
    redraw_late_seats,
    register_auditor,
)
from charter.signing.service import open_re_sign_windows, sign_charter
from tests.charter.acting import (
    SPONSOR,
    YES,
    accept,
    answer_all,
    apply,
    draft_all,
    hold_session,
)
from tests.charter.obligations.owing import Hub
from tests.world import World

AUDITORS = 7
"""Enough for a panel of three, and for three others who hear an appeal."""

STEWARDS = (UUID(int=0xE1, version=4), UUID(int=0xE2, version=4))
HUB = "hub.example"
SPEAKER = UUID(int=0xD9, version=4)
NOBODY = UUID(int=0)
A_MINUTE = 1 / 1_440
"""Part of a day. No two acts share an instant, so that "as of then" tells them apart."""


@dataclass
class Town:
    """The world, the organisation in it, and what people hold in their hands.

    `bodies` are all organisations of the town: the one whose life this is came first. Where a
    neighbour continues it, life goes on as the neighbour.
    """

    world: World = field(default_factory=World)
    organisation: UUID = NOBODY
    bodies: list[UUID] = field(default_factory=list)
    group: UUID = NOBODY
    codes: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    roots: int = 0

    async def begin(self, beginning: str) -> None:
        """Bring the organisation as far as its life begins."""
        for number in range(AUDITORS):
            account = UUID(int=0xC0FFEE00 + number, version=4)
            await register_auditor(self.world.scheme, account=account, employer_domain="")
        self.organisation = await apply(self.world)
        self.bodies.append(self.organisation)
        await self._bring(self.organisation, beginning)

    async def _bring(self, body: UUID, beginning: str) -> None:
        scheme = self.world.scheme
        if beginning == "applied":
            return
        await accept(self.world, body)
        await sign_charter(scheme, organisation=body, account=SPONSOR)
        if beginning == "signed":
            return
        await answer_all(self.world, body)
        await draft_all(self.world, body)
        await publish_plan(scheme, organisation=body)
        if beginning == "agreed":
            held = await hold_session(self.world, body)
            self.codes += held.tokens
            await confirm_session(scheme, token=held.tokens[0], answer=YES)

    async def neighbour(self, beginning: str = "signed") -> UUID:
        """Return the other organisation of the town, brought into the register when first asked."""
        others = [body for body in self.bodies if body != self.organisation]
        if others:
            return others[-1]
        body = await apply(
            self.world, name="Tideway Arts", domain="tideway-arts.example", identifiers=()
        )
        self.bodies.append(body)
        await self._bring(body, beginning)
        self.world.pass_days(A_MINUTE)
        return body

    async def known_group(self) -> UUID:
        """Return the community group of the town, registered and checked when first asked."""
        if self.group == NOBODY:
            self.group = await register_group(
                self.world.scheme,
                group=GroupRegistration("Quayside Voices", "liverpool", people=4),
                account=SPEAKER,
            )
            await check_group(self.world.scheme, group=self.group, accept=True)
        return self.group

    async def act(self, play: "Act", pick: int, more: int) -> bool:
        """Try one act, a minute after the one before; return whether it was allowed."""
        self.world.pass_days(A_MINUTE)
        try:
            await play(self, pick, more)
        except CharterError:
            return False
        return True

    async def numbers(self, body: UUID | None = None) -> list[int]:
        """Return the numbers of a body's pledges; one that nobody has where there is none."""
        rows = (
            await Pledge.select(Pledge.number)
            .where(Pledge.organisation == (body or self.organisation))
            .order_by(Pledge.number)
        )
        return [row["number"] for row in rows] or [99]

    async def walk_rounds(self) -> None:
        """Walk the rounds that a worker walks, as they stand in the table of rounds."""
        scheme = self.world.scheme
        for walk in ROUNDS:
            await walk(scheme)
        self.roots += 1
        seed = hashlib.sha256(str(self.roots).encode()).digest()
        await draw_waiting_panels(scheme, seed=seed)
        await chase(scheme, Hub())


ROUNDS = (
    *(settle_due, keep_quiet, end_pledges, expire_evidence, open_re_identifications),
    *(open_reflections, open_re_sign_windows, keep_levels, lapse_requests, end_decision_pauses),
    *(end_long_pauses, count_silence_as_received, look_for_unpaid_work, publish_due_cases),
    redraw_late_seats,
)

Act = Callable[[Town, int, int], Awaitable[object]]
"""Something tried in a town. Two dials choose what it is about and how."""

Acts = dict[str, Act]


def named(*plays: Act) -> Acts:
    """Return acts by their names."""
    return {play.__name__.strip("_").replace("_", "-"): play for play in plays}


def picked(rows: Sequence[int], pick: int) -> int:
    """Return one of some numbers, or one that nobody has where there is none."""
    return rows[pick % len(rows)] if rows else 99
