"""Relations of a session -> parquet files of the contract: key order, no DOUBLE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.files import DIALECT
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column
from screening.result.contract import RELATIONS, VALUE

if TYPE_CHECKING:
    from pathlib import Path

    from screening.engine.session import Session
    from screening.result.contract import Relation


def export(session: Session, folder: Path) -> None:
    """Write every relation of the contract to `<folder>/<relation>.parquet` and leave it readable under its own name.

    A relation that was taken from an earlier run lies there already. Working columns of a step (`.can_be.`, `.assumed`) go too: they explain the result. DOUBLE becomes DECIMAL(28, 6).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for relation in RELATIONS:
        if (folder / f"{relation.name}.parquet").exists():
            continue
        write(session, relation, folder / f"{relation.name}.parquet")


def write(session: Session, relation: Relation, path: Path, *, working: bool = False) -> None:
    """Write one relation in the order of its key. `working`: as it stands, for steps that read it again."""
    columns = [
        exp.alias_(cast(column(name), VALUE), exp.to_identifier(name, quoted=True))
        if kind == "DOUBLE" and not working
        else column(name)
        for name, kind in session.columns(relation.name)
    ]
    select = exp.select(*columns).from_(exp.to_table(relation.name))
    select = select.order_by(*[exp.Ordered(this=column(k), nulls_first=True) for k in relation.key])
    session.connection.sql(select.sql(DIALECT)).write_parquet(str(path), compression="zstd")
