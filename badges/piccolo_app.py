"""Piccolo's view of the badges: their tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="badges",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=table_finder(
        ["badges.tables", "badges.endorsements.tables", "badges.log.tables"]
    ),
)
