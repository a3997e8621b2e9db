"""Random lives through the real database: no sequence of use cases undoes what was promised.

Hypothesis chooses the acts; what must hold is looked at after each of them. Each life begins in a
database that knows no other, on the morning the region was founded.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
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
from tests.charter.lives.memory import PACK, Memory, every_pledge_counts_for_one_type
from tests.charter.lives.town import Town
from tests.conftest import as_application, new_database
from tests.world import SEALS

BEGINNINGS = ("applied", "signed", "published", "agreed", "published", "agreed")

ACTS = own_acts.ACTS | hub_acts.ACTS | neighbour_acts.ACTS

THEMES = (
    ("wait", "answer", "plan", "draft", "publish", "amend", "withdraw", "leave", "sign", "erase"),
    ("wait", "hold-session", "confirm", "confirm", "withdraw-agreement", "ask-a-group"),
    ("wait", "report", "report-and-be-reviewed", "pay", "review", "reflect", "post"),
    ("wait", "raise-a-concern", "triage", "review", "appeal", "hear-a-concern", "answer-a-concern"),
    (
        "wait",
        "quiet",
        "outage",
        "wait-for-an-outage",
        "be-heard-about-a-date",
        "review",
        "put-right",
    ),
    ("wait", "stop-a-clock", "stop-every-clock", "wait-for-an-outage", "report", "review", "post"),
    ("wait", "meet-a-neighbour", "merge", "share", "answer-a-partner", "leave-a-partner", "report"),
)
"""What a life is mostly about: tried more often than everything else, it leads further."""

MOSTLY = 3

OF_NOTE = (
    *("clock-paused", "outage-recorded", "due-date-moved", "correction", "extension-asked"),
    *("partner-asked", "concern-received", "evidence-received", "verdict-sealed"),
    "obligation-closed",
)
"""Kinds of events that some of so many lives have come to."""

TABLES = "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'"


@dataclass
class Theatre:
    """A loop, a database with its pool open, and a connection that may empty it.

    The first acts of a life are played once for each beginning, and kept: `begun` are the towns,
    and in the database a schema of the same name holds their rows.
    """

    runner: asyncio.Runner
    owner: "asyncpg.Connection[asyncpg.Record]"
    tables: Sequence[str]
    begun: dict[str, Town] = field(default_factory=dict)
    lives: int = 0
    acts: int = 0
    allowed: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def open(self, beginning: str) -> Town:
        """Forget every life lived so far, as no role but the owner's can, and begin another."""
        if beginning not in self.begun:
            self._tell(f"DELETE FROM {name};" for name in self.tables)  # noqa: S608 - names of the schema
            town = Town()
            self.runner.run(town.begin(beginning))
            self._tell([f"CREATE SCHEMA {beginning};"])
            self._tell(f"CREATE TABLE {beginning}.{name} AS TABLE {name};" for name in self.tables)
            self.begun[beginning] = town
        self._tell(
            f"DELETE FROM {name}; INSERT INTO {name} TABLE {beginning}.{name};"  # noqa: S608 - the same
            for name in self.tables
        )
        self.lives += 1
        return deepcopy(self.begun[beginning], {id(each): each for each in (PACK, SEALS)})

    def _tell(self, statements: Iterable[str]) -> None:
        """Have the owner do all of it in one go: much quicker than truncating so many tables."""
        self.runner.run(self.owner.execute("".join(statements)))


class Life(RuleBasedStateMachine):
    """One organisation from its first day in the register on."""

    theatre: ClassVar[Theatre]

    @initialize(beginning=st.sampled_from(BEGINNINGS), theme=st.sampled_from(THEMES))
    def begin(self, beginning: str, theme: tuple[str, ...]) -> None:
        self.names = (*(theme * MOSTLY), *ACTS)
        self.town = self.theatre.open(beginning)
        self.memory = Memory(self.town)

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
        self.theatre.told.update({event.kind for event in self.memory.events})
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
        yield Theatre(runner, owner, [row["name"] for row in rows])
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
    live(theatre, lives=320, acts=20)
    assert theatre.lives >= 300
    assert theatre.allowed.total() > 1_000
    assert {kind for kind in OF_NOTE if theatre.told[kind] == 0} == set()
