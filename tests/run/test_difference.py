"""Two runs of a small pack: what moved each company, cause by cause, and that the causes add up to the whole move."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner

from screening.cli import group
from screening.cli.diff import lines
from screening.errors import RunError
from screening.report.wording import Words
from screening.result.records import Text
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run.difference import difference
from screening.run.difference_files import write_page, write_workbook
from screening.run.moves import compare
from screening.run.options import Options
from screening.run.rule_changes import Reach
from screening.run.screening import run
from tests.run.shared import DEVICES, MEALS, PACK, companies, small, two_companies

if TYPE_CHECKING:
    from screening.result.difference import CompanyChange, Difference

RULES = """
pack: {id: tiny, version: "%(version)s", label: 小表, tables: company.yaml}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
  defaults: {label: 失信记录, type: integer, range: [0, 100], from: risk_events, take: count, if_none: 0}
gates:
  default_listed: {label: 失信, fails_when: defaults > 0, effect: reject, on_unknown: review, valid_for: 90天, set_by: fund, message: 失信。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size: {label: 规模, criteria: {staff_points: {label: 人数, score: {of: staff_count, points: [[0, 0], [100, 100]]}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= %(floor)s, set_by: fund}
"""


def screened(
    folder: Path,
    name: str,
    staff: dict[str, int],
    *,
    as_of: str = "2026-06-30",
    floor: int = 50,
    searched: str = "2026-06-20",
) -> Path:
    """Run a pack with a floor on companies of so many staff, whose risk records were searched on a day."""
    place = folder / name
    (place / "pack").mkdir(parents=True)
    (place / "pack" / "pack.yaml").write_text(RULES % {"floor": floor, "version": f"floor {floor}"}, encoding="utf-8")
    rows = "\n".join(f"{i},虚构{i}有限公司,{n}" for i, n in staff.items())
    (place / "companies.csv").write_text(f"company_id,name,staff\n{rows}\n", encoding="utf-8")
    (place / "risk.csv").write_text("company_id,kind,occurred_on\n", encoding="utf-8")
    (place / "dataset.yaml").write_text(
        "dataset: {id: tiny, label: 小数据}\n"
        "tables:\n"
        "  companies: [{file: companies.csv}]\n"
        f"  risk_events: {{files: [{{file: risk.csv}}], absence: zero, searched_on: {searched}}}\n",
        encoding="utf-8",
    )
    options = Options(
        rules=str(place / "pack"),
        data=place,
        out=place / "runs",
        dossiers="none",
        as_of=datetime.date.fromisoformat(as_of),
    )
    return run(options).run_dir


Made = Callable[..., Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the run of so many staff, made once for all who only read it."""
    runs: dict[str, Path] = {}

    def run_of(staff: dict[str, int], **more: Any) -> Path:
        key = json.dumps([staff, more], sort_keys=True)
        if key not in runs:
            runs[key] = screened(tmp_path_factory.mktemp("run"), "made", staff, **more)
        return runs[key]

    return run_of


def only(result: Difference, company_id: str) -> CompanyChange:
    return next(c for c in result.changed if c.company_id == company_id)


def test_two_runs_of_the_same_things_differ_in_nothing(made: Made, tmp_path: Path) -> None:
    staff = {"a": 60, "b": 40}
    assert not difference(made(staff), screened(tmp_path, "again", staff)).changes_something


def test_a_clean_company_that_fell_because_its_search_expired_is_told_so(made: Made) -> None:
    before = made({"a": 60})
    after = made({"a": 60}, as_of="2026-12-30")
    change = only(difference(before, after), "a")
    assert (change.before["outcome"], change.after["outcome"]) == ("shortlisted", "review")
    assert change.decisive == "date"
    (step,) = change.steps
    assert (step.cause, step.expired, step.score) == ("date", ("default_listed",), Decimal(0))


def test_rules_and_data_each_have_their_share_and_the_shares_add_up(made: Made) -> None:
    before = made({"a": 60, "b": 40})
    after = made({"a": 55, "b": 45}, floor=65)
    result = difference(before, after)
    a, b = only(result, "a"), only(result, "b")
    assert a.decisive == "rules", "60 meets 50 and misses 65, before its data changed"
    assert {s.cause: s.score for s in a.steps} == {"rules": Decimal(0), "data": Decimal(-5)}
    assert [s.cause for s in b.steps] == ["data"]
    for change in result.changed:
        whole = change.after["score"] - change.before["score"]
        assert whole == sum(s.score or 0 for s in change.steps) + (change.remainder or 0)
        assert change.remainder == 0
    assert any("verdict.shortlist_when" in edit for edit in result.edits)


def test_who_is_not_judged_any_more_is_told_why_and_not_every_rule_that_went_with_it(tmp_path: Path) -> None:
    def one(name: str, scope: str, staff: str) -> Path:
        table = companies(tmp_path / f"{name}.csv", ("样例甲科技有限公司", scope, staff))
        return small(table, tmp_path / name, dossiers="none").run_dir

    ranked, out, rejected = one("a", DEVICES, "60"), one("b", MEALS, "60"), one("c", DEVICES, "1001")
    for before, after, told in (
        (ranked, out, ["classification"]),
        (out, ranked, ["classification"]),
        (out, rejected, ["classification", "too_many"]),
    ):
        (change,) = difference(before, after).changed
        assert [c.rule_id for step in change.steps for c in step.rules] == told


def test_who_came_and_who_dropped_out_is_listed(made: Made) -> None:
    before = made({"a": 60, "b": 40})
    after = made({"a": 60, "c": 70})
    result = difference(before, after)
    assert [(r.company_id, r.outcome) for r in result.entered] == [("c", "shortlisted")]
    assert [(r.company_id, r.outcome) for r in result.left] == [("b", "ranked")]
    # The one that stayed moved down by one place, and through nothing of its own.
    assert [(c.company_id, c.steps) for c in result.changed] == [("a", ())]


def test_the_same_name_under_another_id_is_said_to_be_perhaps_the_same_company(made: Made, tmp_path: Path) -> None:
    before = made({"a": 60, "b": 40, "c": 30})
    screened(tmp_path, "new", {"a": 60, "B-2": 70, "d": 20})
    new = tmp_path / "new"
    table = (new / "companies.csv").read_text(encoding="utf-8").replace("虚构B-2", "虚构b")
    (new / "companies.csv").write_text(table, encoding="utf-8")
    day = datetime.date(2026, 6, 30)
    after = run(Options(rules=str(new / "pack"), data=new, out=new / "again", dossiers="none", as_of=day)).run_dir
    result = difference(before, after)
    assert [(was.company_id, now.company_id) for was, now in result.renumbered] == [("b", "B-2")]
    assert "虚构b有限公司 b → B-2" in "\n".join(lines(result, Words("zh"), 20))
    write_workbook(result, tmp_path / "diff.xlsx", "zh")
    lists = pl.read_excel(tmp_path / "diff.xlsx", sheet_id=2, engine="calamine", has_header=False)
    assert any("虚构b有限公司 b → B-2" in str(cell) for cell in lists.to_series(0))


def test_a_new_search_undoes_what_its_age_did(made: Made) -> None:
    before = made({"a": 60})
    after = made({"a": 60}, as_of="2026-12-30", searched="2026-12-20")
    result = difference(before, after)
    change = next((c for c in result.changed if c.company_id == "a"), None)
    assert change is not None
    assert change.decisive is None
    assert [(s.cause, s.outcome_after) for s in change.steps] == [("date", "review"), ("data", "shortlisted")]


def test_the_command_prints_writes_and_says_by_its_exit_code(made: Made, tmp_path: Path) -> None:
    before, after = made({"a": 60}), made({"a": 30})
    page, book = tmp_path / "out" / "diff.html", tmp_path / "out" / "diff.xlsx"
    done = CliRunner().invoke(
        group,
        ["diff", str(before), str(after), "--html", str(page), "--xlsx", str(book), "--lang", "en", "--fail-on-change"],
    )
    assert done.exit_code == 1, done.output
    assert "data  -30.00  Short-listed → Long list" in done.output
    assert "虚构a有限公司" in page.read_text(encoding="utf-8")
    rows = pl.read_excel(book, engine="calamine")
    assert rows["Company id"].to_list() == ["a"]
    assert rows["Score moved by data"].to_list() == [-30.0]
    told = CliRunner().invoke(group, ["diff", str(before), str(after), "--json"])
    assert json.loads(told.stdout)["changed"][0]["decisive"] == "data"


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not a run folder"):
        difference(tmp_path, tmp_path)


def test_an_unwritable_place_is_a_message(made: Made) -> None:
    before = made({"a": 60})
    result = difference(before, before)
    for write in (write_page, write_workbook):
        with pytest.raises(RunError, match="cannot write"):
            write(result, before / "manifest.json" / "x", "zh")


def test_a_run_without_a_fund_is_not_called_damaged(made: Made) -> None:
    run = made({"a": 60})
    ended = CliRunner().invoke(group, ["fund", "--run", str(run), "--government", "4亿元", "--proceeds", "15亿元"])
    assert ended.exit_code == 2
    assert "have no fund.yaml" in ended.output and "damaged" not in ended.output


@pytest.mark.parametrize(
    ("rule", "state", "zh"),
    [
        ("classification", "二(四)1 trade", "新材料 贸易或服务"),
        ("classification", "None none", "无"),
        ("classification", "二(四)1 direction_open", "新材料 待人工判定"),
        ("life_stage", "seed,early", "种子、初创"),
        ("life_stage", "None", "无此项"),
        ("default_listed", "not_run", "未执行"),
        ("staff_points", "12.5", "12.5"),
    ],
)
def test_what_a_rule_gave_is_told_in_words(rule: str, state: str, zh: str) -> None:
    names = {
        "classification.二(四)1": Text("新材料"),
        "life_stage": Text("阶段"),
        "life_stage.seed": Text("种子"),
        "life_stage.early": Text("初创"),
    }
    assert Words("zh").moved(rule, state, names) == zh


def test_a_company_that_is_to_be_read_now_is_told_it_was_its_texts(tmp_path: Path) -> None:
    """The same direction and grade on both sides: only that a person must read it is new, or no longer so."""
    before = small(two_companies(tmp_path), tmp_path / "runs", dossiers="none").run_dir / "result"
    after = tmp_path / "after"
    shutil.copytree(before, after)
    outside = pl.col("outcome") == "out_of_scope"
    frame = pl.read_parquet(before / "ranking.parquet", glob=False)
    frame.with_columns(
        pl.when(outside).then(pl.lit("direction_open")).otherwise("outcome").alias("outcome"),
        pl.when(outside).then(pl.lit("to_be_read")).otherwise("outcome_reason").alias("outcome_reason"),
    ).write_parquet(after / "ranking.parquet")
    program = parse_pack(load_pack(PACK), datetime.date(2026, 6, 30)).program
    for pair, told in (
        ((before, after), ("None none", "None direction_open")),
        ((after, before), ("None direction_open", "None none")),
    ):
        [move], _ = compare(*pair, Reach(program, program, []), 0)
        [cause] = move.causes
        assert (cause.rule_id, cause.before, cause.after) == ("classification", *told)


RICH = """
pack: {id: rich, version: "1", label: 小表, tables: company.yaml}
parameters: {least_staff: {label: 下限, value: 10, unit: persons, set_by: fund}}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}
  founded_years: {label: 年限, type: integer, unit: months, range: [0, 1200], expr: "months_between(established_on, as_of)"}
gates:
  too_small: {label: 太小, fails_when: staff_count < least_staff, effect: reject, on_unknown: review, set_by: fund, message: 太小。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size: {label: 规模, criteria: {staff_points: {label: 人数, score: {of: staff_count, points: [[0, 0], [100, 50]]}, set_by: fund}}}
      age: {label: 年限, criteria: {age_points: {label: 年限, score: {of: founded_years, points: [[0, 0], [120, 50]]}, set_by: fund}}}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: "score >= 40 and size >= 5", set_by: fund}
"""
NEW_IDS = {
    "staff_count": "headcount",
    "too_small": "tiny_firm",
    "staff_points": "people_points",
    "size": "scale_of_firm",
    "least_staff": "floor_of_staff",
    "founded_years": "age_in_years",
}
LINES = ["a,虚构甲有限公司,60,2019-01-01", "b,虚构乙有限公司,5,2015-01-01", "c,虚构丙有限公司,40,2024-01-01"]


def rich(
    folder: Path, name: str, rules: str = RICH, rows: list[str] = LINES, lang: str = "zh", as_of: str = "2026-06-30"
) -> Path:
    place = folder / name
    (place / "pack").mkdir(parents=True)
    (place / "pack" / "pack.yaml").write_text(rules, encoding="utf-8")
    table = "\n".join(["company_id,name,staff,established_on", *rows])
    (place / "companies.csv").write_text(f"{table}\n", encoding="utf-8")
    options = Options(rules=str(place / "pack"), data=place / "companies.csv", out=place / "runs", dossiers="none", lang=lang, as_of=datetime.date.fromisoformat(as_of))  # fmt: skip
    return run(options).run_dir


def renamed(rules: str) -> str:
    for was, now in NEW_IDS.items():
        rules = re.sub(rf"\b{was}\b", now, rules)
    return rules


def test_rules_that_only_have_another_id_are_told_as_renamed_and_move_nobody(tmp_path: Path) -> None:
    before, after = rich(tmp_path, "old"), rich(tmp_path, "new", renamed(RICH))
    result = difference(before, after)
    assert {r.before: r.after for r in result.renamed} == NEW_IDS
    assert not result.changes_something
    assert not result.edits
    said = "\n".join(lines(result, Words("zh"), 20))
    assert "6 条规则只改了编号" in said
    assert "人数 [staff_points → people_points]" in said
    write_page(result, tmp_path / "diff.html", "en")
    assert "6 rules have another id" in (tmp_path / "diff.html").read_text(encoding="utf-8")
    write_workbook(result, tmp_path / "diff.xlsx", "zh")
    lists = pl.read_excel(tmp_path / "diff.xlsx", sheet_id=2, engine="calamine", has_header=False)
    assert any("[staff_points → people_points]" in str(cell) for cell in lists.to_series(0))


def test_an_edit_beside_a_new_id_is_told_by_itself(tmp_path: Path) -> None:
    """Expected: the floor is the one edit; the criterion whose bound moved is another rule than the one that went, and is no renaming."""
    rules = renamed(RICH).replace("score >= 40", "score >= 60").replace("[[0, 0], [100, 50]]", "[[0, 0], [80, 50]]")
    result = difference(rich(tmp_path, "old"), rich(tmp_path, "new", rules))
    assert {r.before for r in result.renamed} == NEW_IDS.keys() - {"staff_points", "size"}
    assert any("verdict.shortlist_when" in e for e in result.edits)
    assert not any("facts" in e or "gates" in e or "parameters" in e for e in result.edits)
    a = only(result, "a")
    assert [s.cause for s in a.steps] == ["rules"]
    assert a.after["score"] - a.before["score"] == a.steps[0].score


def test_two_rules_that_say_the_same_under_two_new_ids_are_not_told_apart(tmp_path: Path) -> None:
    twice = RICH.replace(
        "  founded_years:",
        "  staff_again: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff}\n  founded_years:",
    )
    twice = twice.replace("of: founded_years", "of: staff_again").replace("[[0, 0], [120, 50]]", "[[0, 0], [100, 50]]")
    other = re.sub(r"\bstaff_again\b", "y", re.sub(r"\bstaff_count\b", "x", twice))
    result = difference(rich(tmp_path, "old", twice), rich(tmp_path, "new", other))
    assert result.renamed == ()
    assert not result.changed, "who cannot be told apart is told as edits, and still nobody moves"


def test_a_run_in_chinese_and_one_in_english_differ_in_nothing_nor_do_labels_of_another_language(
    tmp_path: Path,
) -> None:
    before, after = rich(tmp_path, "old"), rich(tmp_path, "new", RICH.replace("label: 人数", "label: Staff"), lang="en")
    result = difference(before, after)
    assert not result.changes_something
    assert (result.edits, result.renamed) == ((), ())


def test_there_and_back_is_the_same_with_the_signs_turned(tmp_path: Path) -> None:
    """Law: diff(B, A) = −diff(A, B) where one thing differs; and every score moved by exactly its parts."""
    older = rich(tmp_path, "old")
    for name, other in {
        "rules": rich(tmp_path, "rules", RICH.replace("[100, 50]", "[80, 50]").replace("size >= 5", "size >= 25")),
        "data": rich(tmp_path, "data", rows=["a,虚构甲有限公司,30,2019-01-01", *LINES[1:]]),
        "date": rich(tmp_path, "date", as_of="2027-12-31"),
    }.items():
        there, back = difference(older, other), difference(other, older)
        assert {c.company_id for c in there.changed} == {c.company_id for c in back.changed} != set()
        for change in there.changed:
            turned = only(back, change.company_id)
            assert (change.before, change.after) == (turned.after, turned.before)
            assert [(s.cause, s.score) for s in change.steps] == [(s.cause, -(s.score or 0)) for s in turned.steps]
            assert {s.cause for s in change.steps} <= {name}
            if change.before["score"] is not None:
                assert change.after["score"] - change.before["score"] == sum(
                    (s.score or 0 for s in change.steps), Decimal(0)
                )
                assert change.remainder == 0
            assert not change.unexplained


def test_ids_that_were_merged_or_split_are_told(tmp_path: Path) -> None:
    twin = "d,虚构甲有限公司,60,2018-01-01"
    two, one = rich(tmp_path, "two", rows=[*LINES, twin]), rich(tmp_path, "one")
    said = "\n".join(lines(difference(two, one), Words("zh"), 20))
    assert "可能已合并" in said
    assert "虚构甲有限公司 d → a" in said
    assert "虚构甲有限公司 a → d" in "\n".join(lines(difference(one, two), Words("zh"), 20))


def test_a_criterion_that_is_as_unknown_as_before_is_not_told_to_have_moved(tmp_path: Path) -> None:
    """Given other weights, and companies of which age, staff or both are known; expect the neutral points of what nobody knew only where nothing else moved."""
    weighed = RICH.replace("scale: points", "scale: hundred").replace(" and size >= 5", "")
    weighed = weighed.replace("label: 规模, criteria", "label: 规模, weight: %(size)s, criteria")
    weighed = weighed.replace("label: 年限, criteria", "label: 年限, weight: %(age)s, criteria")
    rows = [
        "a,虚构甲有限公司,60,2019-01-01",
        "b,虚构乙有限公司,,2015-01-01",
        "c,虚构丙有限公司,40,",
        "d,虚构丁有限公司,,",
    ]
    before, after = (rich(tmp_path, f"{size}", weighed % {"size": size, "age": 100 - size}, rows) for size in (50, 70))
    found = difference(before, after)
    told = {c.company_id: {m.rule_id for step in c.steps for m in step.rules} for c in found.changed}
    assert told == {"a": {"staff_points", "age_points"}, "b": {"age_points"}, "c": {"staff_points"}}
    assert all(sum(s.score or 0 for s in c.steps) == c.after["score"] - c.before["score"] for c in found.changed)
