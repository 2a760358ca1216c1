"""Rows that could not be used: listed in one workbook, without what nobody asked for, and unknown for whom they may concern."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import fastexcel
import polars as pl
import pytest

from screening.run.options import Options
from screening.run.screening import assemble, run
from screening.run.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "企业名称,统一社会信用代码,成立日期,经营状态,地区,主营产品,法定代表人,有效手机号,邮箱\n"
CODE = {"甲": "91350100M000100Y43", "乙": "91440300M000100Y40"}
ROSTER = HEAD + "".join(
    f"广州示例{n}量子科技有限公司,{CODE.get(n, '')},201{i}-05-01,存续,广州市,量子密钥分发终端研发制造,样例人{n},1390000012{i},{i}@example.invalid\n"
    for i, n in enumerate("甲乙丙")
)
RISK_HEAD = "企业名称,统一社会信用代码,风险类型,当前状态,列入日期,文号\n"
MANIFEST = """
dataset: {id: demo, label: Demo, as_of: 2025-06-30}
tables:
  companies: {file: companies.csv}
  risk_events: {file: risk.csv, absence: zero, searched_on: 2025-06-20}
"""
RULES = """
pack: {id: debt, version: "1", label: 失信, tables: company.yaml}
risks:
  dishonest_debtor: {label: 失信被执行人, kind: dishonest_debtor, state: current, question: 有无失信记录, gate: dishonest_debtor_listed, effect: reject, set_by: fund, message: 失信。}
verdict: {label: 结论, set_by: fund}
"""
DEBT = "失信被执行人,有效,2025-03-01,样例1号"


def screened(folder: Path, risks: str, roster: str = ROSTER, pages: bool = False) -> tuple[Path, dict[str, str]]:
    """Screen the roster with lines of risk records; return the folder with the relations and, asked for, the files of a run."""
    (folder / "data").mkdir()
    for name, text in (("companies.csv", roster), ("risk.csv", RISK_HEAD + risks), ("dataset.yaml", MANIFEST)):
        (folder / "data" / name).write_text(text, encoding="utf-8")
    (folder / "pack").mkdir()
    (folder / "pack" / "pack.yaml").write_text(RULES, encoding="utf-8")
    options = Options(rules=str(folder / "pack"), data=folder / "data", out=folder / "out", dossiers="none")
    made = run(options).run_dir if pages else folder / "work"
    if not pages:
        made.mkdir()
        assemble(options, made, lambda _: None)
    names = pl.read_parquet(made / "tables" / "companies.parquet").select("company_id", "name")
    gates = pl.read_parquet(made / "result" / "gates.parquet").join(names, on="company_id")
    return made, {n[4]: s for n, s in gates.select("name", "dishonest_debtor_listed.status").iter_rows()}


@pytest.mark.parametrize(
    ("risk", "opened"),
    [
        (f",{CODE['甲']},{DEBT},多一格\n", "甲"),
        (f"广州示例甲量子科技有限公司,,{DEBT},多,格\n", "甲"),
        (f",9135O100M000100Y43,{DEBT}\n", "甲"),
        (f",91350100M0001,{DEBT}\n", "甲"),
        (f"广州示例乙量子科技有限责任公司佛山分公司,,{DEBT}\n", "乙"),
        (f"示例丙量子,,{DEBT}\n", "丙"),
        (f"广州示例丁量子科技有限公司,,{DEBT}\n", "甲乙丙"),
        (f",,{DEBT}\n", "甲乙丙"),
        (f"待定,-,{DEBT}\n", "甲乙丙"),
        (f",440301104001819,{DEBT}\n", "甲乙丙"),
        (f"北京无关材料股份有限公司,,{DEBT}\n", ""),
        (f"北京无关材料股份有限公司,91110108551385082Q,{DEBT}\n", ""),
        (f",91110108551385082Q,{DEBT}\n", "丙"),
        (f"王某,440301198001011235,{DEBT}\n", ""),
    ],
)
def test_a_lost_record_opens_the_gate_of_whom_it_may_concern(tmp_path: Path, risk: str, opened: str) -> None:
    _, status = screened(tmp_path, risk)
    assert status == {n: "unknown" if n in opened else "passed" for n in "甲乙丙"}


def test_a_record_that_was_read_stays_found_beside_a_lost_one(tmp_path: Path) -> None:
    _, status = screened(tmp_path, f"广州示例甲量子科技有限公司,,{DEBT}\n,,{DEBT}\n")
    assert status == {"甲": "failed", "乙": "unknown", "丙": "unknown"}


def test_one_code_with_two_names_and_dates_opens_both(tmp_path: Path) -> None:
    roster = ROSTER.replace(CODE["乙"], CODE["甲"])
    run_dir, status = screened(tmp_path, f",{CODE['甲']},{DEBT}\n", roster)
    assert status == {"甲": "unknown", "乙": "unknown", "丙": "passed"}
    reasons = pl.read_parquet(run_dir / "result" / "gates.parquet")["dishonest_debtor_listed.reason"]
    assert sorted(reasons.drop_nulls()) == ["conflict", "conflict"]


def test_the_workbook_lists_every_row_and_can_be_read_again(tmp_path: Path) -> None:
    run_dir, _ = screened(
        tmp_path, f",,{DEBT}\n,{CODE['甲']},{DEBT},多一格\n", ROSTER + ROSTER.splitlines()[1] + "\n", pages=True
    )
    book = fastexcel.read_excel(run_dir / "set_aside.xlsx")
    assert book.sheet_names == ["风险", "企业"]
    risk: Any = book.load_sheet("风险").to_polars()
    assert risk["搁置行号"].to_list() == [2, 3]
    assert risk["搁置原因"].to_list() == ["找不到所属企业", "列数不符"]
    assert risk["风险类型"].to_list() == ["失信被执行人", None]
    assert risk["原样 3"].to_list() == [None, "失信被执行人"]
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["risk_events"]["set_aside_by_reason"] == {"field_count": 1, "no_company": 1}
    (said,) = [n for n in manifest["notices"] if n["code"] == "data/rows-lost"]
    assert said["details"]["everybody"] == "true"
    quality = json.loads((run_dir / "quality.json").read_text(encoding="utf-8"))
    assert quality["open_tables"] == {"risk_events": {"companies": 3, "everybody": 1}}
    assert all(finding.ok for finding in verify(run_dir))


def test_columns_that_no_table_reads_are_not_passed_on(tmp_path: Path) -> None:
    first = ROSTER.splitlines()[1]
    longer = first.replace("广州市,", "广州市,佛山市,")
    risk = "王某,440301198001011235,欠税,有效,2025-03-01,13800138000\n"
    run_dir, _ = screened(tmp_path, risk, ROSTER + first + "\n" + longer + "\n", pages=True)
    for path in run_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for personal in ("样例人", "13900000120", "example.invalid", "440301198001011235", "13800138000"):
                assert personal.encode() not in content, (path, personal)
    aside = pl.read_parquet(run_dir / "set_aside" / "companies.parquet").sort("source_row")
    assert "法定代表人" not in json.loads(aside["original"][0])
    assert json.loads(aside["original"][1])[:3] == ["广州示例甲量子科技有限公司", CODE["甲"], "2010-05-01"]
    risks = pl.read_parquet(run_dir / "set_aside" / "risk_events.parquet")
    assert "440301198001011235" not in risks["original"][0]
