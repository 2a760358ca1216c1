"""`screen compare` on the sample run: what differs first, the same words as everywhere, refusals that help."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.api import open_run
from screening.cli import group
from screening.report import comparison, sentences
from screening.report.printer import printer
from tests.run.shared import DEVICES, companies, small

if TYPE_CHECKING:
    from pathlib import Path

    from screening.result.company import CompanyRecord


def records_of(names: list[str], sample_dir: Path) -> list[CompanyRecord]:
    return [each.record for each in open_run(sample_dir).companies_named(names)]


@pytest.fixture(scope="module")
def first_three(sample_dir: Path) -> list[str]:
    ranking = pl.read_parquet(sample_dir / "result" / "ranking.parquet")
    return ranking.filter(pl.col("rank").is_not_null()).sort("rank", "company_id").head(3)["company_id"].to_list()


def test_a_company_of_which_all_is_known_is_said_to_miss_the_short_list_and_no_less(tmp_path: Path) -> None:
    """Expected: nothing is open, so that it misses it is sure; of one of which something is missing it is not."""
    own = (("样例甲脑机科技有限公司", DEVICES, "3"), ("样例乙脑机科技有限公司", DEVICES, ""))
    done = small(companies(tmp_path / "two.csv", *own), tmp_path / "runs", dossiers="none")
    ids = pl.read_parquet(done.run_dir / "result" / "ranking.parquet", glob=False).sort("name", descending=True)
    known, unknown = records_of(ids["company_id"].to_list(), done.run_dir)
    known, unknown = sorted((known, unknown), key=lambda r: len(r.questions))
    assert "未达入围条件" in sentences.verdict(known, printer("zh"))
    assert "未达入围条件" not in sentences.verdict(unknown, printer("zh"))


def test_a_pack_without_a_plan_has_no_hollow_sections_of_one(tmp_path: Path) -> None:
    done = small(
        companies(tmp_path / "one.csv", ("样例甲脑机科技有限公司", DEVICES, "3")), tmp_path / "runs", dossiers="none"
    )
    told = CliRunner().invoke(group, ["coverage", "--run", str(done.run_dir), "--lang", "zh"])
    assert told.exit_code == 0, told.output
    assert not any(words in told.output for words in ("示范组合", "企业梯队", "量化目标", "0 组有候选"))


def test_what_differs_comes_first_and_the_widest_apart_leads(sample_dir: Path, first_three: list[str]) -> None:
    records = records_of(first_three, sample_dir)
    view = comparison(records)
    groups = {g.id: g for g in view.groups}
    assert all(
        row.differs for name in ("criteria", "gates", "facts") if name in groups for row in groups[name].differing
    )
    assert not any(row.differs for g in view.groups for row in g.equal)
    tables = [{c.label.zh: c.value for h in r.halves for x in h.pillars for c in x.criteria} for r in records]
    spreads = []
    for row in groups["criteria"].differing:
        values = [v for t in tables if (v := t.get(row.label)) is not None]
        spreads.append(max(values) - min(values) if len(values) > 1 else 0)
    assert spreads == sorted(spreads, reverse=True)


def test_the_best_of_a_line_is_marked_and_only_where_one_is_best(sample_dir: Path, first_three: list[str]) -> None:
    view = comparison(records_of(first_three, sample_dir))
    score = next(row for g in view.groups for row in g.differing if row.label == "总分")
    values = [float(v.split(" ")[0]) for v in score.values]
    assert list(score.best) == [v == max(values) for v in values]


def test_the_command_prints_and_writes_a_page(sample_dir: Path, first_three: list[str], tmp_path: Path) -> None:
    page = tmp_path / "compare.html"
    call = ["compare", *first_three, "--run", str(sample_dir), "--html", str(page), "--lang", "en"]
    done = CliRunner().invoke(group, call)
    assert done.exit_code == 0, done.output
    html = page.read_text(encoding="utf-8")
    assert all(company_id in html for company_id in first_three)
    told = CliRunner().invoke(group, ["compare", *first_three[:2], "--run", str(sample_dir), "--json"])
    assert [c["company"]["company_id"] for c in json.loads(told.stdout)["companies"]] == first_three[:2]


@pytest.mark.parametrize(
    ("names", "code", "said"),
    [(["only"], 2, "two to five"), (["nobody", "noone"], 1, "noone"), (["same", "same"], 1, "twice")],
)
def test_a_wrong_call_is_told(sample_dir: Path, first_three: list[str], names: list[str], code: int, said: str) -> None:
    real = [first_three[0] if n == "same" else n for n in names]
    done = CliRunner().invoke(group, ["compare", *real, "--run", str(sample_dir)])
    assert done.exit_code == code
    assert said in done.output


def test_a_pack_without_halves_directions_and_places_is_not_compared_by_them(
    sample_dir: Path, first_three: list[str]
) -> None:
    records = [
        replace(record, halves=record.halves[1:], directions=(), place=None)
        for record in records_of(first_three[:2], sample_dir)
    ]
    standing = next(group for group in comparison(records).groups if group.id == "standing")
    labels = {row.label for row in standing.differing}
    assert "总分" in labels
    assert not labels & {"方向", "城市", "企业质量", "政策契合"}
