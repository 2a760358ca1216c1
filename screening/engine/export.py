"""Relations of a session -> parquet files of the contract: key order, no DOUBLE."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
from sqlglot import exp

from screening.engine.alike import KEY, within_memory
from screening.engine.files import DIALECT
from screening.errors import RunError
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import column
from screening.result.contract import RELATIONS, VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Write one relation in the order of its key, a stretch of companies after the other where memory ends before it is sorted.

    `working`: as it stands, for steps that read it again. Raises RunError when memory ends all the same.
    """
    columns = [
        exp.alias_(cast(column(name), VALUE), exp.to_identifier(name, quoted=True))
        if kind == "DOUBLE" and not working
        else column(name)
        for name, kind in session.columns(relation.name)
    ]
    select = exp.select(*columns).from_(exp.to_table(relation.name))
    select = select.order_by(*[exp.Ordered(this=column(k), nulls_first=True) for k in relation.key])

    def written(rows: exp.Select, file: Path) -> None:
        try:
            session.connection.sql(rows.sql(DIALECT)).write_parquet(str(file), compression="zstd")
        except duckdb.OutOfMemoryException as error:
            raise RunError(f"'{path.name}' cannot be written: {str(error).splitlines()[0]}") from error

    def in_parts(stretches: Sequence[exp.Expr]) -> None:
        with tempfile.TemporaryDirectory(dir=session.work) as place:
            parts = [Path(place) / f"{number}.parquet" for number in range(len(stretches))]
            for stretch, part in zip(stretches, parts, strict=True):
                written(select.where(stretch), part)
            pl.scan_parquet(parts, glob=False).sink_parquet(path, compression="zstd", maintain_order=True)

    if relation.key[0] == KEY:
        within_memory(session, lambda: written(select, path), in_parts)
    else:
        written(select, path)
