# ruff: noqa: SLF001 - Piccolo keeps what it knows of a table under this name and no other
"""Writes each app's `tables.sql` from its table classes: `python -m tests.schema`.

For the time before the first release only. From then on a script that has run somewhere is never
written anew: a change of a table is a migration of its own, with a number and its own SQL.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from piccolo.columns import Column
from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from registry.database import APPS

SCRIPT = "tables.sql"

HEADING = "-- The tables of {app}: what each column means is told by its class.\n"

RESERVED = frozenset({"case", "end", "from", "group", "order", "to", "user", "when"})
"""Names of ours that SQL must be shown in quotation marks."""

TIDIED: Mapping[str, str] = {
    r" PRIMARY KEY NOT NULL(?: DEFAULT \S+)?$": " PRIMARY KEY",
    r" UNIQUE NOT NULL DEFAULT \S+$": " NOT NULL UNIQUE",
    r" DEFAULT (?:null|gen_random_uuid\(\))$": "",
    r"^(bytea.*?) DEFAULT ''$": r"\1",
}
"""What Piccolo writes for want of a better word, and what is meant. A default that no row should
ever get is left out, so that a row without the value is refused."""


def tables_sql(app: AppConfig) -> str:
    """Return the script that makes every table of one app, and its plain indexes."""
    tables = sorted(app.table_classes, key=lambda table: table._meta.tablename)
    return HEADING.format(app=app.app_name) + "".join(_table_sql(table) for table in tables)


def _table_sql(table: type[Table]) -> str:
    name = quoted(table._meta.tablename)
    columns = table._meta.columns
    lines = ",\n".join(f"    {quoted(each._meta.name)} {column_sql(each)}" for each in columns)
    return f"\nCREATE TABLE {name} (\n{lines}\n);\n" + "".join(_indexes(table, columns))


def _indexes(table: type[Table], columns: list[Column]) -> Iterator[str]:
    name = table._meta.tablename
    for each in columns:
        if each._meta.index:
            column = each._meta.name
            yield f"CREATE INDEX {name}_{column} ON {quoted(name)} ({quoted(column)});\n"


def column_sql(column: Column) -> str:
    """Return type and constraints of a column, as a person would write them."""
    _, written = column.ddl.split(" ", 1)
    kind = re.match(r"[A-Z]+", written)
    sql = written if kind is None else kind[0].lower() + written[kind.end() :]
    for pattern, replacement in TIDIED.items():
        sql = re.sub(pattern, replacement, sql)
    return sql


def quoted(name: str) -> str:
    """Return a name as SQL wants it."""
    return f'"{name}"' if name in RESERVED else name


def main() -> None:
    """Write the script of every app."""
    for app in APPS:
        path = Path(app.resolved_migrations_folder_path) / SCRIPT
        path.write_text(tables_sql(app), encoding="utf-8")
        click.echo(f"{path.parent.parent.name}: {len(app.table_classes)} tables")


if __name__ == "__main__":
    main()
