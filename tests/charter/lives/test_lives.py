"""Random lives through the real database: no sequence of use cases undoes what was promised.

Hypothesis chooses the acts; what must hold is looked at after each of them. A life begins in an
emptied database, on the morning the region was founded.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from registry.database import open_database
from registry.embedded import Services
from tests.charter.lives import hub_acts, neighbour_acts, own_acts
from tests.charter.lives.memory import Memory, every_pledge_counts_for_one_type
from tests.charter.lives.town import Town
from tests.conftest import as_application, new_database

BEGINNINGS = ("applied", "signed", "published", "agreed", "published", "agreed")

ACTS = own_acts.ACTS | hub_acts.ACTS | neighbour_acts.ACTS

THEMES = (
    ("wait", "answer", "plan", "draft", "publish", "amend", "withdraw", "leave", "sign", "erase"),
    ("wait", "hold-session", "confirm", "confirm", "withdraw-agreement", "ask-a-group"),
    ("wait", "report", "report", "review", "review", "reflect", "post"),
    ("wait", "raise-a-concern", "triage", "review", "appeal", "hear-a-concern", "answer-a-concern"),
    ("wait", "quiet", "outage", "wait-for-an-outage", "ask-for-more-time", "review", "put-right"),
    ("wait", "stop-a-clock", "stop-every-clock", "wait-for-an-outage", "report", "review", "post"),
    ("wait", "meet-a-neighbour", "merge", "share", "answer-a-partner", "leave-a-partner", "report"),
)
"""What a life is mostly about: tried more often than everything else, it leads further."""

MOSTLY = 3

TABLES = """
SELECT format('DELETE FROM %I;', tablename) AS statement FROM pg_tables WHERE schemaname = 'public'
"""
"""Empties every table between two lives: much quicker than truncating so many."""


@dataclass
class Theatre:
    """A loop, a database with its pool open, and a connection that may empty it."""

    runner: asyncio.Runner
    owner: "asyncpg.Connection[asyncpg.Record]"
    emptying: str
    lives: int = 0
    acts: int = 0
    allowed: Counter[str] = field(default_factory=Counter)

    def empty(self) -> None:
        """Forget every life lived so far, as no role but the owner's can."""
        self.runner.run(self.owner.execute(self.emptying))
        self.lives += 1


class Life(RuleBasedStateMachine):
    """One organisation from its first day in the register on."""

    theatre: ClassVar[Theatre]

    def __init__(self) -> None:
        super().__init__()
        self.theatre.empty()
        self.town = Town()
        self.memory = Memory(self.town)

    @initialize(beginning=st.sampled_from(BEGINNINGS), theme=st.sampled_from(THEMES))
    def begin(self, beginning: str, theme: tuple[str, ...]) -> None:
        self.names = (*(theme * MOSTLY), *ACTS)
        self.theatre.runner.run(self.town.begin(beginning))

    @rule(
        turn=st.integers(0, 99),
        pick=st.integers(0, 29),
        more=st.integers(0, 11),
    )
    def act(self, turn: int, pick: int, more: int) -> None:
        name = self.names[turn % len(self.names)]
        note(name)
        self.theatre.acts += 1
        self.theatre.allowed[name] += self.theatre.runner.run(self.town.act(ACTS[name], pick, more))

    @invariant()
    def what_was_promised_stands(self) -> None:
        self.theatre.runner.run(self.memory.look())

    def teardown(self) -> None:
        self.memory.look_back()
        self.theatre.runner.run(self.memory.read_what_was_promised())
        assert self.theatre.runner.run(
            every_pledge_counts_for_one_type(self.town, self.memory.events)
        )


@pytest.fixture
def theatre(services: Services, migrated_template: str) -> Iterator[Theatre]:
    """Open a database for many lives, one after the other."""
    with asyncio.Runner() as runner:
        lent = new_database(services.owner_url, template=migrated_template)
        url = runner.run(lent.__aenter__())
        pool = open_database(as_application(url))
        runner.run(pool.__aenter__())
        owner = runner.run(asyncpg.connect(url))
        # Triggers that refuse even the owner are off for this one connection, between lives.
        runner.run(owner.execute("SET session_replication_role = replica"))
        rows = runner.run(owner.fetch(TABLES))
        yield Theatre(runner, owner, "".join(row["statement"] for row in rows))
        runner.run(owner.close())
        runner.run(pool.__aexit__(None, None, None))
        runner.run(lent.__aexit__(None, None, None))


def live(theatre: Theatre, *, lives: int, acts: int) -> None:
    """Live so many lives of so many acts."""
    Life.theatre = theatre
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=acts,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            print_blob=True,
        ),
    )


def test_no_sequence_of_use_cases_undoes_what_was_promised(theatre: Theatre) -> None:
    live(theatre, lives=15, acts=12)
    assert theatre.lives >= 15
    assert theatre.allowed.total() > 30


@pytest.mark.full
@pytest.mark.timeout(3_000)
def test_nor_does_any_of_three_hundred(theatre: Theatre) -> None:
    live(theatre, lives=320, acts=15)
    assert theatre.lives >= 300
    assert theatre.allowed.total() > 1_000
