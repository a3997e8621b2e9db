"""Tells an organisation's history in a few words, as the events the pure rules read."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from charter.history.kinds import RecordedEvent, check_facts
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

    def signed(self, spell: int = 1) -> "Story":
        """Prove identity and sign."""
        if spell == 1:
            self.tell("identity-accepted", how="domain-mail", band="standard")
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
            due_on=(self.at.date() + timedelta(days=due_in)).isoformat(),
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
