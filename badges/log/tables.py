"""Tables of the public log.

`log_node` (level, idx, hash), the complete subtrees, has a key of two columns, for which Piccolo
has no word; `piccolo_migrations/invariants.sql` makes it and `badges.log.store` reads it.
"""

from contextlib import AbstractAsyncContextManager

from piccolo.columns import BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table


class LogLeaf(Table, tablename="log_leaf"):
    """One entry, and the event that it tells of. Rows are only ever added, without gaps."""

    idx = BigInt(primary_key=True)
    event_id = BigInt(unique=True)
    entry = Bytea()


class LogCheckpoint(Table, tablename="log_checkpoint"):
    """What was signed at a size. Signing the same size again renews `signed_at`.

    `cosigned` is the note with the witnesses' lines, and `witnesses` how many there are.
    """

    size = BigInt(primary_key=True)
    note = Text()
    signed_at = Timestamptz(default=None)
    cosigned = Text(null=True, default=None)
    cosigned_at = Timestamptz(null=True, default=None)
    witnesses = BigInt(default=0)


def transaction() -> AbstractAsyncContextManager[object]:
    """Return a transaction on the primary database. It is never one within another."""
    engine = LogLeaf._meta.db  # noqa: SLF001 - Piccolo has no public word for it
    begun: AbstractAsyncContextManager[object] = engine.transaction(allow_nested=False)
    return begun
