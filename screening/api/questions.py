"""Questions that go beyond one run: what moved between two, whether one is what it says, how well texts were read; answers as data and files."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from screening.api.run import Company, Run, find_run
from screening.run.options import DEFAULT_PACK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from screening.api.answers import Answer, Backtest, Difference, Evaluation, Finding, PlanCoverage
    from screening.report.evaluation_page import EvaluationView
    from screening.report.wording import Lang
    from screening.rulebook.model import RulePack
    from screening.run.options import Progress


@dataclass(frozen=True)
class Evaluated:
    """A classification held against a gold file, and the pack that it used."""

    found: Evaluation
    pack: RulePack

    def view(self, lang: Lang = "zh") -> EvaluationView:
        """Return what its page says, in ready strings."""
        from screening.analysis.evaluation import names_of
        from screening.report.evaluation_page import evaluation_view
        from screening.report.printer import printer

        return evaluation_view(self.found, names_of(self.pack), printer(lang))

    def names(self, lang: Lang = "zh") -> dict[str, str]:
        """Return what domains and directions are called, by id."""
        from screening.analysis.rulewords import names

        return names(self.pack, lang)


@dataclass(frozen=True)
class Verified:
    """What a check of a run or of a page found. `recomputed`: the result was computed again; a page, or a run made for others, cannot be."""

    findings: tuple[Finding, ...]
    recomputed: bool

    @property
    def holds(self) -> bool:
        """True when nothing differs."""
        return all(finding.ok for finding in self.findings)


def diff(before: str | Path | Run, after: str | Path | Run, progress: Progress = lambda _: None) -> Difference:
    """Return what moved between two runs, company by company, and whether program, rules, date or data did it.

    Raises RunError for what is no run, RulesError when the two screen different things.
    """
    from screening.run.difference import difference

    return difference(_folder(before), _folder(after), progress=progress)


def _folder(run: str | Path | Run) -> Path:
    return run.path if isinstance(run, Run) else Path(run)


def verify(
    named: str | Path | Run,
    data: str | Path | None = None,
    *,
    signed_by: str | Path | None = None,
    signature: str | Path | None = None,
    progress: Progress = lambda _: None,
) -> Verified:
    """Make a run again from its own tables, rules and overrides and compare every file; with `data`, read the source again too; or look at one page.

    Raises RunError for what is no run; a difference is a finding.
    """
    from screening.run.pageseal import verify_page
    from screening.run.signature import signed_by as checked
    from screening.run.verify import NOT_HERE
    from screening.run.verify import verify as verified

    given = _folder(named)
    path = given if given.is_file() else find_run(given).path
    page = path.is_file()
    findings = verify_page(path) if page else verified(path, None if data is None else Path(data), progress)
    if signed_by is not None:
        findings.append(checked(path, Path(signed_by), None if signature is None else Path(signature)))
    return Verified(tuple(findings), not page and all(f.what != NOT_HERE for f in findings))


def make_key(private: str | Path) -> Path:
    """Make a pair of keys to sign runs with; return the public one, which lies beside the private one."""
    from screening.run.signature import make_key as made

    return made(Path(private))


def evaluate(
    gold: str | Path,
    run: Run | None = None,
    *,
    data: str | Path | None = None,
    pack: str | Path = DEFAULT_PACK,
    as_of: datetime.date | None = None,
) -> Evaluated:
    """Hold the classification of a run (the newest without one), or of data screened for it, against a gold file.

    Raises RulesError for a gold file that cannot be read, or when both a run and data are given.
    """
    from screening.run.evaluation import evaluated

    return Evaluated(*evaluated(Path(gold), **_asked(run, data), rules=str(pack), as_of=as_of))


def propose(
    count: int,
    out: str | Path,
    run: Run | None = None,
    *,
    data: str | Path | None = None,
    pack: str | Path = DEFAULT_PACK,
    as_of: datetime.date | None = None,
) -> int:
    """Write a workbook of the companies whose labels would teach most, to be read back as gold; return how many there are."""
    from screening.run.evaluation import proposed

    return proposed(count, Path(out), **_asked(run, data), rules=str(pack), as_of=as_of)


def _asked(run: Run | None, data: str | Path | None) -> dict[str, Path | None]:
    return {"run_dir": None if run is None else run.path, "data": None if data is None else Path(data)}


def plain(answer: object) -> Any:
    """Return an answer, or several, as plain values: what `--json` prints. Numbers stay as exact as they were."""
    from screening.result.company import CompanyRecord, as_json
    from screening.result.difference import Difference
    from screening.run.preview import Preview

    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    if isinstance(answer, Evaluated):
        return plain(answer.found)
    if isinstance(answer, Company | CompanyRecord):
        return as_json(answer if isinstance(answer, CompanyRecord) else answer.record)
    if isinstance(answer, Difference):
        from screening.run.difference import record

        return record(answer)
    if isinstance(answer, Preview):
        from screening.run.preview import record as record_of_preview

        return record_of_preview(answer)
    return dataclasses.asdict(answer) if dataclasses.is_dataclass(answer) and not isinstance(answer, type) else answer


def write(
    answer: Answer | Backtest | Difference | PlanCoverage | Evaluated | Sequence[Company],
    path: str | Path,
    lang: Lang = "zh",
    form: Literal["html", "xlsx"] = "html",
) -> None:
    """Write an answer as a page to print, the companies of a sequence side by side; a difference and a back-test also as a workbook, a portfolio as tables in a folder.

    Raises RunError when the file cannot be written.
    """
    from screening.result.backtest import Backtest
    from screening.result.coverage import PlanCoverage
    from screening.result.difference import Difference
    from screening.result.portfolio import Answer

    target = Path(path)
    if isinstance(answer, Backtest):
        from screening.run import backtest_files

        (backtest_files.write_workbook if form == "xlsx" else backtest_files.write_page)(answer, target, lang)
    elif isinstance(answer, Difference):
        from screening.run.difference_files import write_page as page
        from screening.run.difference_files import write_workbook

        (write_workbook if form == "xlsx" else page)(answer, target, lang)
    elif isinstance(answer, Evaluated):
        from screening.run.evaluation import write_page as evaluation_page

        evaluation_page(answer.found, answer.pack, target, lang)
    elif isinstance(answer, Answer):
        from screening.run.portfolio_files import write_relations

        write_relations(answer, target)
    elif isinstance(answer, PlanCoverage):
        from screening.report import render_coverage
        from screening.run.asked_file import write_asked

        write_asked(target, render_coverage(answer, lang).encode(), "coverage/unwritable")
    else:
        from screening.run.comparison import write_page as comparison_page

        comparison_page([company.record for company in answer], target, lang)


def write_checklists(
    companies: Sequence[Company], path: str | Path, lang: Lang = "zh", form: Literal["html", "docx"] = "html"
) -> list[Path]:
    """Write what to ask each company for, as a page or as a Word file (`form="docx"`): to `path`, or into that folder where they are several."""
    from screening.run.checklists import write_documents, write_pages

    return (write_documents if form == "docx" else write_pages)([c.record for c in companies], Path(path), lang)
