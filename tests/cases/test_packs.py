"""The shipped packs do what their cases say, and their cases try every rule."""

from __future__ import annotations

import functools

import pytest

from screening.cli.test import rendered
from screening.rulebook.loader import load_pack
from screening.run.cases import Report, run_cases

COMPLETE = {"guangdong-2024": 300, "innovative-sme-2022": 120, "zhuhai-seed-2025": 15}
"""Packs and the least number of their cases: a case that is lost should be noticed."""


@functools.cache
def report_of(pack: str) -> Report:
    return run_cases(load_pack(pack))


@pytest.mark.parametrize("pack", COMPLETE)
def test_every_case_holds(pack: str) -> None:
    report = report_of(pack)
    assert len(report.results) >= COMPLETE[pack]
    assert not report.failed, rendered(report)


@pytest.mark.parametrize("pack", COMPLETE)
def test_every_gate_stage_branch_tier_route_and_measure_is_tried(pack: str) -> None:
    untried = [(i.kind, i.rule_id, i.what) for i in report_of(pack).coverage.untried]
    assert not untried
