"""Tables of the public log.

`log_node` (level, idx, hash), the complete subtrees, has a key of two columns, for which Piccolo
has no word; the migration makes it and `badges.log.store` reads it.
"""

from piccolo.columns import BigInt, Bytea, Text, Timestamptz
from piccolo.engine.postgres import PostgresTransaction
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


SCHEMA = (
    """
    CREATE TABLE log_leaf (
        idx bigint PRIMARY KEY CHECK (idx >= 0),
        event_id bigint NOT NULL UNIQUE,
        entry bytea NOT NULL CHECK (octet_length(entry) <= 65535)
    )
    """,
    """
    CREATE TABLE log_node (
        level smallint NOT NULL CHECK (level BETWEEN 0 AND 62),
        idx bigint NOT NULL CHECK (idx >= 0),
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (level, idx)
    )
    """,
    """
    CREATE TABLE log_checkpoint (
        size bigint PRIMARY KEY CHECK (size >= 0),
        note text NOT NULL,
        signed_at timestamptz NOT NULL,
        cosigned text,
        cosigned_at timestamptz,
        witnesses bigint NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE FUNCTION refuse_to_rewrite_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the public log is only ever added to (%)', TG_TABLE_NAME;
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_is_append_only BEFORE {acts} ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_the_log()
        """
        for table, acts in {
            "log_leaf": "UPDATE OR DELETE OR TRUNCATE",
            "log_node": "UPDATE OR DELETE OR TRUNCATE",
            "log_checkpoint": "DELETE OR TRUNCATE",
        }.items()
    ),
)
"""The statements that make these tables, for the migration: Piccolo cannot state the half of it."""


def transaction() -> PostgresTransaction:
    """Return a transaction on the database in which the log is kept."""
    engine = LogLeaf._meta.db  # noqa: SLF001 - Piccolo's own name for it
    begun = engine.transaction()
    assert isinstance(begun, PostgresTransaction)  # noqa: S101 - there is no other database
    return begun
