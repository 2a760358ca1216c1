"""The types of what the calls of `screening.api` return: for annotations, and for who wants to know what an answer holds."""

from screening.analysis.data_gaps import DataGap
from screening.analysis.terms import TermUse
from screening.analysis.trial import Shifted, Trial
from screening.dataset.model import Inspection
from screening.engine.steps import Step
from screening.result.backtest import LARGE, SMALL, Backtest, Drift, Group
from screening.result.company import CompanyRecord
from screening.result.coverage import PlanCoverage
from screening.result.decisive import Decisive
from screening.result.difference import Difference
from screening.result.evaluation_records import Evaluation, Score, interval
from screening.result.fund_terms import Concession, FundExposure, Reinvestment
from screening.result.lift import Lift
from screening.result.portfolio import Answer
from screening.result.records import RunRecord
from screening.result.robustness import Robustness
from screening.rulebook.check.counts import Quotes
from screening.rulebook.lexicon import TermKind
from screening.rulebook.migration import Migrated
from screening.run.cases import CaseResult, Coverage, Report
from screening.run.limits import Plan
from screening.run.moves import Cause, Move
from screening.run.preview import Preview
from screening.run.restated import Finding
from screening.run.screening import Finished
from screening.run.searched import Searched
from screening.run.watching import Look, Shift

__all__ = [
    "LARGE",
    "SMALL",
    "Answer",
    "Backtest",
    "CaseResult",
    "Cause",
    "CompanyRecord",
    "Concession",
    "Coverage",
    "DataGap",
    "Decisive",
    "Difference",
    "Drift",
    "Evaluation",
    "Finding",
    "Finished",
    "FundExposure",
    "Group",
    "Inspection",
    "Lift",
    "Look",
    "Migrated",
    "Move",
    "Plan",
    "PlanCoverage",
    "Preview",
    "Quotes",
    "Reinvestment",
    "Report",
    "Robustness",
    "RunRecord",
    "Score",
    "Searched",
    "Shift",
    "Shifted",
    "Step",
    "TermKind",
    "TermUse",
    "Trial",
    "interval",
]
