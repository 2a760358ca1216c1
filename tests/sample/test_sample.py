"""What the sample promises: the same bytes each time, nobody real, every direction and city, facts that hang together."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from collections import Counter
from statistics import mean
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .conftest import read_csv

if TYPE_CHECKING:
    from pathlib import Path

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGION = {
    "汕头市",
    "汕尾市",
    "潮州市",
    "揭阳市",
    "湛江市",
    "茂名市",
    "阳江市",
    "韶关市",
    "河源市",
    "梅州市",
    "清远市",
    "云浮市",
}
NAMED = {"广州市", "深圳市", "珠海市", "佛山市", "惠州市", "东莞市", "中山市", "江门市", "肇庆市"}
CHILD_FILES = (
    "financials.csv",
    "financials_parks.csv",
    "patents.csv",
    "funding_rounds.csv",
    "certificates.csv",
    "milestones.csv",
    "risk_events.csv",
    "team.csv",
    "deal.csv",
    "holders.csv",
)

Made = tuple[dict[str, bytes], Any]


def run(sample: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, sample / "make_sample.py", *arguments], capture_output=True, text=True, check=False
    )


# ---- reproducible ----


def test_two_processes_write_the_same_bytes_and_the_committed_ones(sample: Path, made: Made, tmp_path: Path) -> None:
    assert run(sample, "--out", str(tmp_path)).returncode == 0
    for name, data in made[0].items():
        assert (tmp_path / name).read_bytes() == data, name
        assert (sample / name).read_bytes() == data, f"{name}: run sample_data/make_sample.py and commit"


def test_check_names_a_changed_and_a_missing_file(sample: Path, tmp_path: Path) -> None:
    run(sample, "--out", str(tmp_path))
    assert run(sample, "--check", "--out", str(tmp_path)).returncode == 0
    (tmp_path / "team.csv").write_text("company_id\n", encoding="utf-8")
    (tmp_path / "deal.csv").unlink()
    answer = run(sample, "--check", "--out", str(tmp_path))
    assert answer.returncode == 1
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["team.csv", "deal.csv"]


def test_the_sample_stays_small(sample: Path) -> None:
    assert sum(path.stat().st_size for path in sample.iterdir() if path.is_file()) < 1_500_000


# ---- nobody real ----


def test_every_name_says_that_it_is_a_sample_and_none_repeats(firms: list[Any]) -> None:
    assert all("样例" in firm.name for firm in firms)
    assert len({firm.name for firm in firms}) == len(firms)


def test_every_true_code_verifies_and_has_a_division_that_does_not_exist(firms: list[Any]) -> None:
    for firm in firms:
        code = firm.uscc
        total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
        assert ALPHABET[(31 - total % 31) % 31] == code[17], code
        assert code[4:8] == "9900", code
    assert len({firm.uscc for firm in firms}) == len(firms)


def test_no_written_code_has_a_real_division(sample: Path) -> None:
    codes = [row["uscc"] for row in read_csv(sample / "companies_pipeline.csv")]
    codes += [row["统一社会信用代码"] for row in read_csv(sample / "companies_registry_gb18030.csv", "gb18030")]
    for code in codes:
        whole = code.replace(" ", "").upper()
        if re.fullmatch(r"[0-9A-Z]{18}", whole):
            assert whole[4:8] == "9900", code


def test_patents_websites_and_roads_are_invented(sample: Path) -> None:
    for row in read_csv(sample / "patents.csv"):
        assert re.fullmatch(r"ZL\d{4}70\d{6}\.\d|\d{4}YL\d{6}", row["patent_no"])
    for row in read_csv(sample / "companies_pipeline.csv"):
        assert row["website"] == "" or row["website"].endswith(".example")
        assert "示例" in row["address"] or "样例" in row["address"]


# ---- wide enough ----


def test_there_are_enough_companies_in_every_city_and_some_outside(firms: list[Any]) -> None:
    assert len(firms) >= 640
    cities = Counter(firm.city for firm in firms)
    assert cities.keys() >= NAMED | REGION
    assert min(cities[city] for city in NAMED | REGION) >= 5
    assert sum(count for city, count in cities.items() if city not in NAMED | REGION) >= 10


def test_every_direction_has_every_stage(firms: list[Any]) -> None:
    lives: dict[str, set[str]] = {}
    for firm in firms:
        if firm.direction:
            lives.setdefault(firm.direction, set()).add(firm.life)
    assert len(lives) == 29
    for direction, found in lives.items():
        assert found >= {"seed", "early", "demonstration", "growth", "registered"}, direction


def test_the_directions_are_those_of_the_plan(firms: list[Any], sample: Path) -> None:
    plan = sample.parent.parent / "shared" / "plan" / "structured.json"
    if not plan.is_file():
        pytest.skip("the structured plan is not beside the project")
    known = {entry["id"] for entry in json.loads(plan.read_text(encoding="utf-8"))["directions"]}
    assert {firm.direction for firm in firms if firm.direction} == known


def test_companies_outside_the_directions_are_there_too(firms: list[Any]) -> None:
    groups = Counter(firm.group for firm in firms)
    for group in ("related", "trade", "hollow", "trap", "boilerplate", "ordinary"):
        assert groups[group] >= 30, group
    assert groups["kind"] >= 20
    assert groups["prohibited"] >= 5


@pytest.mark.parametrize(
    "trap",
    [
        "深海鱼油",
        "超导热管",
        "人类器官",
        "各类器官",
        "16G",
        "电脑机箱",
        "核桃",
        "碳酸氢钠",
        "沙盘模型",
        "采光计算",
        "弹簧储能",
        "抽水蓄能",
        "量子弱磁场共振分析仪",
        "星座运势",
        "AL6061",
        "人工授精",
        "除核电站",
        "除人体干细胞",
        "航天信息",
        "富氢水杯",
    ],
)
def test_the_false_friends_are_in_the_texts(firms: list[Any], trap: str) -> None:
    assert any(trap in firm.scope for firm in firms)


# ---- facts that hang together ----


def latest(firm: Any, column: str) -> Any:
    accounts = firm.rows["financials"]
    value = accounts[-1].get(column) if accounts else None
    return value if isinstance(value, int | float) and value >= 0 else None


def average(firms: list[Any], life: str, column: str) -> float:
    return mean(value for firm in firms if firm.life == life and (value := latest(firm, column)) is not None)


def test_revenue_grows_with_the_stage(firms: list[Any]) -> None:
    by_stage = [average(firms, life, "revenue") for life in ("seed", "early", "demonstration", "growth", "mature")]
    assert by_stage == sorted(by_stage)
    assert by_stage[0] < 2_000_000


def test_research_weighs_less_as_companies_grow(firms: list[Any]) -> None:
    shares = [
        average(firms, life, "rd_expense") / average(firms, life, "total_cost")
        for life in ("seed", "early", "demonstration", "growth")
    ]
    assert shares == sorted(shares, reverse=True)


def test_those_who_spend_more_on_research_hold_more_patents(firms: list[Any]) -> None:
    pairs = [
        (value, len(firm.rows["patents"]))
        for firm in firms
        if firm.life in {"seed", "early", "demonstration"} and (value := latest(firm, "rd_expense")) is not None
    ]
    pairs.sort()
    half = len(pairs) // 2
    assert mean(count for _, count in pairs[half:]) > 1.5 * mean(count for _, count in pairs[:half])


def test_a_demonstration_company_has_pilots_and_most_a_plan_within_five_years(firms: list[Any]) -> None:
    known = [firm for firm in firms if firm.life == "demonstration" and firm.rows["milestones"]]
    planned = 0
    for firm in known:
        kinds = {row["kind"] for row in firm.rows["milestones"]}
        assert "pilot_contract" in kinds, firm.name
        days = [row["planned_on"] for row in firm.rows["milestones"] if row["planned_on"]]
        planned += any(dt.date(2026, 7, 1) <= day <= dt.date(2031, 6, 30) for day in days)
    assert planned > 0.8 * len(known)


def test_nothing_happens_before_a_company_exists(firms: list[Any]) -> None:
    for firm in firms:
        for table, column in (
            ("milestones", "reached_on"),
            ("patents", "filed_on"),
            ("certificates", "issued_on"),
            ("funding_rounds", "announced_on"),
        ):
            for row in firm.rows[table]:
                if isinstance(row[column], dt.date):
                    assert row[column] >= firm.established, (firm.name, table, row)


def test_shares_of_a_company_sum_to_one_unless_spoilt(firms: list[Any], made: Made) -> None:
    spoilt = {row for flaw, _, row, *_ in made[1].flaws if flaw == "shares_above_one"}
    wrong = set()
    for firm in firms:
        shares = [float(row["share"].rstrip("%")) / (100 if "%" in row["share"] else 1) for row in firm.rows["holders"]]
        if shares and abs(sum(shares) - 1) > 0.001:
            wrong.add(firm.key)
    assert wrong == spoilt


# ---- whole, but for the flaws ----


def test_child_rows_name_companies_of_the_sample_except_where_seeded(
    sample: Path, firms: list[Any], made: Made
) -> None:
    keys = {firm.key for firm in firms}
    lost: Counter[str] = Counter()
    for file in CHILD_FILES:
        for row in read_csv(sample / file):
            key = row.get("company_id") or row.get("企业编号") or ""
            lost[file] += key not in keys
    seeded = Counter(
        file for flaw, file, *_ in made[1].flaws if flaw in {"child_without_company", "child_names_its_company"}
    )
    assert +lost == seeded


def test_holdings_point_to_companies_or_to_nobody(sample: Path, firms: list[Any]) -> None:
    keys = {firm.key: firm.name for firm in firms}
    for row in read_csv(sample / "holdings.csv"):
        assert row["company_id"] == "" or keys[row["company_id"]] == row["name"]


def test_every_file_of_the_manifest_exists_and_every_mapped_header_is_in_it(sample: Path, made: Made) -> None:
    manifest = yaml.safe_load((sample / "dataset.yaml").read_text(encoding="utf-8"))
    standard = yaml.safe_load((sample.parent / "rules/standard/company.yaml").read_text(encoding="utf-8"))["tables"]
    named = set()
    for table, body in manifest["tables"].items():
        for entry in body if isinstance(body, list) else body.get("files", [body]):
            named.add(entry["file"])
            mapped = entry.get("columns", {})
            assert mapped.keys() <= standard[table]["columns"].keys(), entry["file"]
            if entry["file"].endswith(".csv"):
                text = made[0][entry["file"]].decode(entry.get("encoding", "utf-8-sig"))
                assert set(mapped.values()) <= set(text.splitlines()[0].split(",")), entry["file"]
    assert named == made[0].keys() - {"seeded_flaws.csv"}


# ---- flaws ----


def test_every_kind_of_flaw_that_real_exports_have_is_seeded(made: Made) -> None:
    seeded = Counter(flaw for flaw, *_ in made[1].flaws)
    assert sum(flaw.startswith("capital_") for flaw in seeded) >= 14
    assert sum(flaw.startswith("date_") for flaw in seeded) >= 12
    assert sum(flaw.startswith("code_") for flaw in seeded) >= 8
    assert sum(count for flaw, count in seeded.items() if flaw.startswith("duplicate_")) >= 12
    assert min(seeded.values()) >= 1


def test_the_chinese_export_needs_gb18030(sample: Path) -> None:
    data = (sample / "companies_registry_gb18030.csv").read_bytes()
    assert "企业名称" in data.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_values_are_missing_at_different_rates(firms: list[Any]) -> None:
    grown = [firm for firm in firms if firm.life in {"seed", "early", "demonstration"}]
    share = {table: mean(not firm.rows[table] for firm in grown) for table in ("certificates", "team", "deal")}
    assert 0.1 < share["team"] < share["deal"] < 0.6


# ---- README ----


def test_the_readme_lists_every_file_and_every_column(sample: Path, made: Made) -> None:
    text = (sample / "README.md").read_text(encoding="utf-8")
    chinese, english = text.split("\n# Sample data\n")
    for half in (chinese, english):
        sections = dict(re.findall(r"#### `([^`]+)`\n(.*?)(?=\n#### |\n## |\Z)", half, re.S))
        assert sections.keys() == made[0].keys() | {"fund.yaml"}
        for name, data in made[0].items():
            if name.endswith(".csv") and name != "seeded_flaws.csv":
                encoding = "gb18030" if "gb18030" in name else "utf-8-sig"
                for header in data.decode(encoding).splitlines()[0].split(","):
                    assert f"| {header} | `" in sections[name], (name, header)


def test_the_readme_counts_rows_and_flaws_right(sample: Path, made: Made) -> None:
    text = (sample / "README.md").read_text(encoding="utf-8")
    counted = Counter(flaw for flaw, *_ in made[1].flaws)
    stated = re.findall(r"^\| `([a-z_0-9]+)` \| .* \| (\d+) \|$", text, re.M)
    assert Counter({flaw: int(count) for flaw, count in stated}) == counted
    assert len(stated) == 2 * len(counted)
    rows = sum(len(rows) for rows in made[1].companies.values())
    assert f"共 {rows} 行企业记录" in text
    for name, entries in made[1].children.items():
        file = "financials.csv" if name == "financials" else f"{name}.csv"
        section = text.split(f"#### `{file}`\n", 1)[1].split("\n|", 1)[0]
        assert f"{len(entries)} 行" in section, file


def test_the_readme_says_that_everything_is_invented(sample: Path) -> None:
    text = (sample / "README.md").read_text(encoding="utf-8")
    assert "这里的一切都是虚构的" in text
    assert "Everything here is invented" in text
