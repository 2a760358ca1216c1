"""What would lift a company, on a small pack where the answer is known, and on the sample where it is checked."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.analysis.lift import lift_of, lift_relation
from screening.analysis.run_record import run_record
from screening.cli import group
from screening.errors import RulesError, RunError
from screening.report.moving import moving, stand
from screening.report.printer import Printer, printer
from screening.report.wording import Words
from screening.run.opened import opened
from tests.run.shared import SIZES, judged

if TYPE_CHECKING:
    from pathlib import Path

    from screening.result.lift import Lift

BANDS = "of: insured_share, bands: [{from: 0.8, points: 40}, {from: 0.5, to: 0.8, points: 20}, {to: 0.5, points: 0}]"


def rules_of(floor: int, staff: str = "true", unknown: str = "ignore") -> str:
    return SIZES % {"staff": staff, "unknown": unknown, "insured": BANDS, "floor": floor}


GRADES = ", grades: [{id: good, at_least: 50, label: 良好}, {id: low, at_least: 0, label: 一般}]}\n"


def asked(folder: Path, row: str, rules: str) -> Lift:
    table = f"company_id,name,staff,insured_staff,listed\na,虚构甲有限公司,{row}\n"
    with judged(folder, rules, table) as data:
        return lift_of(data, "a")


def changes(found: Lift, kind: str = "ways") -> list[dict[str, object]]:
    return [{c.fact_id: c.after for c in way.changes} for way in getattr(found, kind)]


def test_the_least_change_is_found_between_bounds_and_through_a_quotient(tmp_path: Path) -> None:
    # 100 staff give 25 points, 60 insured of them 20. A floor of 50 asks for 5 more: 80 insured give 40; 120 staff give 30, and the
    # insured are still just half of them. One more and they are not.
    found = asked(tmp_path, "100,60,否", rules_of(50))
    assert changes(found) == [{"staff_count": 120}, {"insured_count": 80}]
    assert [(f.floor_id, f.distance) for f in found.floors] == [("score", Decimal(-5))]


def test_a_line_is_followed_to_the_very_point(tmp_path: Path) -> None:
    # 40 insured of 100 are less than half: 0 points, and fewer still with more staff. 25 + x/4 ≥ 31 from 124 staff on.
    found = asked(tmp_path, "100,40,否", rules_of(31))
    assert {"staff_count": 124} in changes(found)


def test_a_fact_that_rests_on_the_changed_one_follows_it(tmp_path: Path) -> None:
    # More staff lower the share of the insured: 121 staff and more leave 60 insured below a half, so 53 points need 80 insured or 212 staff, of which 200 count.
    found = asked(tmp_path, "100,60,否", rules_of(53))
    assert changes(found) == [{"insured_count": 80}]


def test_two_together_are_tried_when_one_does_not_do(tmp_path: Path) -> None:
    # Staff alone give 50 at most, and then too few are insured; the insured alone give 65.
    found = asked(tmp_path, "100,60,否", rules_of(80))
    assert found.ways
    assert all(set(c) == {"insured_count", "staff_count"} for c in changes(found))
    assert {w.outcome for w in found.ways} == {"shortlisted"}


def test_when_nothing_does_the_nearest_are_named(tmp_path: Path) -> None:
    found = asked(tmp_path, "100,60,否", rules_of(95))
    assert found.ways == ()
    assert changes(found, "nearest")[0] == {"insured_count": 80}
    assert found.tried > 10


def test_nothing_is_advised_that_a_company_cannot_act_on(tmp_path: Path) -> None:
    found = asked(tmp_path, "100,60,否", rules_of(50, staff="false"))
    assert all("staff_count" not in c for c in changes(found) + changes(found, "nearest"))


def test_a_missing_fact_is_a_question_and_no_advice(tmp_path: Path) -> None:
    found = asked(tmp_path, "100,,否", rules_of(60))
    assert all("insured_count" not in c for c in changes(found) + changes(found, "nearest"))


def test_whom_missing_data_holds_is_told_so_and_not_that_nothing_helps(tmp_path: Path) -> None:
    review = rules_of(20, unknown="review")
    held = asked(tmp_path / "held", "100,60,", review)
    assert (held.outcome, held.waiting, held.ways) == ("review", 1, ())
    for lang, said in (("zh", "1 道否决类门槛未执行或未能核实"), ("en", "1 rejecting gate")):
        shown = moving(held, Printer(Words(lang)))
        assert shown is not None and said in shown.told
    assert asked(tmp_path / "short", "100,60,否", rules_of(95, unknown="review")).waiting == 0, "its points decide"
    nothing = asked(tmp_path / "nothing", ",,", review)
    assert nothing.tried == 0
    shown = moving(nothing, Printer(Words("zh")))
    assert shown is not None and "无从试起" in shown.told and "试过" not in shown.told


def test_what_would_drop_it_is_told(tmp_path: Path) -> None:
    found = asked(tmp_path, "100,60,否", rules_of(40))
    assert found.at_top
    drops = changes(found, "drops")
    assert {"on_market": True} in drops
    assert any("insured_count" in d for d in drops)


def test_a_company_that_was_not_judged_is_refused(sample_dir: Path) -> None:
    with opened(sample_dir) as data:
        (out,) = data.connection.execute(
            "SELECT company_id FROM ranking WHERE outcome = 'out_of_scope' ORDER BY company_id LIMIT 1"
        ).fetchall()
        with pytest.raises(RulesError, match="was not judged"):
            lift_of(data, out[0])


def test_the_least_changes_are_those_of_trying_every_value(tmp_path: Path) -> None:
    pool = {f"c{s}i{i}": (s, i) for s in (1, 40, 99, 150, 333) for i in (1, 19, 60, 120, 200)}
    rows = [f"{c},虚构{c}有限公司,{s},{i},否" for c, (s, i) in pool.items()]
    table = "company_id,name,staff,insured_staff,listed\n" + "\n".join(rows) + "\n"
    with judged(tmp_path, rules_of(50), table) as data:
        frame = lift_relation(data, list(pool))

    def listed(staff: int, insured: int) -> bool:
        share = Fraction(insured, staff) if staff else Fraction(0)
        return (
            min(Fraction(staff, 4), 50) + (40 if share >= Fraction(4, 5) else 20 if share >= Fraction(1, 2) else 0)
            >= 50
        )

    for company_id, (staff, insured) in pool.items():
        own = frame.filter(
            (pl.col("company_id") == company_id)
            & pl.col("fact").is_not_null()
            & pl.col("fact").is_in(["staff_count", "insured_count"])
        )
        told = {
            (r["kind"], r["fact"]): int(r["after"])
            for r in own.iter_rows(named=True)
            if len(own.filter((pl.col("kind") == r["kind"]) & (pl.col("position") == r["position"]))) == 1
        }
        up = {
            "staff_count": next((s for s in range(staff + 1, 1001) if listed(s, insured)), None),
            "insured_count": next((i for i in range(insured + 1, 1001) if listed(staff, i)), None),
        }
        down = {
            "staff_count": next((s for s in range(staff - 1, 0, -1) if not listed(s, insured)), None),
            "insured_count": next((i for i in range(insured - 1, -1, -1) if not listed(staff, i)), None),
        }
        expected = (
            {("drops", f): v for f, v in down.items() if v is not None}
            if listed(staff, insured)
            else {("lifts", f): v for f, v in up.items() if v is not None}
        )
        found = {k: v for k, v in told.items() if k[0] in ("drops", "lifts")}
        assert found == expected, (company_id, staff, insured)
        # Two together: each does, and no part of it can be one less.
        for (_,), way in own.filter(pl.col("kind") == "lifts").group_by("position"):
            if len(way) == 2:
                assert not expected
                both = {r["fact"]: int(r["after"]) for r in way.iter_rows(named=True)}
                assert listed(both["staff_count"], both["insured_count"])
                assert not listed(both["staff_count"] - 1, both["insured_count"])
                assert not listed(both["staff_count"], both["insured_count"] - 1)


def test_on_the_sample_every_way_leads_to_the_short_list(sample_dir: Path) -> None:
    with opened(sample_dir) as data:
        ((company_id,),) = data.connection.execute(
            "SELECT company_id FROM ranking WHERE outcome = 'ranked' AND merit_coverage > 0.7 AND merit < 60"
            " ORDER BY merit DESC, company_id LIMIT 1"
        ).fetchall()
    done = CliRunner().invoke(group, ["lift", company_id, "--run", str(sample_dir), "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["ways"]
    assert {w["outcome"] for w in answer["ways"]} == {"shortlisted"}
    sizes = [len(w["changes"]) for w in answer["ways"]]
    assert sizes == sorted(sizes)


def test_where_companies_are_compared_with_each_other_there_is_no_lift(tmp_path: Path) -> None:
    # Alone it stands first, as in the run: that must not let its own settings become its peers.
    bands = "score: {of: staff_count, relative: percentile, bands: [{from: 0.5, points: 50}, {to: 0.5, points: 0}]}"
    rules = rules_of(40).replace("score: {of: staff_count, points: [[0, 0], [200, 50]]}", bands)
    assert rules != rules_of(40)
    with pytest.raises(RunError) as refused:
        asked(tmp_path, "100,50,false", rules)
    assert [p.code for p in refused.value.problems] == ["lift/not-alone"]


def test_a_change_is_printed_on_its_side_of_the_bound_with_the_packs_words(tmp_path: Path) -> None:
    table = "company_id,name,staff,insured_staff,listed\na,虚构甲有限公司,100,80,false\n"
    with judged(tmp_path, rules_of(65), table) as data:
        at_bound = moving(lift_of(data, "a"), printer("zh", run_record(data)))
    assert at_bound is not None
    assert "参保占比 80.0% → 79.99%" in [what for _, ways in at_bound.groups for what, _ in ways]
    graded = asked(tmp_path / "g", "100,80,false", rules_of(65).rstrip().removesuffix("}") + GRADES)
    assert stand(graded, Printer(Words("zh"))).startswith("入围 良好")


FOUR = """
pack: {id: four, version: "1", label: 小表, tables: company.yaml}
facts:
  staff_count: {label: 人数, type: integer, unit: persons, range: [0, 1000], expr: staff, actionable: true}
  insured_count: {label: 参保人数, type: integer, unit: persons, range: [0, 1000], expr: insured_staff, actionable: true}
  paid_in: {label: 实缴, type: decimal, unit: cny, range: [0, 1000000000], expr: paid_in_capital, actionable: true}
  on_market: {label: 已上市, type: boolean, expr: listed, actionable: true}
gates:
  enough: {label: 人数够, fails_when: staff_count < %(gate)s, effect: reject, on_unknown: ignore, set_by: fund, message: 人数不足。}
  not_listed: {label: 未上市, fails_when: on_market, effect: reject, on_unknown: ignore, set_by: fund, message: 已上市。}
  insured_enough: {label: 参保够, fails_when: insured_count < %(gate_i)s, effect: reject, on_unknown: ignore, set_by: fund, message: 参保不足。}
  paid_enough: {label: 实缴够, fails_when: paid_in < %(gate_p)s, effect: reject, on_unknown: ignore, set_by: fund, message: 实缴不足。}
criteria:
  merit:
    label: 质量
    scale: points
    pillars:
      size:
        label: 规模
        criteria:
          staff_points: {label: 人数, score: {of: staff_count, bands: [{from: %(s)s, points: 30}, {to: %(s)s, points: 0}]}, set_by: fund}
          insured_points: {label: 参保, score: {of: insured_count, bands: [{from: %(i)s, points: 40}, {to: %(i)s, points: 5}]}, set_by: fund}
          paid_points: {label: 实缴, score: {of: paid_in, bands: [{from: 20000000, points: 30}, {from: %(p)s, to: 20000000, points: 10}, {to: %(p)s, points: 0}]}, set_by: fund}
verdict: {label: 结论, weights: {merit: 1}, shortlist_when: score >= %(floor)s, set_by: fund}
"""


@pytest.mark.parametrize(
    "given",
    [{"gate": 30, "gate_i": 1, "gate_p": 1, "s": 60, "i": 50, "p": 5_000_000, "floor": 95}, {"gate": 90, "gate_i": 60, "gate_p": 2_000_000, "s": 20, "i": 10, "p": 10_000_000, "floor": 80}],
    ids=["two gates", "four gates"],
)  # fmt: skip
def test_whoever_any_change_of_all_facts_together_lifts_is_told_a_way(tmp_path: Path, given: dict[str, int]) -> None:
    """Given rejected and low companies of which some need every fact changed; expect a way exactly where trying all finds one, and none of it needless."""
    pool = {
        f"c{n}": here
        for n, here in enumerate(itertools.product((5, 45, 100), (3, 70), (1_000_000, 30_000_000), (True, False)))
    }
    rows = [f"{c},虚构{c}有限公司,{s},{i},{p}元,{'是' if o else '否'}" for c, (s, i, p, o) in pool.items()]
    header = "company_id,name,staff,insured_staff,paid_in_capital,listed\n"
    with judged(tmp_path, FOUR % given, header + "\n".join(rows) + "\n") as data:
        frame = lift_relation(data, list(pool)).filter(pl.col("kind") == "lifts")

    def level(staff: int, insured: int, paid: int, listed: bool) -> int:
        if staff < given["gate"] or insured < given["gate_i"] or paid < given["gate_p"] or listed:
            return 0
        points = 30 * (staff >= given["s"]) + (40 if insured >= given["i"] else 5)
        points += 30 if paid >= 20_000_000 else 10 if paid >= given["p"] else 0
        return 2 if points >= given["floor"] else 1

    names = ("staff_count", "insured_count", "paid_in", "on_market")
    sizes = set()
    for company_id, here in pool.items():
        best = max(level(s, i, p, o) for s, i, p, o in itertools.product((here[0], 1000), (here[1], 1000), (here[2], 10**9), (False, here[3])))  # fmt: skip
        ways = frame.filter(pl.col("company_id") == company_id)
        assert (best > level(*here)) == bool(ways.height), company_id
        for _, way in ways.group_by("position"):
            after = {r["fact"]: r["after"] == "true" if r["fact"] == "on_market" else int(Decimal(r["after"])) for r in way.iter_rows(named=True)}  # fmt: skip
            at = dict(zip(names, here, strict=True))
            assert level(*{**at, **after}.values()) > level(*here)
            sizes.add(len(after))
            for gone in after if len(after) > 1 else ():
                fewer = {**at, **{f: v for f, v in after.items() if f != gone}}
                assert level(*fewer.values()) <= level(*here), "nothing in it is needless"
    assert max(sizes) == (4 if given["gate_i"] > 1 else 3)
