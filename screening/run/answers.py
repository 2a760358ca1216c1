"""The answers of a run: relations worked out from its result once it is there, and written beside it.

They follow from the result, so that `verify` makes them again; they are in no digest of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.coverage import coverage_relations
from screening.analysis.data_gaps import gaps_relation
from screening.analysis.fund_terms import fund_relations
from screening.analysis.lift import lift_relation
from screening.analysis.open_questions import questions_relation
from screening.analysis.peers import peer_relations
from screening.analysis.robustness import robustness_relation
from screening.arrow import write_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from screening.analysis.rundata import RunData


def write_answers(folder: Path, run: RunData, shown: Sequence[str]) -> None:
    """Write every answer to `result/<answer>.parquet` and leave it readable; `shown` are the companies that get a page."""
    for name, frames in _answers(run, shown):
        path = folder / "result" / f"{name}.parquet"
        write_parts(path, frames, compression="zstd")
        run.connection.read_parquet(str(path.absolute())).create_view(name)


def _answers(run: RunData, shown: Sequence[str]) -> Iterator[tuple[str, Iterable[pl.DataFrame]]]:
    yield "robustness", [robustness_relation(run)]
    yield "questions", questions_relation(run)
    yield "gaps", [gaps_relation(run)]
    run.__dict__.pop("unknowns")  # of a large pool it is large
    yield from ((name, [frame]) for name, frame in peer_relations(run, shown))
    yield "lift", [lift_relation(run, shown)]
    yield from ((name, [frame]) for name, frame in (*fund_relations(run), *coverage_relations(run)))
