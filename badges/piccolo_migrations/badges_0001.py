"""The first tables of badges, and what must hold of them whatever the code does."""

from pathlib import Path

from charter.scripts import run_scripts

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "the first tables"

HERE = Path(__file__).parent


async def forwards() -> None:
    """Make the tables. There is no way back: a backup is."""
    await run_scripts(HERE / "tables.sql", HERE / "invariants.sql")
