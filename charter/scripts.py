"""Running a script of SQL as a migration does: whole, and inside its transaction."""

from pathlib import Path

from piccolo.engine import engine_finder
from piccolo.engine.postgres import PostgresEngine


async def run_scripts(*scripts: Path) -> None:
    """Run every statement of `scripts` in the transaction that is open. Raises RuntimeError."""
    engine = engine_finder()
    transaction = engine.current_transaction.get() if isinstance(engine, PostgresEngine) else None
    if transaction is None:
        raise RuntimeError("a migration runs inside a transaction: use `registry migrate`")
    for script in scripts:
        await transaction.connection.execute(script.read_text(encoding="utf-8"))
