"""Evaluation of a classification: on a finished run, or on data that is classified for the purpose."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from screening.analysis.evaluation import Evaluation, evaluate, read_gold
from screening.analysis.evaluation_record import evaluation_record
from screening.analysis.rundata import open_run
from screening.errors import Problem, RulesError, RunError
from screening.report import render_evaluation
from screening.run.folder import building
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.screening import assemble

if TYPE_CHECKING:
    import datetime

    from screening.report.wording import Lang
    from screening.rulebook.model import RulePack


def evaluated(
    gold: Path, *, run_dir: Path | None = None, data: Path | None = None, rules: str, as_of: datetime.date | None = None
) -> tuple[Evaluation, RulePack]:
    """Return the evaluation and the pack it used. With `data`, it is screened into a folder that is then removed.

    Raises RulesError for a gold file that cannot be read, or when both a run and data are given.
    """
    if run_dir is not None and data is not None:
        raise RulesError(
            [Problem("evaluate/two-sources", "both --run and --data are given", remedy="give one of them")]
        )
    if data is None:
        with opened(run_dir) as run:
            return evaluate(run, read_gold(gold, run.pack)), run.pack
    with building(Path(tempfile.gettempdir())) as work:
        loaded, record, _ = assemble(Options(rules=rules, data=data, as_of=as_of), work, lambda _: None)
        with open_run(work, loaded, record) as run:
            return evaluate(run, read_gold(gold, run.pack)), run.pack


def write_page(evaluation: Evaluation, pack: RulePack, path: Path, lang: str) -> None:
    """Write the page of an evaluation. Raises RunError when the file cannot be written."""
    html = render_evaluation(evaluation_record(evaluation, pack), cast("Lang", lang))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(
            [
                Problem(
                    "evaluate/unwritable",
                    f"cannot write '{path.as_posix()}': {error.strerror or error}",
                    remedy="choose another file with --html",
                )
            ]
        ) from error
