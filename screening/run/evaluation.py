"""Evaluation of a classification: on a finished run, or on data that is classified for the purpose."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from screening.analysis.evaluation import evaluate, names_of
from screening.analysis.gold import read_gold
from screening.analysis.proposal import propose
from screening.analysis.rundata import open_run
from screening.errors import RulesError
from screening.report import render_evaluation
from screening.run.asked_file import write_asked
from screening.run.folder import building
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.proposal import write_proposal
from screening.run.screening import assemble

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from screening.analysis.rundata import RunData
    from screening.report.wording import Lang
    from screening.result.evaluation_records import Evaluation
    from screening.rulebook.model import RulePack


def evaluated(
    gold: Path, *, run_dir: Path | None = None, data: Path | None = None, rules: str, as_of: datetime.date | None = None
) -> tuple[Evaluation, RulePack]:
    """Return the evaluation and the pack it used. With `data`, it is screened into a folder that is then removed.

    Raises RulesError for a gold file that cannot be read, or when both a run and data are given.
    """
    with _seen(run_dir, data, rules, as_of) as run:
        return evaluate(run, read_gold(gold, run.pack)), run.pack


def proposed(
    count: int,
    out: Path,
    *,
    run_dir: Path | None = None,
    data: Path | None = None,
    rules: str,
    as_of: datetime.date | None = None,
) -> int:
    """Write the workbook of the companies whose labels would teach most, and return how many there are."""
    with _seen(run_dir, data, rules, as_of) as run:
        chosen = propose(run, count)
        write_proposal(chosen, run.pack, out)
        return len(chosen)


@contextmanager
def _seen(run_dir: Path | None, data: Path | None, rules: str, as_of: datetime.date | None) -> Iterator[RunData]:
    if run_dir is not None and data is not None:
        raise RulesError.of("evaluate/two-sources", "both --run and --data are given", remedy="give one of them")
    if data is None:
        with opened(run_dir) as run:
            yield _classified(run)
        return
    with building(Path(tempfile.gettempdir())) as work:
        loaded, record, _ = assemble(Options(rules=rules, data=data, as_of=as_of), work, lambda _: None)
        with open_run(work, loaded, record) as run:
            yield _classified(run)


def _classified(run: RunData) -> RunData:
    if not run.pack.domains:
        raise RulesError.of(
            "evaluate/no-directions",
            f"the pack '{run.pack.pack.id}' of this run names no directions: it classifies nobody",
            remedy="name a run of a pack with directions with --run",
        )
    return run


def write_page(evaluation: Evaluation, pack: RulePack, path: Path, lang: str) -> None:
    """Write the page of an evaluation. Raises RunError when the file cannot be written."""
    html = render_evaluation(evaluation, names_of(pack), cast("Lang", lang))
    write_asked(path, html.encode(), "evaluate/unwritable")
