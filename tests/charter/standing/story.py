"""Tells an organisation's history in a few words, as the events the pure rules read."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.history.events import RecordedEvent
from charter.history.kinds import check_facts
from charter.standing.assessment import Assessment, assess
from charter.standing.words import Standing
from tests.world import START, the_pack

ORGANISATION = UUID(int=1, version=4)


@dataclass
class Story:
    """Events in order, with a clock that only goes forward."""

    at: datetime = START
    events: list[RecordedEvent] = field(default_factory=list)

    def wait(self, days: float) -> "Story":
        """Let time pass."""
        self.at += timedelta(days=days)
        return self

    def until(self, day: date, hour: int = 12) -> "Story":
        """Go on to a day."""
        self.at = datetime(day.year, day.month, day.day, hour, tzinfo=START.tzinfo)
        return self

    def tell(self, event: str, /, **facts: Any) -> "Story":
        """Record an event; `from_` stands for the fact named `from`."""
        check_facts(event, facts)
        self.events.append(
            RecordedEvent(
                len(self.events) + 1, event, ORGANISATION, self.at, self.at, "system", facts
            )
        )
        return self

    def signed(self, spell: int = 1, *, band: str = "standard") -> "Story":
        """Prove identity and sign."""
        if spell == 1:
            self.tell("identity-accepted", how="domain-mail", band=band)
        return self.tell(
            "charter-signed",
            version="1.0",
            digest="sha256:0",
            spell=spell,
            sponsor_role="Chief executive",
        )

    def signed_again(self) -> "Story":
        """Sign again, as for coming back after a suspension."""
        return self.tell(
            "charter-signed-again",
            version="1.0",
            digest="sha256:0",
            spell=1,
            sponsor_role="Chief executive",
        )

    def planned(self) -> "Story":
        """Sign and publish a plan."""
        return self.signed().tell("plan-published", plan=1, types=list(the_pack().type_ids))

    def owes(
        self, kind: str = "evidence", *, number: int = 7, due_in: int = 30, **facts: Any
    ) -> "Story":
        """Open an obligation due in some days."""
        about = {"pledge": None, "milestone": None, "type": None, **facts}
        return self.tell(
            "obligation-opened",
            obligation=number,
            what=f"{kind.capitalize()} {number}",
            kind=kind,
            owner="organisation",
            due_on=self._day(due_in),
            **about,
        )

    def warned(self, *steps: str, number: int = 7) -> "Story":
        """Send the notices of some steps, each accepted by the addressee's mail system at once."""
        due_on = next(
            event.data["due_on"]
            for event in reversed(self.events)
            if event.kind in {"obligation-opened", "due-date-moved"}
            and event.data["obligation"] == number
        )
        for step in steps:
            named = {"obligation": number, "what": "It", "due_on": due_on, "step": 0, "name": step}
            self.tell("notice-sent", **named, roles=["lead"])
            self.tell("notice-accepted", **named)
        return self

    def about(self, event: str, /, *, number: int = 7, **facts: Any) -> "Story":
        """Tell something of one obligation."""
        return self.tell(event, obligation=number, what="It", **facts)

    def answered(
        self, type_id: str, *, applies: bool = True, version: int = 1, expires_in: int | None = None
    ) -> "Story":
        """Answer for one type of racism; the answer may run out in some days."""
        return self.tell(
            "type-answered",
            type=type_id,
            version=version,
            applies=applies,
            answer="applies" if applies else "does-not-apply",
            impacts=[],
            priority=1,
            community_priority=None,
            expires_on=None if expires_in is None else self._day(expires_in),
        )

    def pledged(
        self,
        number: int,
        type_id: str,
        *,
        milestones: int = 1,
        ends_in: int = 365,
        kind: str = "pledge-published",
    ) -> "Story":
        """Publish or amend a pledge that ends in some days, its milestones evenly before that."""
        each = ends_in // (milestones + 1)
        return self.tell(
            kind,
            pledge=number,
            version=1,
            type=type_id,
            secondary_types=[],
            milestones=[
                {"number": position, "due_on": self._day(each * position)}
                for position in range(1, milestones + 1)
            ],
            starts_on=self._day(0),
            ends_on=self._day(ends_in),
            one_off=False,
            funding_pence=0,
        )

    def taken_over(self, number: int, type_id: str, *, agreed: bool = True) -> "Story":
        """Take a pledge over from a merged organisation, its one milestone accepted."""
        reviewed = {"verdict": "accepted", "worked": "fully", "final": False}
        return self.tell(
            "pledge-taken-over",
            pledge=number,
            version=1,
            was="seaham-docks-arts",
            type=type_id,
            secondary_types=[],
            milestones=[{"number": 1, "due_on": self._day(0), **reviewed}],
            starts_on=self._day(0),
            ends_on=self._day(200),
            one_off=False,
            funding_pence=0,
            agreed=agreed,
        )

    def codesigned(
        self, *pledges: int, session: int = 1, paid: str = "paid", independent: bool = True
    ) -> "Story":
        """Hold a session about some pledges and have it confirmed."""
        self.tell(
            "codesign-recorded",
            session=session,
            pledges=list(pledges),
            types=[],
            held_on=self._day(-1),
            hours="2",
            pay_pence=5_000,
        )
        return self.tell(
            "codesign-confirmed",
            session=session,
            pledges=list(pledges),
            types=[],
            paid=paid,
            independent=independent,
        )

    def judged(
        self,
        pledge: int,
        verdict: str = "accepted",
        *,
        milestone: int = 1,
        type_id: str = "internalised",
        worked: str = "fully",
        final: bool = False,
    ) -> "Story":
        """Publish a verdict on one milestone."""
        return self.tell(
            "verdict-published",
            case=1,
            pledge=pledge,
            milestone=milestone,
            type=type_id,
            verdict=verdict,
            worked=worked,
            final=final,
        )

    def reviewed(self, *, voices_differ: tuple[str, ...] = ()) -> "Story":
        """Publish a yearly accountability review."""
        return self.tell(
            "accountability-review-published",
            cycle=1,
            findings=dict.fromkeys(the_pack().type_ids, "kept"),
            voices_differ=list(voices_differ),
        )

    def committed(self) -> "Story":
        """Publish a plan with one pledge for each type, all confirmed by who took part."""
        self.planned()
        for number, type_id in enumerate(the_pack().type_ids, start=1):
            self.answered(type_id).pledged(number, type_id)
        return self.codesigned(1, 2, 3, 4, 5)

    def evidenced(self, *, ends_in: int = 2_000) -> "Story":
        """Have one report accepted for each type, on pledges that run for long."""
        self.committed()
        for number, type_id in enumerate(the_pack().type_ids, start=1):
            self.pledged(number, type_id, ends_in=ends_in, kind="pledge-amended")
            self.judged(number, type_id=type_id)
        return self

    def unkept(self, level: str, *, number: int = 70) -> "Story":
        """Be warned that a level falls, and let it fall: nothing is renewed."""
        self.owes(f"keep-{level}", number=number, due_in=60).warned("warn-60", number=number)
        self.wait(30).warned("warn-30", number=number)
        return self.wait(31)

    def sent_in(self, number: int = 1, *, milestone: int = 1, type_id: str = "") -> "Story":
        """Send a report that then waits for auditors."""
        return self.tell(
            "evidence-received",
            pledge=number,
            milestone=milestone,
            report=1,
            version=1,
            worked="fully",
            type=type_id or the_pack().type_ids[0],
            items=1,
        )

    def overdue(self, days: int = 3, *, kind: str = "evidence") -> "Story":
        """Be late by some days, warned as the ladder says."""
        self.planned().owes(kind, due_in=30).wait(29).warned("remind-7", "remind-1").wait(1)
        for step, day in (("late", 1), ("formal-notice", 28), ("last-call", 60)):
            if day <= days:
                self.until(self._due() + timedelta(days=day), 9).warned(step)
        return self.until(self._due() + timedelta(days=days))

    def suspended(self) -> "Story":
        """Be suspended since this very day."""
        return self.overdue(90)

    def not_reporting(self) -> "Story":
        """Be not reporting."""
        self.suspended().until(self._due() + timedelta(days=150), 9).warned("not-reporting")
        return self.wait(2)

    def removed(self) -> "Story":
        """Be removed."""
        self.not_reporting().until(self._due() + timedelta(days=365), 9).warned("removed")
        return self.wait(2)

    def _day(self, days: int) -> str:
        return (self.at.date() + timedelta(days=days)).isoformat()

    def _due(self) -> date:
        opened = next(event for event in self.events if event.kind == "obligation-opened")
        return date.fromisoformat(opened.data["due_on"])

    def answer(self, at: datetime | None = None) -> Assessment:
        """Return the three answers, now or at another instant."""
        found = assess(self.events, at or self.at, the_pack())
        assert found is not None
        return found

    def standing(self) -> Standing:
        """Return the standing now."""
        return self.answer().standing
