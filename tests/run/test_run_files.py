"""What lies in a run folder: whole, typed, readable by outside programs, and free of anything of the machine it was made on."""

from __future__ import annotations

import csv
import datetime
import json
import re
import socket
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

from screening.report.printer import printer
from screening.report.sheets import Sheets
from screening.report.workbook import Workbook
from screening.result.contract import GRADES, OUTCOMES, RANKED_OUTCOMES, RELATIONS
from screening.rulebook.loader import load_pack
from screening.run import ranking_files
from screening.run.folder import sha256
from screening.run.ranking_files import FUND, HEADERS, SURE, ranking_sheet, ranking_table, write_csv
from screening.strict_yaml import leaves
from tests.run.shared import sample_files

if TYPE_CHECKING:
    from screening.run.screening import Finished

PROMISED = {"run_id", "pack", "as_of", "as_of_basis", "data", "rows", "outcomes", "versions", "files", "result_digest"}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.fixture(scope="session")
def manifest(sample_dir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((sample_dir / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_the_manifest_holds_what_was_promised(manifest: dict[str, Any], sample_dir: Path) -> None:
    assert manifest.keys() >= PROMISED
    assert manifest["pack"].keys() >= {"id", "version", "digest"}
    assert manifest["rows"].keys() == {"read", "clean", "set_aside", "set_aside_by_reason"}
    assert manifest["run_id"] == sample_dir.name
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", manifest["run_id"])
    assert set(manifest["outcomes"]) <= set(OUTCOMES)
    assert all(manifest["versions"][library] for library in ("screening", "duckdb", "polars", "sqlglot"))


def test_the_source_files_are_named_with_their_hashes(manifest: dict[str, Any]) -> None:
    known = {file.name: sha256(file) for file in sample_files()}
    assert {f["path"] for f in manifest["data"]} <= known.keys()
    assert all(f["sha256"] == known[f["path"]] for f in manifest["data"])
    assert sum(f["rows"] for f in manifest["data"]) == sum(t["read"] for t in manifest["tables"].values())


def test_every_file_of_the_run_stands_in_the_manifest(manifest: dict[str, Any], sample_dir: Path) -> None:
    there = {p.relative_to(sample_dir).as_posix() for p in sample_dir.rglob("*") if p.is_file()}
    assert set(manifest["files"]) == there - {"manifest.json"}
    assert {"report.html", "ranking.csv", "ranking.xlsx", "pack/pack.yaml", "pack/origins.csv"} <= there
    assert len([name for name in there if name.startswith("dossiers/")]) == 6, "in two languages"


def test_no_row_is_lost_in_any_table(manifest: dict[str, Any], sample_dir: Path) -> None:
    for table, rows in manifest["tables"].items():
        clean = pl.read_parquet(sample_dir / "tables" / f"{table}.parquet").height
        aside = pl.read_parquet(sample_dir / "set_aside" / f"{table}.parquet")
        assert rows["read"] == rows["clean"] + rows["set_aside"], table
        assert (clean, aside.height) == (rows["clean"], rows["set_aside"]), table
        assert dict(aside.group_by("reason").len().iter_rows()) == rows["set_aside_by_reason"], table
        assert all(json.loads(original) for original in aside["original"].to_list()), table
    assert manifest["rows"] == manifest["tables"]["companies"]
    assert sum(manifest["outcomes"].values()) == manifest["rows"]["clean"]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda r: r.name)
def test_relations_are_as_the_contract_says(relation: Any, sample_dir: Path) -> None:
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(sample_dir / "result" / f"{relation.name}.parquet"))
        kinds = {name: str(kind) for name, kind in zip(table.columns, table.types, strict=True)}
        keys = table.select(*relation.key).fetchall()
    assert not {"DOUBLE", "FLOAT"} & set(kinds.values())
    for name, kind in relation.columns:
        assert kinds[name].replace(" ", "") == kind.replace(" ", ""), name
    if not relation.open_columns:
        assert set(kinds) == {name for name, _ in relation.columns}
    assert keys, "the sample reaches every relation"
    assert len(set(keys)) == len(keys), "the key is a key"
    assert keys == sorted(keys, key=lambda key: tuple((v is not None, v) for v in key)), "rows stand in key order"


def test_the_ranking_orders_those_and_only_those_it_may(sample_dir: Path) -> None:
    ranking = pl.read_parquet(sample_dir / "result" / "ranking.parquet")
    ranked = ranking.filter(pl.col("rank").is_not_null()).sort("rank")
    ranks = ranked["rank"].to_list()
    assert ranks == [1 + sum(other < rank for other in ranks) for rank in ranks], (
        "equal totals share a rank, the next one skips"
    )
    for _, same in ranked.group_by("rank"):
        assert (
            same.select(pl.struct("outcome", "tier", "score").n_unique()).item() == 1
            or "shortlisted" not in same["outcome"]
        )
    listed = ranked.filter(pl.col("outcome") == "shortlisted")["rank"].max()
    assert listed < ranked.filter(pl.col("outcome") != "shortlisted")["rank"].min()  # type: ignore[operator]
    assert set(ranked["outcome"]) == set(RANKED_OUTCOMES)
    assert ranking.filter(pl.col("rank").is_null())["outcome"].is_in(list(RANKED_OUTCOMES)).sum() == 0
    assert set(ranking["fit_grade"].drop_nulls()) <= set(GRADES)
    for value in ("fit", "merit", "score"):
        inside = ranked.select(
            ((pl.col(f"{value}_low") <= pl.col(value)) & (pl.col(value) <= pl.col(f"{value}_high"))).all()
        ).item()
        assert inside, value
        assert ranked[f"{value}_low"].min() >= 0 and ranked[f"{value}_high"].max() <= 100, value


def test_origins_name_file_and_line_of_every_value(sample: Finished) -> None:
    rows = list(csv.DictReader((sample.run_dir / "pack" / "origins.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(list(leaves(sample.loaded.document.data)))
    rules = load_pack("guangdong-2024").path.parent
    risks = sample.loaded.pack.risks.items()
    made = {("facts", risk_id) for risk_id, _ in risks} | {("gates", risk.gate) for _, risk in risks}
    texts: dict[str, list[str]] = {}
    for row in rows:
        lines = texts.setdefault(row["file"], (rules.parent / row["file"]).read_text(encoding="utf-8").splitlines())
        assert 1 <= int(row["line"]) <= len(lines), row
        key = row["path"].rpartition(".")[2]
        section, rule_id = row["path"].split(".")[:2]
        if section in ("weights", "criteria") and ("weight" in row["path"]):
            # A cell of the table of weights: its line has the number, the columns are named above.
            assert f"{float(row['value']):g}" in lines[int(row["line"]) - 1] if section == "criteria" else True, row
        elif (section, rule_id) in made or row["path"].endswith(".departments"):
            continue  # what a risk or an action says once stands where it is written
        elif not key.isdecimal():
            assert key in lines[int(row["line"]) - 1] or key in "".join(
                lines[max(0, int(row["line"]) - 3) : int(row["line"])]
            ), row


def test_nothing_in_a_run_tells_of_the_machine(sample_dir: Path) -> None:
    """No folder of this machine, no name of it, in any file, packed ones unpacked."""
    private = {
        str(sample_dir.parent),
        str(Path.home()),
        str(Path.cwd()),
        str(Path(__file__).parents[2]),
        "/tmp/",
        "site-packages",
    }
    host = socket.gethostname()
    private |= {host} if len(host) >= 6 else set()
    for file in sorted(p for p in sample_dir.rglob("*") if p.is_file()):
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as book:
                contents = [book.read(name) for name in book.namelist()]
        elif file.suffix == ".parquet":
            contents = [file.read_bytes(), repr(pl.read_parquet(file).rows()).encode()]
        else:
            contents = [file.read_bytes()]
        found = [words for words in private for content in contents if words.encode() in content]
        assert not found, f"{file.name} tells {found}"


def test_the_csv_opens_as_chinese_and_runs_nothing(sample_dir: Path) -> None:
    content = (sample_dir / "ranking.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0] == [zh.format(first=20) for zh, _ in (*HEADERS.values(), *SURE.values(), *FUND.values())]
    assert len(rows) == pl.read_parquet(sample_dir / "result" / "ranking.parquet").height + 1
    assert not [cell for row in rows for cell in row if cell.startswith(DANGEROUS)]


def test_a_ranking_written_in_parts_is_the_ranking_written_at_once(
    sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = load_pack("guangdong-2024").pack
    whole, sure = (
        pl.read_parquet(sample_dir / "result" / f"{name}.parquet").head(400) for name in ("ranking", "robustness")
    )
    assert whole["rank"].null_count() not in (0, whole.height), "some are ranked, some are not"
    assert whole.filter(pl.col("rank").is_null())["outcome"].n_unique() > 1
    held = pl.read_parquet(sample_dir / "result" / "fund_holdings.parquet")
    write_csv(ranking_table(whole, pack, "zh", sure, held), tmp_path / "at_once.csv")
    monkeypatch.setattr(ranking_files, "_ROWS", 7)
    for first in (0, 10, 300):
        monkeypatch.setattr(ranking_files, "WORKBOOK_ROWS", first)
        head = ranking_files.write_ranking(whole.lazy(), pack, "zh", (sure, held), tmp_path / "parts.csv")
        assert head.equals(ranking_table(whole, pack, "zh", sure, held).head(first))
        assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "at_once.csv").read_bytes()


def test_hostile_names_run_in_no_table_program(tmp_path: Path) -> None:
    """The CSV guards the cell with an apostrophe; the workbook holds it as text."""
    names = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\uff1d1+1",
        "\uff20x",
        "\r=1",
        "http://x.example",
        "样例=甲",
        "a-b",
    ]
    table = pl.DataFrame(
        {header: names if key == "name" else [None] * len(names) for key, (header, _) in HEADERS.items()},
        schema=dict.fromkeys((h for h, _ in HEADERS.values()), pl.String),
    )
    write_csv(table, tmp_path / "r.csv")
    book = Workbook(printer("zh"))
    book.sheet("ranking", *ranking_sheet(table))
    (tmp_path / "r.xlsx").write_bytes(book.written())
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as handle:
        cells = [row["企业名称"] for row in csv.DictReader(handle)]
    assert cells == [f"'{name}" for name in names[:9]] + names[9:]
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in parts.namelist(), "no links"
    assert sheets and not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert pl.read_excel(tmp_path / "r.xlsx")["企业名称"].to_list()[3] == "@SUM(A1)"


def test_the_workbook_of_a_run_has_no_formula_and_equals_the_csv(sample_dir: Path) -> None:
    with zipfile.ZipFile(sample_dir / "ranking.xlsx") as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    sheet = pl.read_excel(sample_dir / "ranking.xlsx", infer_schema_length=0)
    table = pl.read_csv(sample_dir / "ranking.csv", infer_schema=False)
    assert sheet.columns == table.columns
    for column in ("企业名称", "企业编号", "结论"):
        assert sheet[column].to_list() == table[column].to_list()


def test_the_workbook_traces_every_point_in_real_numbers(sample_dir: Path) -> None:
    path = sample_dir / "ranking.xlsx"
    sheets = [
        "排名",
        "评分项",
        "门槛",
        "事实与来源",
        "待补资料",
        "同行对照",
        "升降所系",
        "否决与复核",
        "基金敞口",
        "搁置",
        "规则",
        "说明",
    ]
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        cells = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
    assert names == sheets
    assert "<f>" not in cells and cells.count("<autoFilter") >= 8 and cells.count('state="frozen"') >= 8
    points = pl.read_excel(path, sheet_name="评分项")
    ranking = pl.read_excel(path, sheet_name="排名")
    totals = points.group_by("编号").agg(pl.col("计入总分").sum().round(2))
    both = totals.join(ranking, left_on="编号", right_on="企业编号")
    assert both.height == 3
    assert (both["计入总分"] >= both["总分"] - 0.011).all(), "deductions only take away"
    facts = pl.read_excel(path, sheet_name="事实与来源")
    assert {"companies_pipeline.csv", "financials.xlsx"} & set(facts["文件"].drop_nulls())
    assert facts["行"].drop_nulls().dtype.is_integer()


def test_pages_are_whole_and_carry_the_manifest(manifest: dict[str, Any], sample_dir: Path) -> None:
    for page in (sample_dir / "report.html", *(sample_dir / "dossiers").iterdir()):
        text = page.read_text(encoding="utf-8")
        assert "</html>" in text[-400:]
        assert manifest["result_digest"] in text
        assert len(text.encode()) <= 5_000_000


def test_the_points_of_every_pillar_and_criterion_stand_in_one_flat_file(sample_dir: Path) -> None:
    table = pl.read_csv(sample_dir / "scores.csv", infer_schema=False)
    ranking = pl.read_parquet(sample_dir / "result" / "ranking.parquet").filter(pl.col("score").is_not_null())
    criteria = pl.read_parquet(sample_dir / "result" / "criteria.parquet")
    assert table.height == ranking.height
    by_id = {row["企业编号"]: row for row in table.iter_rows(named=True)}
    for row in criteria.head(40).iter_rows(named=True):
        told = by_id[row["company_id"]]
        for header, column in (
            ("博士层次的研发力量", "team_doctors"),
            ("团队", "merit.team"),
            ("现金可支撑月数", "runway"),
        ):
            for suffix, end in (("", "points"), (" 下限", "low"), (" 上限", "high")):
                value = row[f"{column}.{end}"]
                assert told[header + suffix] == (None if value is None else str(value))


def test_a_workbook_gives_back_every_text_and_number_as_it_was(tmp_path: Path) -> None:
    texts = ['a&b<c>"d"', "_x0041_", " 前", "后 ", "两\n行", "回\r车", "制\t表", "=1+1", "]]>", "甲" * 3, "甲" * 3]
    day = datetime.date(2024, 2, 29)
    book = Sheets()
    columns = [("文", 10, ""), ("分", 9, "points"), ("日", 9, "date"), ("数", 9, "")]
    book.sheet("有", columns, [[text, Decimal("1.10"), day, (5, "whole")] for text in texts])
    book.sheet("无", columns, [])
    early = [
        datetime.date(1669, 5, 1),
        datetime.date(1899, 12, 31),
        datetime.date(1900, 2, 28),
        datetime.date(1900, 3, 1),
    ]
    book.sheet("早", [("日", 12, "date")], [[each] for each in early])
    (tmp_path / "x.xlsx").write_bytes(book.written())
    found = pl.read_excel(tmp_path / "x.xlsx", sheet_name="有")
    assert found["文"].to_list() == texts
    assert set(found.drop("文").rows()) == {(1.1, day, 5)}
    assert len(pl.read_excel(tmp_path / "x.xlsx", sheet_name="无", raise_if_empty=False)) == 0
    told = pl.read_excel(tmp_path / "x.xlsx", sheet_name="早", infer_schema_length=0)["日"].to_list()
    assert [said[:10] for said in told] == [each.isoformat() for each in early], (
        "also where spreadsheets count days otherwise"
    )
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        assert parts.read("xl/sharedStrings.xml").decode().count(">甲甲甲<") == 1, "a text stands once"
