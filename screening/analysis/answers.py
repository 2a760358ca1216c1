"""The form of the answers: frames given the columns, types and order that the contract says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from screening.result.contract import ANSWERS

if TYPE_CHECKING:
    from screening.result.contract import Relation

_KINDS = {
    "VARCHAR": pl.String(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+), (\d+)\)")
_BY_NAME = {relation.name: relation for relation in ANSWERS}


def empty(name: str) -> pl.DataFrame:
    """Return an answer without rows."""
    return pl.DataFrame(schema=_schema(_BY_NAME[name]))


def shaped(name: str, frame: pl.DataFrame, *, in_order: bool = False) -> pl.DataFrame:
    """Return a frame with exactly the columns of the answer, in the contract's types, sorted by its key, NULL first.

    `in_order`: it is sorted so already.
    """
    relation = _BY_NAME[name]
    kinds = _schema(relation)
    answer = frame.select(pl.col(c).cast(kind) for c, kind in kinds.items())
    return answer if in_order else answer.sort(relation.key, nulls_last=False)


def _schema(relation: Relation) -> dict[str, pl.DataType]:
    return {name: _kind(kind) for name, kind in relation.columns}


def _kind(sql: str) -> pl.DataType:
    found = _DECIMAL.fullmatch(sql)
    return pl.Decimal(int(found[1]), int(found[2])) if found else _KINDS[sql]
