"""The engine's shipped `.sql` files, and the dialect that all SQL here is written in."""

from __future__ import annotations

from importlib.resources import files

DIALECT = "duckdb"


def static_sql(name: str) -> str:
    """Return the text of a shipped `.sql` file."""
    return files("screening.engine").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
