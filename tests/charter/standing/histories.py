"""Random histories of one organisation, sensible or not, for the properties of the standing.

A history is a list of acts. An act names what happens, after how long, to which of the things
there are; played in order, acts become events. Acts may be out of place (a report for nothing, a
verdict on a pledge that does not exist): the rules must bear those too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.charter.standing.story import Story
from tests.world import the_pack

TYPES = the_pack().type_ids
STEPS = tuple(
    dict.fromkeys(
        step.name for name in ("plan", "long", "level") for step in the_pack().ladder(name).steps
    )
)
KINDS_OWED = ("evidence", "reflection", "re-plan", "more-needed-reply", "plan", "review")
REASONS = ("under-review", "hub-late", "no-panel-available")
WAITS = tuple(timedelta(hours=hours) for hours in (0, 0, 1, 5, 24, 30, 170)) + tuple(
    timedelta(days=days) for days in (29, 62, 91, 152, 366)
)


NEVER_OPENED = 99


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens `wait` after the act before it; `pick` and `more` choose details."""

    does: str
    wait: timedelta
    pick: int
    more: int


@dataclass(slots=True)
class Stage:
    """A story being played, and the due dates in force of what was opened in it."""

    story: Story
    due: dict[int, date]

    def owed(self, act: Act) -> int:
        """Return the obligation an act is about; one that nobody opened where there is none."""
        numbers = [*self.due, NEVER_OPENED]
        return numbers[act.pick % max(1, len(self.due))]


Playing = Callable[[Stage, Act], object]


def _open(stage: Stage, act: Act) -> None:
    number = 1 + max(stage.due, default=0)
    due_in = (5, 14, 30, 60, 90)[act.more % 5]
    kind = KINDS_OWED[act.pick % len(KINDS_OWED)]
    stage.story.owes(kind, number=number, due_in=due_in, pledge=1 + act.pick % 3, milestone=1)
    stage.due[number] = stage.story.at.date() + timedelta(days=due_in)


def _keep(stage: Stage, act: Act) -> None:
    """Open what keeps a level, due in 60 days."""
    number = 1 + max(stage.due, default=0)
    level = ("committed", "evidenced", "reviewed")[act.more % 3]
    stage.story.owes(f"keep-{level}", number=number, due_in=60)
    stage.due[number] = stage.story.at.date() + timedelta(days=60)


def _send_in(stage: Stage, act: Act) -> None:
    if act.more % 4 == 0:
        stage.story.tell("reflection-received", cycle=1)
        return
    stage.story.sent_in(1 + act.pick % 6, type_id=TYPES[act.pick % 5])


def _move(stage: Stage, act: Act) -> None:
    number = stage.owed(act)
    was = stage.due.get(number, stage.story.at.date())
    due_on = was + timedelta(days=1 + act.more % 60)
    if number in stage.due:
        stage.due[number] = due_on
    stage.story.about(
        "due-date-moved",
        number=number,
        due_on=due_on.isoformat(),
        was=was.isoformat(),
        why="extension",
    )


def _warn(stage: Stage, act: Act) -> None:
    """Send one step, or every step; the mail arrives, bounces, or nothing is heard of it."""
    number = stage.owed(act)
    due_on = stage.due.get(number, stage.story.at.date()).isoformat()
    for name in STEPS if act.more % 2 else (STEPS[act.pick % len(STEPS)],):
        named = {"due_on": due_on, "step": 0, "name": name}
        stage.story.about("notice-sent", number=number, **named, roles=["lead"])
        _hear(stage, number, named, act.more % 4)


def _hear(stage: Stage, number: int, named: dict[str, object], how: int) -> None:
    if how in {1, 2}:
        stage.story.about("notice-accepted", number=number, **named)
    if how in {0, 2}:
        stage.story.about("notice-bounced", number=number, **named)


def _hear_late(stage: Stage, act: Act) -> None:
    """Hear of a notice, perhaps of one that never went out."""
    number = stage.owed(act)
    due_on = stage.due.get(number, stage.story.at.date()).isoformat()
    named: dict[str, object] = {"due_on": due_on, "step": 0, "name": STEPS[act.pick % len(STEPS)]}
    _hear(stage, number, named, act.more % 3)


def _about(kind: str, **facts: object) -> Playing:
    return lambda stage, act: stage.story.about(kind, number=stage.owed(act), **facts)


def _pause(stage: Stage, act: Act) -> None:
    why = REASONS[act.more % len(REASONS)]
    stage.story.about("clock-paused", number=stage.owed(act), why=why, paused_by="hub")


def _answer(stage: Stage, act: Act) -> None:
    expires_in = (None, 20, 200)[act.more % 3]
    stage.story.answered(
        TYPES[act.pick % 5],
        applies=act.more % 2 == 0,
        version=1 + act.more % 2,
        expires_in=expires_in,
    )


def _agree(stage: Stage, act: Act) -> None:
    facts = {"type": TYPES[act.pick % 5], "version": 1 + act.more % 2}
    if act.more % 3:
        expires_on = (stage.story.at.date() + timedelta(days=40)).isoformat()
        stage.story.tell("answer-agreed", **facts, expires_on=expires_on)
    else:
        stage.story.tell("answer-disputed", **facts)


def _pledge(stage: Stage, act: Act) -> None:
    number, type_id = 1 + act.pick % 5, TYPES[act.pick % 5]
    if act.more % 7 == 0:
        stage.story.taken_over(number, type_id, agreed=act.more % 2 == 0)
        return
    kind = "pledge-amended" if act.more % 3 else "pledge-published"
    ends_in = (10, 100, 400)[act.more % 3]
    stage.story.pledged(number, type_id, milestones=1 + act.more % 3, ends_in=ends_in, kind=kind)


def _judge(stage: Stage, act: Act) -> None:
    stage.story.judged(
        1 + act.pick % 6,
        ("accepted", "more-needed", "not-accepted")[act.more % 3],
        milestone=1 + act.more % 4,
        type_id=TYPES[act.pick % 5],
        worked=("fully", "partly", "not")[act.pick % 3],
        final=act.more % 2 == 0,
    )


def _confirm(stage: Stage, act: Act) -> None:
    if act.more % 4 == 0:
        stage.story.tell(
            "agreement-withdrawn",
            session=1,
            pledges=[1 + act.pick % 5],
            types=[],
            still_agreed=act.pick % 2 == 0,
        )
        return
    paid = "unpaid" if act.more % 5 == 0 else "paid"
    stage.story.codesigned(1, 1 + act.pick % 5, paid=paid, independent=act.more % 3 > 0)


def _withdraw_pledge(stage: Stage, act: Act) -> None:
    stage.story.tell("pledge-withdrawn", pledge=1 + act.pick % 6, type=TYPES[act.pick % 5])


def _case(stage: Stage, act: Act) -> None:
    kind, facts = (
        ("no-panel-available", {}),
        ("panel-drawn", {"seats": 2, "positions": [1, 2], "seed": "0"}),
        ("text-held", {"days": 2}),
    )[act.more % 3]
    stage.story.tell(kind, case=1 + act.pick % 2, **facts)


def _sign(stage: Stage, act: Act) -> None:
    stage.story.signed(spell=2 + act.more)


def _size(stage: Stage, act: Act) -> None:
    band = ("standard", "small", "tiny")[act.more % 3]
    if act.pick % 2:
        stage.story.tell("band-changed", band=band)
    else:
        stage.story.tell("identity-accepted", how="register", band=band)


def _leave(stage: Stage, act: Act) -> None:
    if act.more % 2:
        stage.story.tell("withdrew-from-charter")
    else:
        stage.story.tell("merged", into="seaham-docks-arts")


def _told(stage: Stage, _: Act) -> None:
    moved: dict[str, object] = {"from": None, "to": "plan-due", "row": 1, "days_late": 0}
    stage.story.tell("standing-changed", **moved)
    stage.story.tell("level-changed", **{"from": None, "to": "signatory"})


ACTS: dict[str, Playing] = {
    "open": _open,
    "open-another": _open,
    "keep": _keep,
    "move": _move,
    "warn": _warn,
    "warn-another": _warn,
    "hear": _hear_late,
    "meet": _about("obligation-met"),
    "close": _about("obligation-closed", why="pledge-withdrawn"),
    "waive": _about("obligation-waived", why="flood"),
    "pause": _pause,
    "resume": _about("clock-resumed", why="under-review"),
    "answer": _answer,
    "agree": _agree,
    "pledge": _pledge,
    "send-in": _send_in,
    "judge": _judge,
    "confirm": _confirm,
    "withdraw-pledge": _withdraw_pledge,
    "review": lambda stage, act: stage.story.reviewed(
        voices_differ=TYPES[:1] if act.more % 2 else ()
    ),
    "case": _case,
    "plan": lambda stage, _: stage.story.tell("plan-published", plan=2, types=list(TYPES)),
    "sign": _sign,
    "sign-again": lambda stage, _: stage.story.signed_again(),
    "size": _size,
    "leave": _leave,
    "told": _told,
}
"""What can happen. What is listed twice happens twice as often."""


BEGINNINGS: dict[str, Callable[[Story], Story]] = {
    "nothing": lambda story: story,
    "signed": lambda story: story.signed().owes("plan", due_in=90),
    "planned": Story.planned,
    "committed": Story.committed,
    "evidenced": Story.evidenced,
    "reviewed": lambda story: story.evidenced().reviewed(),
    "overdue": Story.overdue,
    "overdue-reflection": lambda story: story.overdue(30, kind="reflection"),
    "suspended": Story.suspended,
    "suspended-reflection": lambda story: story.overdue(90, kind="reflection"),
    "not-reporting": Story.not_reporting,
    "removed": Story.removed,
}


def play(acts: list[Act], beginning: str = "planned") -> Story:
    """Play acts in their order, from a beginning."""
    story = Story()
    stage = Stage(BEGINNINGS[beginning](story), {})
    for event in story.events:
        if event.kind == "obligation-opened":
            stage.due[event.data["obligation"]] = date.fromisoformat(event.data["due_on"])
    for act in acts:
        story.at += act.wait
        ACTS[act.does](stage, act)
    return story


def acts(*does: str) -> st.SearchStrategy[Act]:
    """Draw one act among `does`, or among all."""
    return st.builds(
        Act,
        does=st.sampled_from(does or tuple(ACTS)),
        wait=st.sampled_from(WAITS),
        pick=st.integers(0, 29),
        more=st.integers(0, 11),
    )


CHASED = acts(
    *("open", "warn", "warn-another", "hear", "meet", "pause", "resume", "move", "sign-again"),
    *("sign", "plan"),
)
"""The acts that a chase is made of: with these alone a history goes far down and back."""

HISTORIES = st.builds(
    play,
    st.one_of(st.lists(CHASED, min_size=2, max_size=16), st.lists(acts(), max_size=24)),
    st.sampled_from(tuple(BEGINNINGS)),
)
