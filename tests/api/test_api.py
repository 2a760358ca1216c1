"""The Python door: what a data analyst does in a notebook, on a few invented companies."""

from __future__ import annotations

import datetime
import doctest
import inspect
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from screening import api
from screening.analysis.fund_terms import reinvestment
from screening.api import answers
from screening.cli import COMMANDS
from screening.errors import RulesError, RunError

PACK = str(Path(__file__).parents[1] / "run" / "packs" / "small")
ROWS = (
    "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围,员工人数\n"
    "样例甲脑机科技有限公司,,2025-01-02,500万元,深圳,脑机接口设备研发、制造,60\n"
    "样例乙餐饮有限公司,,2025-01-02,500万元,深圳,餐饮服务,3\n"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> api.Run:
    folder = tmp_path_factory.mktemp("api")
    (folder / "two.csv").write_text(ROWS, encoding="utf-8")
    return api.screen(folder / "two.csv", api.load_pack(PACK), out=folder / "runs")


def test_the_examples_in_the_modules_hold() -> None:
    found = [doctest.testmod(module) for module in (api, api.pack, api.run)]
    assert [(done.failed, done.attempted > 0) for done in found] == [(0, True)] * 3


def test_a_run_is_frames(run: api.Run) -> None:
    companies = run.companies()
    assert isinstance(companies, pl.DataFrame)
    assert companies.height == 2 == sum(run.outcomes.values())
    assert run.relation("facts").height == companies.filter(pl.col("outcome") != "out_of_scope").height


def test_a_company_is_a_typed_record_and_a_page(run: api.Run) -> None:
    company = run.company("样例甲脑机科技有限公司")
    assert company.record.company.name == "样例甲脑机科技有限公司"
    shown = company._repr_html_()
    assert shown.startswith("<iframe sandbox=")
    assert "<script>" not in shown, "the page stands in an attribute, closed off"


def test_a_run_is_opened_again_and_a_wrong_name_is_told(run: api.Run, tmp_path: Path) -> None:
    again = api.open_run(run.path)
    assert again.companies().equals(run.companies())
    with pytest.raises(RulesError, match="did you mean 'ranking'"):
        again.relation("rankings")
    with pytest.raises(RulesError):
        again.company("样例丙")
    with pytest.raises(RunError):
        api.open_run(tmp_path)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        # Each was taken for another choice without a word: a folder for others held all that is confidential.
        ({"audience": "External"}, "'audience' is 'External'"),
        ({"engine": "dask"}, "'engine' is 'dask'"),
        ({"top": -1}, "'top' is -1"),
    ],
)
def test_what_is_no_choice_is_refused_before_anything_is_read(choice: dict[str, Any], said: str) -> None:
    with pytest.raises(RunError, match=said):
        api.screen("no such file", PACK, **choice)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda run: api.load_pack(as_of="2026-06-30"), "as_of' of load_pack"),
        (lambda run: api.read(7), "data' of read"),
        (lambda run: api.write([], "page.html"), "answer' of write"),
        (lambda run: api.write_checklists("某公司", "page.html"), "companies' of write_checklists"),
        (lambda run: api.screen(top="3", trusted="rules"), "top' of screen"),
        (lambda run: api.screen(threads=True), "threads' of screen"),
        (lambda run: api.screen(dossiers=["a"]), "dossiers' of screen"),
        (lambda run: api.screen(as_of=datetime.datetime(2026, 6, 30, tzinfo=datetime.UTC)), "as_of' of screen"),
        (lambda run: api.Run("reports"), "path' of Run"),
        (lambda run: run.company(3), "named' of Run.company"),
        (lambda run: run.company("某公司", "fr"), "lang' of Run.company"),
        (lambda run: run.companies_named("某公司"), "named' of Run.companies_named"),
        (lambda run: run.portfolio({"budget": "3亿元"}), "limits' of Run.portfolio"),
        (lambda run: run.backtest("outcomes.csv", "reports/earlier"), "earlier' of Run.backtest"),
        (lambda run: run.concession(1.5, 2, Decimal("0.2")), "government' of Run.concession"),
        (lambda run: run.export("doc"), "form' of Run.export"),
    ],
)
def test_an_argument_of_another_kind_is_refused_in_both_languages(call: Any, named: str) -> None:
    with pytest.raises(RunError, match=named) as refused:
        call(api.Run(Path("nowhere")))
    assert "可给:" in str(refused.value)
    assert all(p.code == "api/argument" for p in refused.value.problems)


def test_whatever_is_offered_is_held_to_its_annotations() -> None:
    for name in api.__all__:
        offered = getattr(api, name)
        held = (
            vars(offered).values()
            if isinstance(offered, type) and offered.__module__.startswith("screening.api")
            else [offered]
        )
        functions = [f for f in held if inspect.isfunction(f) and not f.__name__.startswith("_")]
        assert all(hasattr(f, "__wrapped__") for f in functions), name


def test_a_negative_ratio_of_reinvestment_asks_for_nothing_that_makes_sense() -> None:
    with pytest.raises(RulesError, match="negative"):
        reinvestment(Decimal(-1), Decimal(10), "深圳市", [])


def test_every_command_is_a_call_that_is_documented() -> None:
    """The table of docs/api.md names for each command calls that are there, and answers that have a type."""
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    assert {row[0].strip("`") for row in rows} == set(COMMANDS) - {"cache"}
    types = set(answers.__all__) | set(api.__all__)
    for _, calls, given in rows:
        for call in re.findall(r"`(?:(Run)\.)?(\w+)\(", calls):
            assert hasattr(api.Run if call[0] else api, call[1]), call
        assert set(re.findall(r"`([A-Z]\w+)`", given)) <= types, given


def test_a_run_is_asked_and_answers_are_plain_data(run: api.Run, tmp_path: Path) -> None:
    with run.kept_open():
        assert run.about().run_id == run.manifest["run_id"]
        questions = (run.gaps(), run.decisive(), run.coverage(), run.companies_named(["样例甲脑机科技有限公司"]))
    for answer in questions:
        json.dumps(api.plain(answer), default=str)
    api.write(questions[2], tmp_path / "coverage.html")
    assert (tmp_path / "coverage.html").stat().st_size > 1_000
    assert api.verify(run.path).holds
    with pytest.raises(RulesError, match="no fund"):
        run.exposure()


def test_types_are_for_everybody() -> None:
    """Without the marker no type checker of others looks at them."""
    assert (Path(api.__file__).parents[1] / "py.typed").is_file()
