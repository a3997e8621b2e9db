"""What Piccolo reads: the one engine, and the apps whose tables and migrations it knows."""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine


class PatientEngine(PostgresEngine):
    """An engine that is made without a server: importing this module must connect to nothing."""

    async def check_version(self) -> None:
        """Ask no server; `registry doctor` does."""

    async def prep_database(self) -> None:
        """Create no extension: the schema needs none."""


DB = PatientEngine(config={})
"""The engine every table uses; `registry.database` points it at a server and opens its pool."""

APP_REGISTRY = AppRegistry(
    apps=[
        "charter.piccolo_app",
        "badges.piccolo_app",
        "registry.accounts.piccolo_app",
        "registry.rounds.piccolo_app",
    ],
)
