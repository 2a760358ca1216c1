"""A folder for others holds nothing that is marked confidential, in no byte of any file; the internal one does."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from screening.catalog import Table
from screening.cli import group
from screening.dataset.personal import blotted
from screening.errors import DatasetError, RunError
from screening.run.audience import marked
from screening.run.opened import newest_run, run_folder
from screening.run.options import Options
from screening.run.screening import Finished, run
from screening.run.verify import NOT_HERE, verify

if TYPE_CHECKING:
    from pathlib import Path

COMPANIES = """企业编号,企业名称,成立日期,经营状态,地区,主营产品,法定代表人,有效手机号,邮箱,企业简介
C1,广州示例甲量子科技有限公司,2019-05-01,存续,广州市,量子密钥分发终端研发制造,秘密法人甲,13911112222,boss@secret.invalid,量子密钥分发终端研发制造 联系 13933334444 或 sales@secret.invalid
C2,广州示例乙量子科技有限公司,2020-05-01,存续,广州市,量子计算机研发制造,秘密法人乙,13955556666,,
,,,,,,秘密法人丙,13977778888,,
"""
FILES = {
    "companies.csv": COMPANIES,
    "秘密估值底稿.csv": "企业编号,投前估值,拟融资额,投资工具,报价日期\nC1,123456789,87654321,equity,2026-03-04\n",
    "holders.csv": "企业编号,holder_kind,持股比例\nC1,founders,0.61357\nC1,university,0.24683\n",
    "financials.csv": "企业编号,会计年度,营业收入,研发费用\nC1,2024,55443321,7766551\nC1,2023,44332211,6655441\n",
    "milestones.csv": "企业编号,kind,reached_on,title\nC1,prototype,2025-12-25,与秘密客户签约\n",
    "holdings.csv": "holding_id,企业名称,direction_id,invested_on,invested\nH1,秘密已投企业有限公司,二(一)1,2024-01-02,33221144\n",
    "fund.yaml": "fund: {id: f, label: 示例基金, size: 991122330, ticket: [1122334, 99887766], note: 秘密基金说明}\n",
}
MANIFEST = """
dataset: {id: demo, label: Demo, as_of: 2026-06-30}
tables:
  companies: {file: companies.csv}
  deal: {file: 秘密估值底稿.csv}
  holders: {file: holders.csv}
  financials: {file: financials.csv, confidential: [revenue]}
  milestones: {file: milestones.csv}
  holdings: {file: holdings.csv}
"""
NOTES = "notes:\n  - {company: C1, by: ZQX, on: 2026-07-01, reason: watch, text: 秘密意见甲}\n"
MARKERS = {
    "valuation": ("123456789", "1.23456789", "123,456,789", "1.23 亿", "1.23亿", "12345.6789", "12,345.6789"),
    "ask": ("87654321", "8765.4321", "8,765.4321", "87,654,321"),
    "share": ("61357", "61.357", "24683", "24.683"),
    "revenue": ("55443321", "5544.3321", "5,544.3321", "44332211", "4433.2211"),
    "note": ("秘密意见甲", "ZQX"),
    "title": ("秘密客户",),
    "holding": ("秘密已投企业", "33221144"),
    "fund": ("99112233", "99887766", "秘密基金说明"),
    "person": ("秘密法人",),
    "phone": ("13911112222", "13933334444", "13955556666", "13977778888"),
    "mail": ("secret.invalid",),
    "file": ("秘密估值底稿",),
}


def texts(content: bytes, name: str) -> str:
    """Return all text of a file, unpacked: of archives their members, of relations their values."""
    if name.endswith(".parquet"):
        frame = pl.read_parquet(io.BytesIO(content))
        return f"{frame.columns}{frame.rows()}"
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(texts(packed.read(member), member) for member in packed.namelist())
    return content.decode("utf-8", "replace")


def found_in(folder: Path, markers: tuple[str, ...]) -> list[str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return [f"{m} in {p.name}" for p in files for m in markers if m in texts(p.read_bytes(), p.name)]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Finished]:
    folder = tmp_path_factory.mktemp("audience")
    (folder / "data").mkdir()
    for name, text in {**FILES, "dataset.yaml": MANIFEST}.items():
        (folder / "data" / name).write_text(text, encoding="utf-8")
    (folder / "notes.yaml").write_text(NOTES, encoding="utf-8")
    options = Options(data=folder / "data", out=folder / "out", dossiers="all", notes=folder / "notes.yaml")
    own = run(options)
    return own, run(dataclasses.replace(options, audience="external", out=folder / "others"))


@pytest.mark.parametrize("kind", MARKERS)
def test_what_is_confidential_stands_in_no_byte_for_others(both: tuple[Finished, Finished], kind: str) -> None:
    own, others = both
    assert found_in(others.run_dir, MARKERS[kind]) == []
    # Cells under personal headers are carried by no run, not even by one's own.
    assert found_in(own.run_dir, MARKERS[kind]) or kind == "person", "or the marker proves nothing"


def test_scores_are_those_of_the_full_result(both: tuple[Finished, Finished]) -> None:
    own, others = both
    assert others.manifest["result_digest"] == own.manifest["result_digest"]
    for name in ("ranking", "criteria", "gates", "stage", "measures"):
        one, other = (pl.read_parquet(r.run_dir / "result" / f"{name}.parquet") for r in both)
        assert one.equals(other), name
    facts = pl.read_parquet(others.run_dir / "result" / "facts.parquet")
    assert facts["valuation_asked.reason"].to_list() == ["withheld"] * len(facts)


def test_nobody_is_asked_for_what_is_only_left_out(both: tuple[Finished, Finished]) -> None:
    facts = pl.read_parquet(both[1].run_dir / "result" / "facts.parquet")
    hidden = {c.removesuffix(".reason") for c in facts.columns if c.endswith(".reason") and "withheld" in facts[c]}
    assert hidden
    for name in ("questions", "gaps"):
        assert not hidden & set(pl.read_parquet(both[1].run_dir / "result" / f"{name}.parquet")["fact"])


def test_every_page_says_for_whom_it_is(both: tuple[Finished, Finished]) -> None:
    own, others = both
    pages = sorted(others.run_dir.rglob("*.html"))
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert ("Made for others" if page.name.endswith(".en.html") else "对外版本：标为保密") in text.split("<main")[1]
        assert '"audience": "external"' in text and others.manifest["result_digest"] in text
    assert not any("对外版本" in p.read_text(encoding="utf-8") for p in own.run_dir.rglob("*.html"))
    assert others.manifest["audience"] == "external" and own.manifest["audience"] == "internal"
    written = json.loads((others.run_dir / "manifest.json").read_text(encoding="utf-8"))
    assert written["confidential"]["deal"] is True and written["confidential"]["financials"] == ["revenue"]
    assert not [p.name for p in others.run_dir.iterdir() if p.name.startswith(("tables", "set_aside", "quality"))]


def test_what_the_fund_holds_is_no_section_for_others(both: tuple[Finished, Finished]) -> None:
    told = [
        ['<section id="fund"' in (r.run_dir / f"report{s}.html").read_text("utf-8") for s in ("", ".en")] for r in both
    ]
    assert told == [[True, True], [False, False]]


def test_verify_says_what_it_cannot_check_without_tables(both: tuple[Finished, Finished], tmp_path: Path) -> None:
    own, others = both
    findings = verify(others.run_dir)
    assert all(f.ok for f in findings)
    assert [f.stated for f in findings if f.what == NOT_HERE] == [True]
    told = CliRunner().invoke(group, ["verify", str(others.run_dir)])
    assert told.exit_code == 0 and "cannot be computed again here" in told.output and "verified:" not in told.output
    with pytest.raises(RunError, match="cannot be compared with its source"):
        verify(others.run_dir, tmp_path)
    assert all(f.ok for f in verify(own.run_dir)), "and an internal run comes out again"


def test_a_changed_page_is_seen(both: tuple[Finished, Finished], tmp_path: Path) -> None:
    copy = shutil.copytree(both[1].run_dir, tmp_path / "copy")
    page = copy / "report.html"
    page.write_text(page.read_text(encoding="utf-8").replace("入围", "出围"), encoding="utf-8")
    assert {"report.html"} <= {f.what for f in verify(copy) if not f.ok}


@pytest.mark.parametrize(
    "question",
    [
        ["ask", "--run"],
        ["explain", "C1", "--run"],
        ["compare", "C1", "C2", "--run"],
        ["lift", "C1", "--run"],
        ["robustness", "--run"],
        ["portfolio", "--run"],
        ["export", "--to", "docx"],
    ],
)
def test_a_question_that_needs_tables_is_told_where_to_ask(
    both: tuple[Finished, Finished], question: list[str]
) -> None:
    told = CliRunner().invoke(group, [*question, str(both[1].run_dir)])
    assert told.exit_code not in (0, 2) and "was made for others" in told.output, told.output
    assert "Traceback" not in told.output


def test_the_newest_run_is_one_that_can_be_asked(both: tuple[Finished, Finished], tmp_path: Path) -> None:
    for finished in both:
        shutil.copytree(finished.run_dir, tmp_path / finished.run_dir.name)
    assert newest_run(tmp_path).name == both[0].run_dir.name
    with pytest.raises(RunError, match="made for others"):
        run_folder(newest_run(both[1].run_dir.parent))


def table(**more: object) -> Table:
    columns = {
        "company_id": {"type": "code"},
        "price": {"type": "decimal", "confidential": True},
        "price_kind": {"type": "text", "derived_from": "price"},
        "size": {"type": "decimal"},
    }
    return Table.model_validate(
        {"label": "表", "grain": "行", "key": ["company_id"], "columns": columns, **more}, strict=False
    )


@pytest.mark.parametrize(
    ("pack", "dataset", "expected"),
    [
        ({}, {}, ["price", "price_kind"]),
        ({}, {"t": ("size",)}, ["price", "price_kind", "size"]),
        ({}, {"t": True}, True),
        ({}, {"t": False}, None),
        ({"confidential": True}, {}, True),
        ({"confidential": True}, {"t": ("size",)}, True),
        ({"confidential": True}, {"t": False}, None),
    ],
)
def test_pack_and_dataset_say_together_what_is_confidential(
    pack: dict[str, object], dataset: dict[str, object], expected: object
) -> None:
    found = marked({"t": table(**pack)}, SimpleNamespace(confidential=dataset))  # type: ignore[arg-type]
    assert found.get("t") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13911112222。", "电话███████████。"),
        ("写信 a.b@c.example 谢谢", "写信 █████████████ 谢谢"),
        ("证件440301198001011235号", "证件██████████████████号"),
        ("注册资本1391111万元", "注册资本1391111万元"),
        ("电话 139 0000 0120、139-0000-0120", "电话 █████████████、█████████████"),
        ("2024-0000-0120", "2024-0000-0120"),
    ],
)
def test_personal_numbers_are_blotted_out_in_place(text: str, expected: str) -> None:
    assert blotted(text) == expected and len(expected) == len(text)


def test_a_mark_on_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    wrong = "dataset: {id: d, label: D}\ntables:\n  companies: {file: companies.csv, confidential: [nonsuch]}\n"
    (tmp_path / "dataset.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(DatasetError, match="no column 'nonsuch'"):
        run(Options(data=tmp_path, out=tmp_path / "out", dossiers="none"))


def test_a_mark_on_the_companies_names_leaves_nothing_to_share(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    wrong = "dataset: {id: d, label: D}\ntables:\n  companies: {file: companies.csv, confidential: [name]}\n"
    (tmp_path / "dataset.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(RunError, match="marked confidential"):
        run(Options(data=tmp_path, out=tmp_path / "out", dossiers="none", audience="external"))
    assert not list((tmp_path / "out").glob("*"))
