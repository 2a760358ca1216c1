"""What a fund holds, as relations of the run: by whatever name its books call a company, against its own limit, unknown where no amount is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.analysis.companies import company_records
from screening.analysis.fund_terms import exposure
from screening.analysis.portfolio import choose
from screening.api import open_run
from screening.cli.fund import exposure_lines
from screening.cli.portfolio import lines
from screening.dataset.manifest import read_fund
from screening.errors import DatasetError
from screening.report.printer import Printer, printer
from screening.report.wording import Words
from screening.result.portfolio import Candidate
from screening.rulebook.loader import load_pack
from screening.rulebook.names import direction_names
from screening.run import portfolio as module
from screening.run.limits import Plan
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.portfolio import portfolio
from screening.run.portfolio_files import write_relations
from screening.run.ranking_files import ranking_sheet, ranking_table
from screening.run.screening import run

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
pack: {id: tiny, version: "1", label: 小表, tables: company.yaml}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size: {label: 规模, criteria: {staff_points: {label: 人数, score: {of: staff_count, points: [[0, 0], [200, 50]]}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= 10, set_by: fund}
"""
FILES = {
    "companies.csv": "company_id,name,staff\na,虚构甲有限公司,100\nb,虚构乙有限公司,80\nc,虚构丙有限公司,60\nd,虚构丁有限公司,60\n",
    "deal.csv": "company_id,ask\na,1000万元\nb,1000万元\nc,1000万元\nd,1000万元\n",
    "holdings.csv": "holding_id,company_id,name,city,invested,status,exited_on,exited_cost,exit_method,proceeds\n"
    "1,a,旧名,广州市,36000000,部分退出,2025-03-01,6000000,老股转让,9000000\n2,,虚构甲有限公司,广州市,10000000.01,,,,,\n"
    "3,,虚构乙有限公司,深圳市,,,,,,\n4,zz,池外有限公司,,5000000,,,,,\n5,c,虚构丙有限公司,深圳市,40000000,,2026-09-01,,,\n"
    "6,a,虚构甲有限公司,广州市,70000000,已退出,2024-12-01,,并购,\n7,d,虚构丁有限公司,深圳市,90000000,已退出,2025-05-06,,回购,95000000\n"
    "8,d,虚构丁有限公司,深圳市,1000000,,2026-01-31,,转让,\n",
    "fund.yaml": "id: f\nlabel: 虚构基金\nsize: 2亿元\nconcentration: {basis: committed, limit: 20%}\n",
    "dataset.yaml": "dataset: {id: d, label: 虚构, as_of: 2026-06-30}\ntables:\n"
    "  companies: {files: [{file: companies.csv}]}\n  deal: {files: [{file: deal.csv}]}\n  holdings: {files: [{file: holdings.csv}]}\n",
}


@pytest.fixture(scope="module")
def held_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    (folder / "pack").mkdir()
    (folder / "pack" / "pack.yaml").write_text(RULES, encoding="utf-8")
    (folder / "data").mkdir()
    for name, content in FILES.items():
        (folder / "data" / name).write_text(content, encoding="utf-8")
    return run(Options(rules=str(folder / "pack"), data=folder / "data", out=folder, dossiers="none")).run_dir


def test_holdings_are_told_by_company_and_against_the_limit_of_the_fund(held_run: Path) -> None:
    frame = pl.read_parquet(held_run / "result" / "fund_holdings.parquet", glob=False)
    told = {
        r["holding_id"]: (r["invested"], r["untold"], r["over"], r["rank"] is not None)
        for r in frame.iter_rows(named=True)
    }
    # 20 % of 2亿 committed are 4,000万: one fen more is over; an amount that is not told may be anything.
    assert told == {
        "a": (Decimal("40000000.01"), 0, True, True),
        "b": (Decimal("0.00"), 1, None, True),
        "c": (Decimal("40000000.00"), 0, False, True),
        "zz": (Decimal("5000000.00"), 0, False, False),
    }


def test_a_company_that_was_left_whole_is_told_as_held_once(held_run: Path) -> None:
    """Expected: of `a` one ticket is left and another in part; of `d` both; the exit of `c` is dated after the date of knowledge."""
    result = held_run / "result"
    holdings = pl.read_parquet(result / "fund_holdings.parquet", glob=False).filter(pl.col("holding_id") == "a")
    assert holdings.select("holdings", "partly_exited", "liquidating", "exited").row(0) == (2, 1, 0, 1)
    left = pl.read_parquet(result / "fund_exits.parquet", glob=False)
    told = left.select("holding_id", "holdings", "invested", "exited_on", "methods", "proceeds", "proceeds_untold")
    assert told.rows() == [("d", 2, Decimal("91000000.00"), date(2026, 1, 31), "回购; 转让", Decimal("95000000.00"), 1)]
    with opened(held_run) as data:
        [record] = company_records(data, ["d"])
        found = exposure(data)
    assert record.limits is not None
    assert (record.limits.holds_it, record.limits.once_held, record.limits.exited_on) == (
        False,
        True,
        date(2026, 1, 31),
    )
    assert [(x.holding_id, x.proceeds) for x in found.exits] == [("d", None)], "not all of them tell what came back"
    page = (held_run / "report.html").read_text(encoding="utf-8")
    assert "另有 1 家曾投、已全部退出" in page
    assert '<span class="held">曾投</span>' in page
    says = "\n".join(exposure_lines(found, printer("en")))
    assert "2026-01-31" in says
    assert "1 exited in part" in says


def test_what_was_put_into_a_city_stays_put_in_after_an_exit(held_run: Path) -> None:
    found = open_run(held_run).reinvestment(Decimal(1), Decimal(10**8), "深圳市")
    assert (found.counted, found.holdings, found.unknown) == (Decimal("131000000.00"), 3, 2)


def test_the_exposure_adds_up_to_all_that_is_held(held_run: Path) -> None:
    frame = pl.read_parquet(held_run / "result" / "fund_exposure.parquet", glob=False)
    assert frame["invested"].sum() == Decimal("85000000.01")
    assert (frame["holdings"].sum(), frame["untold"].sum()) == (5, 1)
    assert frame.filter(pl.col("city").is_null())["invested"].to_list() == [Decimal("5000000.00")]


def test_a_run_made_before_places_came_from_the_ranking_is_still_read(held_run: Path) -> None:
    with opened(held_run) as data:
        told = exposure(data)
        data.connection.execute(
            "CREATE TEMP TABLE fund_exposure AS SELECT * EXCLUDE (city_of_run, domain_of_run) FROM main.fund_exposure"
        )
        assert replace(told, of_run=(0, 0)) == exposure(data)


def test_a_group_of_which_no_amount_is_told_comes_to_nothing_known(held_run: Path) -> None:
    """Given one holding in 深圳 with an amount and one without; expect the sum of what is told with the rest said, and no zero where none is."""
    with opened(held_run) as data:
        told = exposure(data)
    assert [g for g in told.groups if g[1] == "深圳市"] == [("city", "深圳市", Decimal("40000000.00"), 1)]
    untold = replace(told, groups=(("city", "珠海市", None, 2), *told.groups))
    shown = [line for line in exposure_lines(untold, Printer(Words("zh"))) if "珠海市" in line or "深圳市" in line]
    assert [line.split() for line in shown] == [
        ["未知", "珠海市", "另有", "2", "笔金额未知"],
        ["4,000", "万元", "深圳市", "另有", "1", "笔金额未知"],
    ]


def test_a_holding_is_marked_in_the_ranking(held_run: Path) -> None:
    table = pl.read_csv(held_run / "ranking.csv")
    assert {
        row[0]: row[1:]
        for row in table.select("企业编号", "基金持有", "基金已投(元)", "基金曾投、已退出(元)").iter_rows()
    } == {
        "a": ("已投", 40000000.01, None),
        "b": ("已投，金额未知", None, None),
        "c": ("已投", 40000000.0, None),
        "d": ("曾投", None, 91_000_000.0),
    }
    kinds = {header: kind for header, _, kind in ranking_sheet(table)[0]}
    assert (kinds["基金持有"], kinds["基金已投(元)"], kinds["基金曾投、已退出(元)"]) == ("", "cny", "cny")


@pytest.mark.parametrize(
    ("own", "zh", "en", "amount"),
    [
        ((2, 1, "5000000"), "已投，另有 1 笔金额未知", "held, 1 more without an amount", 5_000_000),
        ((2, 2, "0"), "已投，金额未知", "held, amount not known", None),
        ((1, 0, "0"), "已投", "held", 0),  # a nominal stake that the books tell as nothing: a zero that is known
    ],
)
def test_only_a_zero_that_the_books_tell_is_shown(
    held_run: Path, own: tuple[int, int, str], zh: str, en: str, amount: int | None
) -> None:
    ranking = pl.read_parquet(held_run / "result" / "ranking.parquet", glob=False)
    with opened(held_run) as data:
        pack = data.pack
    held = pl.DataFrame({"company_id": ["b"], "holdings": [own[0]], "untold": [own[1]], "invested": [Decimal(own[2])]})
    for lang, said, headers in (
        ("zh", zh, ("基金持有", "基金已投(元)")),
        ("en", en, ("The fund's", "Held by the fund, yuan")),
    ):
        table = ranking_table(ranking, pack, lang, None, held)
        assert table.filter(pl.col(headers[0]).is_not_null()).select(headers).rows() == [(said, amount)]


def test_a_company_whose_room_is_not_known_is_no_candidate(held_run: Path) -> None:
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    with opened(held_run) as data:
        answer = portfolio(data, Plan.model_validate({"budget": "1亿元", "outcomes": ["shortlisted", "ranked"]}))
    assert {c: why for c, _, why in answer.left} == {"a": "concentration", "b": "held_unknown", "c": "concentration"}
    assert [c.company_id for c in answer.portfolio.chosen] == ["d"]


def test_a_limit_on_what_is_paid_in_needs_to_be_told_how_much_that_is(tmp_path: Path) -> None:
    path = tmp_path / "fund.yaml"
    path.write_text("id: f\nlabel: 虚构\nsize: 2亿元\nconcentration: {basis: paid_in, limit: 20%}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="say how much that is"):
        read_fund(path)


def test_the_choice_is_written_as_relations_that_add_up(held_run: Path, tmp_path: Path) -> None:
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    limits = [{"by": "city", "of": "广州市", "at_most": "9000万元", "with_holdings": True}]
    plan = Plan.model_validate({"budget": "900万元", "outcomes": ["shortlisted", "ranked"], "limits": limits})
    with opened(held_run) as data:
        answer = portfolio(data, plan)
    write_relations(answer, tmp_path)
    choice, told, exposure = (
        pl.read_parquet(tmp_path / f"{n}.parquet", glob=False) for n in ("choice", "limits", "exposure")
    )
    # 900万 do not do for a ticket of 1,000: nobody can be taken, and the budget says why.
    states = {r["company_id"]: (r["state"], r["reason"]) for r in choice.iter_rows(named=True)}
    assert states["d"] == ("stayed_out", "budget")
    assert states["b"] == ("left", "held_unknown")
    # The holding whose city is not told may be in 广州, and counts there.
    assert told.filter(pl.col("limit_id") != "budget").select("held", "untold").row(0) == (4_501, 0)
    assert exposure["held"].sum() == 4_001 + 4_000 + 500, "sums are rounded up once, not holding by holding"
    assert exposure["placed"].sum() == 0
    assert (tmp_path / "choice.csv").read_bytes().startswith(b"\xef\xbb\xbf")


CITY = {"by": "city", "with_holdings": True}


@pytest.mark.parametrize(
    ("line", "held", "untold", "state"),
    [
        # 乙 is held in 深圳, nobody says with how much: nothing passes a limit for want of an amount.
        ({**CITY, "of": "深圳市", "at_most": "9000万元"}, 4_500, 1, "nobody"),
        ({**CITY, "of": "深圳市", "at_most": "90%"}, 4_500, 1, "nobody"),
        ({**CITY, "of": "深圳市", "at_least": "4000万元"}, 4_000, 0, "chosen"),
        ({**CITY, "of": "深圳市", "at_least": "4000.01万元"}, 4_000, 0, "infeasible"),
        # As a share 广州 stands at 4,000 of 8,500 and whatever 乙 was paid.
        ({**CITY, "of": "广州市", "at_least": "10%"}, 4_000, 1, "infeasible"),
        ({**CITY, "of": "广州市", "at_most": "60%"}, 4_501, 0, "chosen"),
        # It has one company for sure and may have a second: not shown to be kept, and no third goes in.
        ({**CITY, "of": "广州市", "at_most": "1家"}, 1, 1, "nobody"),
        ({**CITY, "of": "广州市", "at_most": "2家"}, 2, 0, "infeasible or chosen"),
        ({**CITY, "of": "广州市", "at_least": "2家"}, 1, 0, "infeasible"),
    ],
    ids=str,
)
def test_nothing_passes_a_limit_because_it_is_not_told(
    held_run: Path, line: dict[str, object], held: int, untold: int, state: str
) -> None:
    """Given 5,000万 more to place in 丁, whose city is not told."""
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    plan = Plan.model_validate({"budget": "5000万元", "outcomes": ["shortlisted", "ranked"], "limits": [line]})
    with opened(held_run) as data:
        answer = portfolio(data, plan)
    [limit] = answer.choice.limits
    assert (limit.held, limit.untold) == (held, untold)
    assert answer.portfolio.state in state
    told = "\n".join(lines(answer, Words("zh"), {}))
    assert ("是否满足无从核对" in told) == (untold > 0)


FEN = st.integers(1, 10**14).map(lambda n: Decimal(n) / 100)


@given(FEN, FEN, st.none() | FEN, FEN)
def test_what_is_planned_never_passes_the_ask_the_ticket_or_the_room_by_a_fen(
    ask: Decimal, most: Decimal, held: Decimal | None, limit: Decimal
) -> None:
    """Given amounts with fen, to a hundred times the largest fund; expect whole 万元 that keep to each, up to the next 万元 of the ask."""
    row = {
        **dict.fromkeys(("company_id", "uscc", "name", "city", "domain_id", "direction_id", "life_stage", "track", "tier"), "x"),
        "ask": ask, "held": held or Decimal(0), "untold": 0, "score": 50, "rank": 1,
    }  # fmt: skip
    cap = int(limit // 10_000)
    found = module._candidate(row, Plan.model_validate({"ticket": ["0.01元", f"{most}元"]}), {}, cap, set())
    if isinstance(found, Candidate):
        planned = Decimal(found.planned) * 10_000
        assert 0 < planned <= most
        assert planned < ask + 10_000
        assert (held or 0) + planned <= limit
    else:
        assert (found == "below_ticket" and min(ask, most) < 10_000) or (
            found == "concentration" and (held or 0) + 10_000 > cap * 10_000 - 10_000
        )


def test_a_company_that_is_held_already_is_no_further_company(held_run: Path) -> None:
    """Expected: rows 1 and 2 are one company; who is held counts once, chosen or not, and its place is taken only once."""
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    limits = [{"by": "company", "each": True, "at_most": "1家", "with_holdings": True}]
    limits += [{"by": "city", "of": "广州市", "at_most": "2家", "with_holdings": True}]
    plan = Plan.model_validate({"budget": "1亿元", "outcomes": ["shortlisted", "ranked"], "limits": limits})
    with opened(held_run) as data:
        answer = portfolio(data, plan)
    assert answer.portfolio.state == "chosen"
    assert {limit.id: limit.held for limit in answer.choice.limits} == {"company d ≤ 1家": 0, "city 广州市 ≤ 2家": 2}
    again = Candidate("a", "虚构甲有限公司", Decimal(50), 1, Decimal(10_000_000), 1_000, {"city": "广州市"})
    new = Candidate("n", "虚构新有限公司", Decimal(40), 2, Decimal(10_000_000), 1_000, {"city": "广州市"})
    choice = replace(answer.choice, candidates=(again, new), limits=answer.choice.limits[-1:])
    found = choose(choice)
    assert [c.company_id for c in found.chosen] == ["a"], "more for a company that is held is no second company"
    assert [s.blocked_by for s in found.stayed_out] == [("city 广州市 ≤ 2家",)]


WIDE = RULES.replace("expr: staff}", "expr: staff, actionable: true}").replace(
    "set_by: fund}\n", "set_by: fund, robustness: {draws: 100, top: 2, pillars: 20%, halves: 10%, set_by: fund}}\n"
)
ANSWERS = ("lift", "fund_holdings", "fund_exposure", "fund_exits", "robustness")


def answered(
    folder: Path, content: dict[str, str], threads: int
) -> tuple[str, dict[str, list[tuple[object, ...]]], object]:
    """Run on files of such content; return the result digest, the answers and the portfolio chosen."""
    (folder / "pack").mkdir(parents=True)
    (folder / "pack" / "pack.yaml").write_text(WIDE, encoding="utf-8")
    for name, text in content.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = run(Options(rules=str(folder / "pack"), data=folder, out=folder / "runs", dossiers="all", threads=threads))
    rows = {n: pl.read_parquet(done.run_dir / "result" / f"{n}.parquet", glob=False).rows() for n in ANSWERS}
    with opened(done.run_dir) as data:
        chosen = portfolio(data, Plan.model_validate({"budget": "1500万元"})).portfolio.chosen
    return done.manifest["result_digest"], rows, chosen


def test_shuffled_rows_and_more_threads_give_the_same_answers_and_what_lifts_does_lift(tmp_path: Path) -> None:
    """Every answer from other row orders on 4 threads; then each change that is told as lifting is made in the data, and the run again."""
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    low = FILES | {"companies.csv": FILES["companies.csv"].replace("甲有限公司,100", "甲有限公司,20")}
    first = answered(tmp_path / "first", low, 1)
    assert all(first[1][n] for n in ANSWERS) and first[2]
    turned = dict(low)
    for name in (n for n in low if n.endswith(".csv")):
        head, *rows = low[name].splitlines()
        Random(name).shuffle(rows)
        turned[name] = "\n".join([head, *rows]) + "\n"
    assert turned != low
    assert answered(tmp_path / "turned", turned, 4) == first
    names = pl.read_parquet(next((tmp_path / "first" / "runs").glob("*/result/lift.parquet")), glob=False)
    [way] = names.filter((pl.col("company_id") == "a") & (pl.col("kind") == "lifts")).rows(named=True)
    assert (way["fact"], way["before"], way["outcome"]) == ("staff_count", "20", "shortlisted")
    made = low | {"companies.csv": low["companies.csv"].replace("甲有限公司,20", f"甲有限公司,{way['after']}")}
    answered(tmp_path / "made", made, 1)
    before, after = (
        {r["company_id"]: r for r in pl.read_parquet(f, glob=False).iter_rows(named=True)}
        for run_ in ("first", "made")
        for f in (tmp_path / run_ / "runs").glob("*/result/ranking.parquet")
    )
    assert (after["a"]["outcome"], after["a"]["score"]) == (way["outcome"], way["score"])
    assert after["a"]["rank"] <= before["a"]["rank"], "more of a wanted fact lowers no rank"
    assert all(after[c]["score"] == before[c]["score"] for c in "bcd")


def test_a_fund_that_holds_nothing_yet_can_choose(tmp_path: Path) -> None:
    """Expected: no table of holdings is no holding, not a missing table of offers; nobody is left for the limit."""
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.yaml").write_text(RULES, encoding="utf-8")
    manifest = FILES["dataset.yaml"].replace("  holdings: {files: [{file: holdings.csv}]}\n", "")
    for name, content in {**FILES, "dataset.yaml": manifest}.items():
        if name != "holdings.csv":
            (tmp_path / name).write_text(content, encoding="utf-8")
    done = run(Options(rules=str(tmp_path / "pack"), data=tmp_path, out=tmp_path / "out", dossiers="none"))
    with opened(done.run_dir) as data:
        answer = portfolio(data, Plan.model_validate({"budget": "2000万元", "outcomes": ["shortlisted", "ranked"]}))
    assert [c.company_id for c in answer.portfolio.chosen] == ["a", "b"]
    assert answer.left == ()
    assert 'id="fund"' not in (done.run_dir / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [2, 4, 9])
def test_of_companies_that_nothing_tells_apart_the_lower_ids_are_chosen(held_run: Path, size: int) -> None:
    pytest.importorskip("highspy", reason="the extra `portfolio` is not installed")
    with opened(held_run) as data:
        choice = portfolio(data, Plan.model_validate({"budget": "1亿元"})).choice
    alike = tuple(Candidate(f"k{i}", "虚构", Decimal(50), 1, Decimal(10_000_000), 1_000, {}) for i in range(size))
    for many in range(1, size):
        found = choose(replace(choice, candidates=alike[::-1], limits=(), budget=many * 1_000))
        assert [c.company_id for c in found.chosen] == [c.company_id for c in alike[:many]]


def named_holdings(held: list[tuple[str, str | None, str | None, str | None]]) -> list[dict[str, Any]]:
    """Return holdings (id, company, city, direction as written) as a run of five companies understands them."""
    names = direction_names(load_pack("guangdong-2024").pack)
    listed = [[*names], [d for d, _ in names.values()], [d for _, d in names.values()]]
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE ranking AS SELECT *, NULL AS uscc, company_id AS name FROM (VALUES"
            " ('in', '广州市', '二(四)', '二(四)1', 'told', 'ranked'), ('near', '深圳市', '二(四)', '二(四)1', 'nearest', 'review'),"
            " ('out', '珠海市', '二(四)', '二(四)1', 'nearest', 'out_of_scope'), ('nowhere', NULL, '二(一)', NULL, NULL, 'ranked')"
            ") AS t (company_id, city, domain_id, direction_id, direction_basis, outcome)"
        )
        connection.execute(
            'CREATE TABLE "holdings as stored" (holding_id VARCHAR, company_id VARCHAR, city VARCHAR, direction_id VARCHAR,'
            " name VARCHAR, invested INTEGER DEFAULT 7, state VARCHAR, at_stake INTEGER DEFAULT 0)"
        )
        connection.executemany(
            'INSERT INTO "holdings as stored" (holding_id, company_id, city, direction_id) VALUES (?, ?, ?, ?)', held
        )
        sql = files("screening.analysis").joinpath("sql", "holdings_named.sql").read_text(encoding="utf-8")
        query = connection.execute(sql, dict(zip(("names", "domains", "directions"), listed, strict=True)))
        columns = [c[0] for c in query.description or ()]
        return sorted(
            (dict(zip(columns, row, strict=True)) for row in query.fetchall()), key=lambda r: str(r["holding_id"])
        )


def test_where_the_books_say_nothing_of_a_place_the_run_tells_it() -> None:
    """Given holdings that name no city, no direction, one of them or one that is none of the plan; expect what the run knows in the gaps alone, and said."""
    found = named_holdings(
        [
            ("1", "in", None, None),
            ("2", "in", "惠州市", "二(一)1"),
            ("3", "in", "惠州市", "别的方向"),
            ("4", "near", None, None),
            ("5", "out", None, None),
            ("6", "nowhere", None, None),
            ("7", "absent", None, None),
        ]
    )
    assert [(r["city"], r["domain_id"], r["direction_id"], r["city_of_run"], r["direction_of_run"]) for r in found] == [
        ("广州市", "二(四)", "二(四)1", True, True),
        ("惠州市", "二(一)", "二(一)1", False, False),
        ("惠州市", None, "别的方向", False, False),
        ("深圳市", "二(四)", None, True, True),
        ("珠海市", None, None, True, False),
        (None, "二(一)", None, False, True),
        (None, None, None, False, False),
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("二(一)1", ("二(一)", "二(一)1")),
        (" 高速全光通信 ", ("二(一)", "二(一)1")),
        ("高速全光通信（最接近）", ("二(一)", None)),
        ("未来网络", ("二(一)", None)),
        ("餐饮", (None, "餐饮")),
        (None, (None, None)),
    ],
)
def test_a_holding_is_of_the_direction_that_its_books_name(
    written: str | None, told: tuple[str | None, str | None]
) -> None:
    [found] = named_holdings([("x", None, None, written)])
    assert (found["domain_id"], found["direction_id"]) == told
    assert (found["state"], found["at_stake"]) == ("held", 7), "a run made before exits were known"


def test_holdings_without_any_id_are_told_apart_by_name(tmp_path: Path) -> None:
    """Expected: two outsiders are two companies, two tickets of one are one; the limit is for each, not for all that have no id."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.yaml").write_text(RULES, encoding="utf-8")
    table = "被投企业,投资金额（万元）,项目状态\n池外甲有限公司,2500,在管\n池外乙有限公司,1500,在管\n池外甲有限公司,1000,\n池外丙有限公司,900,已退出\n"
    for name, content in {**FILES, "holdings.csv": table}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = run(Options(rules=str(tmp_path / "pack"), data=tmp_path, out=tmp_path / "out", dossiers="none"))
    frame = pl.read_parquet(done.run_dir / "result" / "fund_holdings.parquet", glob=False)
    assert frame.select("holding_id", "holdings", "invested", "over").rows() == [
        ("池外乙有限公司", 1, Decimal("15000000.00"), False),
        ("池外甲有限公司", 2, Decimal("35000000.00"), False),
    ]
    left = pl.read_parquet(done.run_dir / "result" / "fund_exits.parquet", glob=False)
    assert left["name"].to_list() == ["池外丙有限公司"]


def test_holdings_of_one_company_are_one_however_its_name_is_spelt(tmp_path: Path) -> None:
    """Expected: an id that one ticket tells counts for the others of its name; of a name that two ids have, nobody knows whose it is."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.yaml").write_text(RULES, encoding="utf-8")
    table = (
        "holding_id,company_id,name,invested\n1,zz,池外（深圳）有限公司,3000万元\n2,,池外(深圳) 有限公司,1500万元\n"
        "3,a,甲之商号,3500万元\n4,,甲之商号,1000万元\n5,x1,同名有限公司,1万元\n6,x2,同名有限公司,2万元\n7,,同名有限公司,3万元\n"
    )
    for name, content in {**FILES, "holdings.csv": table}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = run(Options(rules=str(tmp_path / "pack"), data=tmp_path, out=tmp_path / "out", dossiers="none"))
    frame = pl.read_parquet(done.run_dir / "result" / "fund_holdings.parquet", glob=False)
    assert [(r["holding_id"], int(r["invested"]) // 10_000, r["over"]) for r in frame.iter_rows(named=True)] == [
        ("7", 3, False), ("a", 4500, True), ("x1", 1, False), ("x2", 2, False), ("zz", 4500, True),
    ]  # fmt: skip
    with opened(done.run_dir) as data:
        [record] = company_records(data, ["a"])
        held = data.rows("held_companies")
    assert record.limits is not None
    assert next(r["at_stake"] for r in held if r["company_id"] == "a") == Decimal(45_000_000)
