"""What to ask for: one company's checklist as page and Word file, and the data the whole list waits for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.analysis.data_gaps import data_gaps
from screening.api import open_run
from screening.cli import group
from screening.report import checklist
from screening.run.opened import opened
from tests.run.shared import SIZES, judged

if TYPE_CHECKING:
    from pathlib import Path

    from screening.analysis.data_gaps import DataGap


@pytest.fixture(scope="module")
def wanting(sample_dir: Path) -> list[str]:
    """The ranked companies of which most is not known."""
    ranking = pl.read_parquet(sample_dir / "result" / "ranking.parquet")
    return ranking.filter(pl.col("rank").is_not_null()).sort("coverage", "company_id").head(2)["company_id"].to_list()


def test_what_an_undecided_gate_waits_for_comes_first_then_the_points(sample_dir: Path, wanting: list[str]) -> None:
    record = open_run(sample_dir).companies_named(wanting)[0].record
    rows = checklist(record).rows
    assert len(rows) == len(record.questions)
    gated = [row.gates != "—" for row in rows]
    assert gated == sorted(gated, reverse=True)
    points = [Decimal(row.at_stake) if row.at_stake != "—" else Decimal(0) for row in rows if row.gates == "—"]
    assert points == sorted(points, reverse=True)


def test_each_company_gets_a_page_and_a_word_file(sample_dir: Path, wanting: list[str], tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra `word` is not installed")
    call = ["ask", *wanting, "--run", str(sample_dir), "--html", str(tmp_path / "x"), "--docx", str(tmp_path / "x")]
    done = CliRunner().invoke(group, call)
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "x").iterdir()) == ["0001.docx", "0001.html", "0002.docx", "0002.html"]
    records = [each.record for each in open_run(sample_dir).companies_named(wanting)]
    for number, record in enumerate(records, 1):
        name = record.company.name
        assert name in (tmp_path / "x" / f"{number:04}.html").read_text(encoding="utf-8")
        document = docx.Document(str(tmp_path / "x" / f"{number:04}.docx"))
        assert name in [p.text for p in document.paragraphs]
        (table,) = document.tables
        assert len(table.rows) == 1 + len(record.questions)
        assert [c.text for c in table.columns[1].cells][1:] == [r.question for r in checklist(record).rows]


def test_the_pool_counts_as_the_relations_do(sample_dir: Path) -> None:
    with opened(sample_dir) as data:
        gaps = data_gaps(data)
        for gap in gaps:
            ((missing,),) = data.connection.execute(
                f'SELECT count(*) FROM facts JOIN ranking USING (company_id) WHERE rank IS NOT NULL AND "{gap.fact_id}.reason" IS NOT NULL'  # noqa: S608
                f" AND \"{gap.fact_id}.reason\" <> 'not_applicable'"
            ).fetchall()
            assert missing == gap.missing == sum(n for _, n in gap.reasons)
            assert all(n <= gap.missing for _, _, n in gap.gates)
    order = [(-g.held, -g.capped, -g.open_points) for g in gaps]
    assert order == sorted(order)


BUY = SIZES % {
    "staff": "false",
    "unknown": "review",
    "insured": "of: insured_count, points: [[0, 0], [200, 30]]",
    "floor": 10,
}
POOL = [
    {"staff": "100", "insured_staff": "", "listed": ""},
    {"staff": "", "insured_staff": "", "listed": "否"},
    {"staff": "", "insured_staff": "80", "listed": "否"},
    {"staff": "60", "insured_staff": "60", "listed": ""},
]
FILLED = {"staff": "120", "insured_staff": "90", "listed": "否"}
COLUMN = {"staff_count": "staff", "insured_count": "insured_staff", "on_market": "listed"}


@pytest.mark.parametrize("without", [(), ("listed",), ("staff", "listed")])
def test_what_a_column_would_settle_is_what_buying_it_settles(tmp_path: Path, without: tuple[str, ...]) -> None:
    """Each column is bought for real and the run made again: doubt in points goes, companies leave review or the cap, as was foretold."""

    def bought(*columns: str) -> tuple[dict[str, DataGap], pl.DataFrame]:
        there = [c for c in FILLED if c not in without or c in columns]
        rows = [
            [row[c] or (FILLED[c] if c in columns else "") if c not in without else FILLED[c] for c in there]
            for row in POOL
        ]
        lines = [["company_id", "name", *there], *([f"c{n}", f"虚构{n}有限公司", *row] for n, row in enumerate(rows))]
        with judged(tmp_path / "-".join(("bought", *columns)), BUY, "\n".join(map(",".join, lines)) + "\n") as found:
            return {g.fact_id: g for g in data_gaps(found)}, found.wide("FROM ranking")

    gaps, before = bought()
    assert set(gaps) == set(COLUMN)
    assert next(iter(gaps)) == "on_market", "gates first, whatever the points"
    for fact_id, gap in gaps.items():
        _, after = bought(COLUMN[fact_id])
        doubt = [(r["score_high"] - r["score_low"]).sum() for r in (before, after)]
        assert doubt[0] - doubt[1] == gap.open_points
        for outcome, told in (("review", gap.held), ("ranked", gap.capped)):
            left = before.filter(
                (pl.col("outcome") == outcome) & pl.col("outcome_reason").is_in(["not_listed", "not_run"])
            )
            settled = left.join(after.filter(pl.col("outcome") == "shortlisted"), on="company_id", how="semi")
            assert settled.height == told, (fact_id, outcome)


def test_the_command_answers_for_the_pool_and_wants_names_for_files(sample_dir: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(group, ["ask", "--run", str(sample_dir), "--json"])
    assert json.loads(told.stdout)["gaps"]
    refused = CliRunner().invoke(group, ["ask", "--run", str(sample_dir), "--html", str(tmp_path / "x.html")])
    assert refused.exit_code == 2
