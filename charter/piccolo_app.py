"""Piccolo's view of the charter: its tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="charter",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(
        [
            "charter.framework.tables",
            "charter.history.tables",
            "charter.organisations.tables",
            "charter.signing.tables",
            "charter.plans.tables",
            "charter.obligations.tables",
            "charter.evidence.tables",
            "charter.reviews.tables",
            "charter.concerns.tables",
            "charter.learning.tables",
            "charter.standing.tables",
        ],
    ),
)
