"""What the application's role may do with each table: it adds to history and cannot change it.

Tables belong to the role that migrates. The application connects as another, which is given what
these rows say and nothing else, so that a fault in our code, or a stranger who got into it, can
neither change nor delete what was published. Triggers say the same to every role; a role that
owns the tables could switch them off, which is why the application's does not (rule 40).
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

import asyncpg
from piccolo.apps.migrations.tables import Migration

HISTORY = frozenset(
    {
        *("event", "signature", "pledge_version", "plan", "existing_practice", "learning_note"),
        *("organisation_former_name", "organisation_former_slug", "organisation_identity_proof"),
        *("organisation_voucher", "auditor_interest", "pack_adoption"),
        *("log_leaf", "log_node"),
    }
)
"""Rows that are added and read, and never changed or deleted."""

MENDED: Mapping[str, tuple[str, ...]] = {
    "public_text": ("words", "salt", "erased", "held_until"),
    "answer": ("agreed_at", "expires_on"),
    "endorsement": ("withdrawn_at", "why_withdrawn"),
    "panel_key": ("state", "decided_by", "decided_at", "ended_by", "ended_at", "why_ended"),
    "edition": ("revoked_at", "revoked_reason", "event"),
    "log_checkpoint": ("note", "signed_at", "cosigned", "cosigned_at", "witnesses"),
}
"""Published rows of which these columns alone may change, and which are never deleted."""

FORGOTTEN = frozenset(
    {
        *("draft", "review_seat_draft", "contributor_link", "evidence_item", "issuer_document"),
        *("parked_form", "form_owner", "organisation_domain_proof", "kept_file"),
        *("session", "security_event", "sign_in_code", "attempt_counter", "form_receipt"),
        *("oidc_identity", "pending_oidc"),
    }
)
"""Rows that may be deleted: work in progress, links, what lets somebody sign in. Of every other
table rows are added and changed, and none goes away."""

READ_ONLY = frozenset({"migration"})

REWRITABLE = """
SELECT c.relname AS name FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relname = ANY($1::text[]) AND (
    pg_has_role(current_user, c.relowner, 'MEMBER')
    OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')
    OR has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER'))
ORDER BY 1
"""

TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


class RoleMayRewriteHistory(Exception):
    """The application was given a role that may change or delete what was published."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(
            f"the role of REGISTRY_DATABASE_URL may change or delete rows of {', '.join(tables)}; "
            "give it a role of its own and run `registry migrate` with "
            "REGISTRY_DATABASE_OWNER_URL (docs/operating.md)"
        )


def role_of(url: str) -> str:
    """Return the role that a database address names; empty where it names none."""
    return unquote(urlsplit(url).username or "")


def rights_on(table: str) -> str:
    """Return, in the words of SQL, what the application may do with a table."""
    if table in READ_ONLY:
        return "SELECT"
    if table in HISTORY:
        return "SELECT, INSERT"
    if table in MENDED:
        return f"SELECT, INSERT, UPDATE ({', '.join(MENDED[table])})"
    if table in FORGOTTEN:
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"


async def ensure_role(owner_url: str, application_url: str) -> None:
    """Make the application's role where it is missing, with the password of its address.

    A role that is there already keeps its password.
    """
    parts = urlsplit(application_url)
    connection = await asyncpg.connect(owner_url)
    try:
        role = role_of(application_url)
        if await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            return
        make = await connection.fetchval(
            "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)",
            role,
            unquote(parts.password) if parts.password else None,
        )
        await connection.execute(make)
    finally:
        await connection.close()


async def grant_rights(role: str) -> None:
    """Give `role` exactly its rights, inside the transaction that migrates."""
    rows = await Migration.raw(TABLES)
    for statement in _statements(_quoted(role), [row["name"] for row in rows]):
        await Migration.raw(statement.replace("{", "{{").replace("}", "}}"))


def _statements(role: str, tables: Sequence[str]) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    for table in tables:
        yield f"GRANT {rights_on(table)} ON {_quoted(table)} TO {role}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def rewritable() -> list[str]:
    """Return the tables of history that the open database's role could change; best, none."""
    kept = sorted(HISTORY | MENDED.keys())
    rows = await Migration.raw(REWRITABLE.replace("$1", "{}"), kept)
    return [row["name"] for row in rows]


async def require_a_humble_role() -> None:
    """Raise `RoleMayRewriteHistory` unless the open database's role can only add to history."""
    if tables := await rewritable():
        raise RoleMayRewriteHistory(tables)
