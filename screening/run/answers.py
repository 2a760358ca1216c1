"""The answers of a run: relations worked out from its result once it is there, and written beside it.

They follow from the result, so that `verify` makes them again; they are in no digest of it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from screening.analysis.coverage import coverage_relations
from screening.analysis.data_gaps import gaps_relation
from screening.analysis.fund_terms import fund_relations
from screening.analysis.lift import lift_relation
from screening.analysis.open_questions import questions_relation
from screening.analysis.peers import peer_relations
from screening.analysis.robustness import robustness_relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from screening.analysis.rundata import RunData


def write_answers(folder: Path, run: RunData, shown: Sequence[str]) -> None:
    """Write every answer to `result/<answer>.parquet` and leave it readable; `shown` are the companies that get a page."""
    for name, frame in _answers(run, shown):
        path = folder / "result" / f"{name}.parquet"
        if isinstance(frame, pl.DataFrame):
            frame.write_parquet(path, compression="zstd")
        else:
            _write_parts(frame, path)
        run.connection.read_parquet(str(path.absolute())).create_view(name)


def _write_parts(parts: Iterator[pl.DataFrame], path: Path) -> None:
    """Write parts one behind the other, none but one of them in memory."""
    first = next(parts)
    rows = register_io_source(lambda *_: chain([first], parts), schema=first.schema, is_pure=True)
    rows.sink_parquet(path, compression="zstd", maintain_order=True)


def _answers(run: RunData, shown: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame | Iterator[pl.DataFrame]]]:
    yield "robustness", robustness_relation(run)
    yield "questions", questions_relation(run)
    yield "gaps", gaps_relation(run)
    run.__dict__.pop("unknowns")  # of a large pool it is large
    yield from peer_relations(run, shown)
    yield "lift", lift_relation(run, shown)
    yield from fund_relations(run)
    yield from coverage_relations(run)
