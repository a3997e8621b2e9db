"""Rule 38 after the first look: appeals, meetings that are wished for, and the hub's own body."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from charter.concerns import rules
from charter.concerns.appeals import (
    appeal_as_organisation,
    appeal_by_receipt,
    end_meeting,
    wish_for_meeting,
)
from charter.concerns.queries import (
    concerns_against,
    follow_concern,
    open_concerns,
    upheld_concerns,
)
from charter.concerns.rules import Decided, MeetingNotWanted, NotOpenToAppeal, TiedToConcern
from charter.concerns.service import (
    acknowledge_concern,
    answer_concern,
    answer_for_register,
    raise_concern,
    triage_concern,
)
from charter.concerns.tables import Concern
from charter.errors import InvalidInput, NotFound
from charter.history.queries import events_of
from charter.obligations.tables import Obligation, Pause
from charter.organisations.tables import Organisation
from charter.reviews.queries import read_case
from charter.reviews.service import publish_due_cases, seal_verdict
from charter.reviews.tables import Case, Seat
from tests.charter.reviews.stage import Stage

TOLD = "The poster says all panels are mixed. Mine was not."
WHY = "Nobody asked the people who were on those panels."
ELSEWHERE = "borough.example"

database = pytest.mark.usefixtures("database")


@dataclass
class Raised:
    """A concern that somebody raised, and the stage it is about."""

    stage: Stage
    receipt: str
    row: Concern

    async def triage(self, outcome: str, employer: str = ELSEWHERE) -> None:
        await triage_concern(
            self.stage.world.scheme,
            concern=self.row.id,
            outcome=outcome,
            steward_employer_domain=employer,
        )

    async def decide(self, *answers: str) -> None:
        """Draw the panel that waits, have it say `answers`, and publish."""
        await self.stage.draw()
        for seat, answer in zip(await self.stage.accept_all(), answers, strict=True):
            await seal_verdict(
                self.stage.world.scheme, seat=seat.id, verdict=answer, reasons="We asked around."
            )
        await publish_due_cases(self.stage.world.scheme)

    async def owed(self, kind: str) -> list[str]:
        rows = await Obligation.select(Obligation.state).where(Obligation.kind == kind)
        return [row["state"] for row in rows]


async def raised(
    *,
    auditors: int = 6,
    about: str = "promise",
    of_register: bool = False,
    wants_meeting: bool = False,
) -> Raised:
    stage = await Stage().set(auditors=auditors)
    receipt = await raise_concern(
        stage.world.scheme,
        about=about,
        organisation=None if of_register else stage.organisation,
        text=TOLD,
        wants_meeting=wants_meeting,
    )
    row = await Concern.objects().first()
    assert row is not None
    return Raised(stage, receipt, row)


@database
async def test_rule_38_an_appeal_goes_to_three_others_and_theirs_is_the_last_word() -> None:
    it = await raised()
    await it.triage("passed-to-panel")
    await it.decide("no", "no", "yes")
    first = {seat.auditor for seat in await Seat.objects()}

    await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)
    await it.decide("yes", "yes", "no")

    appeal = await Case.objects().where(Case.kind == "concern-appeal").first()
    assert appeal is not None
    second = {seat.auditor for seat in await Seat.objects().where(Seat.case == appeal.id)}
    assert len(second) == 3
    assert not first & second
    assert await it.owed("concern-appeal") == ["met"]
    assert await it.owed("concern-response") == ["open"]
    assert len(await upheld_concerns(it.stage.world.scheme, it.stage.organisation)) == 1
    with pytest.raises(NotOpenToAppeal):
        await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)


@database
async def test_rule_38_three_on_an_appeal_cannot_be_drawn_from_the_first_panel() -> None:
    it = await raised(auditors=5)
    await it.triage("passed-to-panel")
    await it.decide("no", "no", "no")

    await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)
    await it.stage.draw()

    [appeal] = await Case.objects().where(Case.kind == "concern-appeal")
    assert await Seat.count().where(Seat.case == appeal.id) == 0


@database
async def test_rule_38_an_organisation_appeals_and_its_answer_waits_for_the_decision() -> None:
    it = await raised()
    scheme = it.stage.world.scheme
    await it.triage("passed-to-panel")
    await it.decide("yes", "yes", "no")
    [against] = await concerns_against(scheme, it.stage.organisation)
    assert against.appeal_by == scheme.today() + timedelta(days=28)

    await appeal_as_organisation(
        scheme, organisation=it.stage.organisation, concern=it.row.id, why=WHY
    )
    [pause] = await Pause.objects()
    assert pause.why == "concern-appealed"
    assert not await Pause.exists().where(Pause.until.is_not_null())
    await it.decide("no", "no", "no")

    assert await it.owed("concern-response") == ["closed"]
    assert await upheld_concerns(scheme, it.stage.organisation) == ()
    facts = [
        event.data
        for event in await events_of(it.stage.organisation)
        if event.kind.startswith("concern-")
    ]
    assert facts == [
        {"case": 1, "outcome": "upheld"},
        {"case": 1, "by_whom": "organisation"},
        {"case": 2, "outcome": "not-upheld"},
    ]
    with pytest.raises(NotFound):
        await answer_concern(
            scheme, organisation=it.stage.organisation, concern=it.row.id, answer="a", plan="b"
        )


@database
async def test_rule_38_an_upheld_decision_that_is_confirmed_lets_the_clock_run_again() -> None:
    it = await raised()
    scheme = it.stage.world.scheme
    await it.triage("passed-to-panel")
    await it.decide("yes", "yes", "yes")
    await appeal_as_organisation(
        scheme, organisation=it.stage.organisation, concern=it.row.id, why=WHY
    )
    await it.decide("yes", "yes", "yes")

    [pause] = await Pause.objects()
    assert pause.until is not None
    await answer_concern(
        scheme, organisation=it.stage.organisation, concern=it.row.id, answer="a", plan="b"
    )
    assert await it.owed("concern-response") == ["met"]


@database
async def test_an_appeal_panel_reads_the_first_decision_and_what_speaks_against_it() -> None:
    it = await raised()
    await it.triage("passed-to-panel")
    await it.decide("no", "no", "no")
    await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)
    await it.stage.draw()
    [seat, *_] = await it.stage.accept_all()

    [question] = (await read_case(it.stage.world.scheme, seat.id)).questions

    for said in (TOLD, "not upheld", "We asked around.", WHY):
        assert said in question.said


@database
async def test_what_a_past_day_said_of_a_concern_is_not_changed_by_an_appeal() -> None:
    it = await raised()
    scheme = it.stage.world.scheme
    await it.triage("passed-to-panel")
    await it.decide("yes", "yes", "yes")
    then = scheme.now()
    it.stage.world.pass_days(2)
    await appeal_as_organisation(
        scheme, organisation=it.stage.organisation, concern=it.row.id, why=WHY
    )
    await it.decide("no", "no", "no")

    assert len(await upheld_concerns(scheme, it.stage.organisation, at=then)) == 1
    assert await upheld_concerns(scheme, it.stage.organisation) == ()


@database
async def test_rule_38_a_meeting_is_held_only_where_it_is_wanted() -> None:
    it = await raised()
    with pytest.raises(MeetingNotWanted):
        await it.triage("meeting-offered")

    await wish_for_meeting(it.stage.world.scheme, receipt=it.receipt, wanted=True)
    await it.triage("meeting-offered")
    assert await open_concerns(it.stage.world.scheme) == ()
    await end_meeting(it.stage.world.scheme, receipt=it.receipt, settled=True)

    followed = await follow_concern(it.stage.world.scheme, it.receipt)
    assert (followed.state, followed.outcome) == ("closed", "resolved-by-agreement")
    assert await it.owed("concern-decision") == ["met"]


@database
@pytest.mark.parametrize("said", ["not-settled", "no-meeting"])
async def test_rule_38_where_a_meeting_settles_nothing_three_auditors_decide(said: str) -> None:
    it = await raised(wants_meeting=True)
    await it.triage("meeting-offered")

    if said == "not-settled":
        await end_meeting(it.stage.world.scheme, receipt=it.receipt, settled=False)
    else:
        await wish_for_meeting(it.stage.world.scheme, receipt=it.receipt, wanted=False)

    assert (await follow_concern(it.stage.world.scheme, it.receipt)).state == "with-panel"
    with pytest.raises(rules.ConcernClosed):
        await end_meeting(it.stage.world.scheme, receipt=it.receipt, settled=True)
    with pytest.raises(rules.ConcernClosed):
        await wish_for_meeting(it.stage.world.scheme, receipt=it.receipt, wanted=True)


@database
async def test_who_is_not_content_with_a_stewards_answer_has_a_panel_decide() -> None:
    it = await raised()
    await it.triage("answered")

    await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)

    followed = await follow_concern(it.stage.world.scheme, it.receipt)
    assert (followed.state, followed.decided_at) == ("with-panel", None)
    await it.decide("yes", "yes", "yes")
    assert await it.owed("concern-decision") == ["met", "met"]


@database
async def test_a_stewards_answer_stands_once_the_days_to_ask_are_over() -> None:
    it = await raised()
    await it.triage("answered")
    it.stage.world.pass_days(29)

    with pytest.raises(NotOpenToAppeal):
        await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why=WHY)
    assert (await follow_concern(it.stage.world.scheme, it.receipt)).appeal_by is None


@database
async def test_an_appeal_says_why_and_comes_from_somebody_with_a_receipt() -> None:
    it = await raised()
    with pytest.raises(InvalidInput):
        await appeal_by_receipt(it.stage.world.scheme, receipt=it.receipt, why="  ")
    with pytest.raises(NotFound):
        await appeal_by_receipt(it.stage.world.scheme, receipt="0" * 20, why=WHY)
    with pytest.raises(NotFound):
        await appeal_as_organisation(
            it.stage.world.scheme, organisation=it.stage.organisation, concern=it.row.id, why=WHY
        )


@database
async def test_rule_38_a_steward_the_hub_employs_does_not_act_on_the_hubs_own_body() -> None:
    it = await raised(about="conduct-of-scheme", of_register=True)
    hub = it.stage.world.scheme.pack.framework.hub.domain

    with pytest.raises(TiedToConcern):
        await it.triage("passed-to-panel", employer=hub)
    with pytest.raises(TiedToConcern):
        await acknowledge_concern(
            it.stage.world.scheme, concern=it.row.id, steward_employer_domain=f"mail.{hub}"
        )

    assert (await follow_concern(it.stage.world.scheme, it.receipt)).about_hub
    await it.triage("passed-to-panel", employer=ELSEWHERE)


@database
async def test_rule_38_a_concern_about_the_register_is_upheld_and_answered_by_the_hub() -> None:
    it = await raised(about="conduct-of-scheme", of_register=True)
    await it.triage("passed-to-panel")
    await it.decide("yes", "yes", "yes")
    [owed] = await Obligation.objects().where(Obligation.kind == "scheme-response")
    assert owed.owner == "hub"
    assert not await Obligation.exists().where(
        (Obligation.id == owed.id) & Obligation.organisation.is_not_null()
    )

    await answer_for_register(
        it.stage.world.scheme, concern=it.row.id, answer="We were slow.", plan="Two more people."
    )

    [line] = await upheld_concerns(it.stage.world.scheme, None)
    assert (line.answer, line.plan) == ("We were slow.", "Two more people.")
    assert await it.owed("scheme-response") == ["met"]
    assert await it.owed("concern-decision") == ["met"]


@database
async def test_an_auditor_the_hub_employs_is_not_drawn_for_a_concern_about_the_register() -> None:
    it = await raised(auditors=2, about="conduct-of-scheme", of_register=True)
    await it.stage.hire(9, domain=it.stage.world.scheme.pack.framework.hub.domain)
    await it.triage("passed-to-panel")

    await it.stage.draw()

    assert await Seat.count() == 0


@database
async def test_the_hub_cannot_answer_for_an_organisation_nor_an_organisation_for_another() -> None:
    it = await raised()
    await it.triage("passed-to-panel")
    await it.decide("yes", "yes", "yes")

    with pytest.raises(NotFound):
        await answer_for_register(it.stage.world.scheme, concern=it.row.id, answer="a", plan="b")
    other = await Organisation.objects().first()
    assert other is not None
    with pytest.raises(InvalidInput) as refused:
        await answer_concern(
            it.stage.world.scheme, organisation=other.id, concern=it.row.id, answer="", plan=""
        )
    assert [error.field for error in refused.value.errors] == ["answer", "plan"]


NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("decided", "by", "days_left", "allowed"),
    [
        (Decided("not-upheld", NOW), "who-raised-it", 0, True),
        (Decided("not-upheld", NOW), "who-raised-it", -1, False),
        (Decided("not-upheld", NOW), "organisation", 5, False),
        (Decided("upheld", NOW), "organisation", 5, True),
        (Decided("upheld", NOW), "who-raised-it", 5, False),
        (Decided("upheld", NOW, appealed=True), "organisation", 5, False),
        (Decided("resolved-by-agreement", NOW), "who-raised-it", 5, False),
        (Decided("", None), "who-raised-it", None, False),
    ],
)
def test_only_those_it_went_against_appeal_once_and_in_time(
    decided: Decided, by: str, days_left: int | None, *, allowed: bool
) -> None:
    today = NOW.date()
    last_day = None if days_left is None else today + timedelta(days=days_left)
    if allowed:
        rules.decide_appeal(decided, by=by, today=today, last_day=last_day)
        return
    with pytest.raises(NotOpenToAppeal):
        rules.decide_appeal(decided, by=by, today=today, last_day=last_day)


def test_the_hubs_own_body_is_concerned_where_it_signed_too() -> None:
    assert rules.is_about_hub("promise", "charter.hub.example", "hub.example")
    assert rules.is_about_hub("conduct-of-scheme", None, "hub.example")
    assert not rules.is_about_hub("promise", "theatre.example", "hub.example")
    assert not rules.is_about_hub("wrong-place", None, "hub.example")
