"""The Python door: what a data analyst does in a notebook, on a few invented companies."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from screening import api
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


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(api).failed == 0
    assert doctest.testmod(api).attempted > 0


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


def test_nothing_of_spark_or_notebooks_is_imported() -> None:
    code = "import sys, screening.api; print([m for m in ('pyspark', 'IPython', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
