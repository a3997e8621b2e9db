"""Tables of the history: events, the words beside them, and the outbox."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigSerial,
    Bytea,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table


class Event(Table, tablename="event"):
    """One public fact. Rows are only ever added; ids rise in the order of commits."""

    id = BigSerial(primary_key=True)
    kind = Varchar(length=60, index=True)
    organisation = UUID(null=True, default=None, index=True, index_method=IndexMethod.btree)
    effective_at = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None, index=True)
    by = Varchar(length=30)
    data = JSONB()
    words = UUID(null=True, default=None)
    commitment = Bytea(null=True, default=None)


class PublicText(Table, tablename="public_text"):
    """Words published beside an event, apart from its facts so that they alone can be blanked.

    `words` is a JSON document. `erased` names each blanked passage with the count of its words, the
    day and the ground; `salt` goes with the first erasure.
    """

    id = UUID(primary_key=True)
    organisation = UUID(null=True, default=None, index=True)
    about = Varchar(length=60)
    words = JSONB()
    salt = Bytea(null=True, default=None)
    commitment = Bytea()
    recorded_at = Timestamptz(default=None)
    held_until = Timestamptz(null=True, default=None)
    erased = JSONB(null=True, default=None)


class Erasure(Table, tablename="erasure"):
    """Words that a steward proposed to remove. `passages` name the texts in them (rule 40).

    Words of the register itself have no `organisation`.
    """

    id = BigSerial(primary_key=True)
    organisation = UUID(null=True, default=None, index=True)
    text = UUID(default=None)
    passages = Array(base_column=Varchar(length=100))
    ground = Varchar(length=40)
    proposed_by = UUID(default=None)
    proposed_at = Timestamptz(default=None)
    state = Varchar(length=20, default="proposed")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


class OutboxMessage(Table, tablename="outbox_message"):
    """Work to be done after a commit: the queue of record. `key` makes asking twice harmless."""

    id = BigSerial(primary_key=True)
    key = Varchar(length=200, unique=True)
    kind = Varchar(length=40)
    payload = JSONB()
    created_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    attempts = Integer(default=0)
    locked_until = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    dead_at = Timestamptz(null=True, default=None)
    last_error = Varchar(length=400, default="")
