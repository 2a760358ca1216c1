"""What analysts really have: the same three companies in every form give the same clean table."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.dataset import ingest, laid_rows, raw
from screening.dataset.delimited import SAMPLE
from screening.dataset.raw import ROW, ReadOptions
from screening.dataset.source import read_source
from screening.errors import RunError

from .broken_files import GOOD, workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screening.catalog import Table
    from screening.dataset import Dataset

    from .conftest import Intake

CELLS = [line.split(",") for line in GOOD.splitlines()]
EXPECTED = {
    "星禾示例科技有限公司": (date(2020, 1, 2), Decimal(5_000_000), "深圳市"),
    "云岫示例材料有限公司": (date(2019, 3, 5), Decimal(10_000_000), "广州市"),
    "朔光示例智能有限公司": (date(2021, 6, 7), Decimal(2_000_000), "珠海市"),
}


def text(file: str, content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / file
        path.write_bytes(content.encode(encoding))
        return path

    return write


def gzipped(folder: Path) -> Path:
    path = folder / "a.csv.gz"
    path.write_bytes(gzip.compress(GOOD.encode("gb18030")))
    return path


def parquet(folder: Path) -> Path:
    path = folder / "a.parquet"
    header, *rows = CELLS
    pl.DataFrame(rows, schema=header, orient="row").write_parquet(path)
    return path


def database(folder: Path) -> Path:
    path = folder / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table empty_one (x integer)")
        connection.execute("create table 企业 (企业名称 varchar, 成立日期 date, 注册资本 decimal(18, 2), 地区 blob)")
        connection.executemany(
            "insert into 企业 values (?, ?, ?, encode(?))",
            [[name, day, capital, city.removesuffix("市")] for name, (day, capital, city) in EXPECTED.items()],
        )
    return path


def sheet(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", {"说明": [["本表由示例系统导出"]], "企业": [list(row) for row in CELLS]})


def sheet_with_titles(folder: Path) -> Path:
    """A title, a note, and two header rows of which the upper is merged over columns and the lower holds the unit."""
    return workbook(
        folder / "a.xlsx",
        {
            "名录": [
                ["示例企业名录", None, None, None, None],
                [None],
                ["制表:示例", None, None, None, None],
                ["企业", None, "资本情况", None, "所在地"],
                ["企业名称", "成立日期", "注册资本(万元)", "备注", "地区"],
                ["星禾示例科技有限公司", "2020-01-02", "500", None, "深圳"],
                ["云岫示例材料有限公司", "2019/3/5", "1,000", None, "广州"],
                [None, None, None, None, None],
                ["朔光示例智能有限公司", 44354, 200, None, "珠海"],
                ["合计", None, 1700, None, None],
            ]
        },
    )


FORMS = {
    "utf8": text("a.csv", GOOD),
    "bom": text("a.csv", GOOD, "utf-8-sig"),
    "utf16": text("a.txt", GOOD, "utf-16"),
    "utf16_unmarked": text("a.csv", GOOD, "utf-16-le"),
    "gb18030": text("a.csv", GOOD, "gb18030"),
    "tabs": text("a.tsv", GOOD.replace(",", "\t")),
    "semicolons": text("a.csv", GOOD.replace(",", ";"), "gb18030"),
    "pipes": text("a.dat", GOOD.replace(",", "|")),
    "bare_cr": text("a.csv", GOOD.replace("\n", "\r")),
    "crlf_gb": text("a.csv", GOOD.replace("\n", "\r\n"), "gb18030"),
    "xls_that_is_text": text("a.xls", GOOD.replace(",", "\t"), "gb18030"),
    "titles": text("a.csv", "示例名录\n\n" + GOOD),
    "gzip": gzipped,
    "parquet": parquet,
    "duckdb": database,
    "xlsx": sheet,
    "xlsx_titles": sheet_with_titles,
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_form(form: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(FORMS[form](tmp_path))
    clean = pl.read_parquet(dataset.tables["companies"])
    assert {
        name: (day, capital, city)
        for name, day, capital, city in clean.select("name", "established_on", "registered_capital", "city").iter_rows()
    } == EXPECTED
    assert (dataset.as_of, dataset.as_of_basis) == (date(2026, 6, 30), "today")


@pytest.mark.parametrize("further", ["", ", rowid TEXT"])
def test_rows_of_a_database_taken_piece_by_piece_are_all_the_rows_once(
    further: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column that is called as DuckDB's number of the row hides it; rows that were deleted leave gaps."""
    monkeypatch.setattr(laid_rows, "PIECE", 3)
    monkeypatch.setattr(raw, "RANGE_ROWS", 4)
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f'CREATE TABLE t ("企业名称" TEXT, "员工人数" INT{further})')
        connection.execute(
            "INSERT INTO t BY NAME SELECT format('样例{:02d}公司', i) 企业名称, i 员工人数 FROM range(20) r(i)"
        )
        connection.execute('DELETE FROM t WHERE "员工人数" BETWEEN 4 AND 11')
    frame = pl.read_parquet(intake(path).tables["companies"]).sort("name")
    kept = [i for i in range(20) if not 4 <= i <= 11]
    assert frame.select("staff", "source_row").rows() == [(i, place) for place, i in enumerate(kept, start=1)]


def test_quoted_line_breaks_stay_in_the_cell(tmp_path: Path, intake: Intake) -> None:
    # A break between two Chinese signs is a wrapped word and goes (test_texts); after a sign of punctuation it stays.
    path = text("a.csv", '企业名称,经营范围\n星禾示例公司,"一行;\n二行""引""\r\n三行"\n云岫示例公司,四行\n')(tmp_path)
    clean = pl.read_parquet(intake(path).tables["companies"])
    assert sorted(clean["business_scope"]) == ['一行;\n二行"引"\r\n三行', "四行"]
    assert sorted(clean["source_row"]) == [2, 5]


def test_columns_are_exactly_those_declared(tmp_path: Path, intake: Intake, tables: dict[str, Table]) -> None:
    dataset = intake(FORMS["utf8"](tmp_path))
    clean = pl.read_parquet(dataset.tables["companies"])
    assert clean.columns == [
        *tables["companies"].columns,
        "missing_reasons",
        "source_file",
        "source_row",
        "source_sheet",
        "open_tables",
    ]
    assert dataset.available["companies"] == {
        "name",
        "uscc",
        "established_on",
        "registered_capital",
        "registered_capital_currency",
        "registered_capital_kind",
        "city",
        "city_basis",
        "business_scope",
        "entity_kind",
        "parent_id",
    }


def test_what_a_cell_could_not_say_is_kept_as_its_reason(tmp_path: Path, intake: Intake) -> None:
    path = text(
        "a.csv",
        "企业名称,注册资本,成立日期,统一社会信用代码\n星禾示例公司,100万美元,2099-01-01,9.144E+17\n云岫示例公司,-,,\n",
    )(tmp_path)
    dataset = intake(path)
    clean = pl.read_parquet(dataset.tables["companies"]).sort("name")
    assert clean["missing_reasons"].to_list() == [
        None,
        "established_on=unparsable;registered_capital=other_currency;uscc=unparsable",
    ]
    assert clean["registered_capital_currency"].to_list() == [None, "USD"]
    column = {c["column"]: c for c in dataset.quality["tables"]["companies"]["columns"]}
    assert column["uscc"]["examples"] == {"unparsable": ["9.144E+17"]}
    assert column["registered_capital"]["failures"] == {"other_currency": 1}
    assert column["established_on"]["suspicious"] == {"impossible_date": 1}


def test_yuan_mixed_with_wan_is_called_a_unit_anomaly(tmp_path: Path, intake: Intake) -> None:
    rows = "".join(f"示例{n}公司,{5_000_000 if n % 10 else 500}\n" for n in range(200))
    dataset = intake(text("a.csv", "企业名称,注册资本(万元)\n" + rows)(tmp_path))
    column = {c["column"]: c for c in dataset.quality["tables"]["companies"]["columns"]}["registered_capital"]
    assert column["suspicious"] == {"unit_anomaly": 180}


def test_another_entity_with_its_own_tables_is_read_by_the_same_intake(tmp_path: Path) -> None:
    from screening.catalog import Table

    label = {"zh": "基金", "en": "Fund"}
    funds = {
        "funds": Table.model_validate(
            {
                "label": label,
                "grain": label,
                "key": ["fund_id"],
                "columns": {
                    "fund_id": {"type": "code", "required": True},
                    "title": {"type": "text"},
                    "size": {"type": "decimal", "unit": "cny"},
                },
            }
        )
    }
    path = text("funds.csv", "fund_id,title,size\nF1,甲基金,10亿元\nF2,乙基金,5亿元\n,丙基金,1亿元\n")(tmp_path)
    dataset: Dataset = ingest(path, funds, None, date(2026, 1, 1), tmp_path / "work")
    clean = pl.read_parquet(dataset.tables["funds"])
    assert clean.select("fund_id", "size").rows() == [("F1", Decimal(10**9)), ("F2", Decimal(5 * 10**8))]
    assert dataset.root == "funds"
    assert dict(dataset.rows["funds"].set_aside_by_reason) == {"no_key": 1}


def test_codes_that_a_spreadsheet_kept_as_numbers_are_not_believed(tmp_path: Path, intake: Intake) -> None:
    """18 digits do not fit a double; what comes back is another code, which passes the check once in 31 times."""
    numbers = [914403001922038216 + 1_000_000 * n for n in range(60)]
    cells: list[list[object]] = [["企业名称", "统一社会信用代码"]]
    cells += [[f"示例{n}公司", number] for n, number in enumerate(numbers)]
    clean = pl.read_parquet(intake(workbook(tmp_path / "a.xlsx", {"a": cells})).tables["companies"])
    assert clean["uscc"].null_count() == 60
    assert set(clean["missing_reasons"]) == {"uscc=unparsable"}
    texts: list[list[object]] = [
        ["企业名称", "统一社会信用代码"],
        *([f"示例{n}公司", str(m)] for n, m in enumerate(numbers)),
    ]
    clean = pl.read_parquet(intake(workbook(tmp_path / "b.xlsx", {"a": texts})).tables["companies"])
    assert clean["uscc"].null_count() <= 1


def test_dates_and_amounts_typed_in_a_workbook(tmp_path: Path, intake: Intake) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("a")
    sheet.write_row(0, 0, ["企业名称", "成立日期", "注册资本(万元)", "参保人数"])
    sheet.write_row(1, 0, ["星禾示例公司", date(2020, 1, 2), 1200.5, 62])
    book.close()
    clean = pl.read_parquet(intake(tmp_path / "a.xlsx").tables["companies"])
    assert clean.select("established_on", "registered_capital", "insured_staff").rows() == [
        (date(2020, 1, 2), Decimal("12005000"), 62)
    ]


def test_a_currency_column_counts_and_one_that_is_not_known_is_never_yuan(tmp_path: Path, intake: Intake) -> None:
    path = text(
        "a.csv",
        "企业名称,注册资本(万元),币种,实缴资本\n甲示例公司,100,美元,5万元\n乙示例公司,100,人民币,\n丙示例公司,100,贝壳,\n"
        "丁示例公司,100,,\n戊示例公司,100万港元,人民币,\n己示例公司,,欧元,\n",
    )(tmp_path)
    clean = pl.read_parquet(intake(path).tables["companies"])
    assert {
        row[0][0]: row[1:]
        for row in clean.select("name", "registered_capital", "registered_capital_currency").iter_rows()
    } == {
        "甲": (None, "USD"),
        "乙": (Decimal(1_000_000), "CNY"),
        "丙": (None, "XXX"),
        "丁": (Decimal(1_000_000), "CNY"),
        "戊": (None, "HKD"),
        "己": (None, "EUR"),
    }
    assert clean["paid_in_capital"].drop_nulls().to_list() == [Decimal(50_000)]


def test_the_header_tells_what_kind_of_capital_it_is(tmp_path: Path, intake: Intake) -> None:
    path = text("a.csv", "企业名称,认缴资本\n甲示例公司,100万元\n乙示例公司,实缴100万元\n丙示例公司,无\n")(tmp_path)
    clean = pl.read_parquet(intake(path).tables["companies"])
    assert {row[0][0]: row[1] for row in clean.select("name", "registered_capital_kind").iter_rows()} == {
        "甲": "subscribed",
        "乙": "paid_in",
        "丙": None,
    }


def test_a_unit_in_a_header_that_is_not_known_is_said(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(text("a.csv", "企业名称,注册资本(元/万元)\n甲示例公司,100\n乙示例公司,100万元\n")(tmp_path))
    said = [(problem.code, problem.severity) for problem in dataset.notices if problem.code != "data/undated"]
    assert said == [("data/unknown-unit", "warning")]
    clean = pl.read_parquet(dataset.tables["companies"]).sort("name")
    assert clean.select("name", "registered_capital", "missing_reasons").rows() == [
        ("乙示例公司", Decimal("1000000"), None),
        ("甲示例公司", None, "registered_capital=unparsable"),
    ]


def test_a_word_for_nothing_fills_no_cell(tmp_path: Path, intake: Intake) -> None:
    dataset = intake(
        text("a.csv", "企业名称,注册资本,经营范围\n甲示例公司,N/A,无\n乙示例公司,100万,-\n丙示例公司,乱,研发\n")(
            tmp_path
        )
    )
    column = {c["column"]: c for c in dataset.quality["tables"]["companies"]["columns"]}
    assert [
        (column[c]["filled"], column[c]["parsed"], column[c]["missing"])
        for c in ("registered_capital", "business_scope")
    ] == [(2, 1, 2), (1, 1, 2)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    cells=st.lists(
        st.lists(
            st.text(
                alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\r\n\t"),
                max_size=12,
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    ),
    separator=st.sampled_from([",", "\t", ";", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_what_is_read(
    cells: list[list[str]], separator: str, line_end: str, encoding: str, tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = tmp_path / "a.csv"
    header = ["企业名称", "地区", "经营范围"]
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
        writer.writerows([header, *cells])
    [raw] = read_source(path, tables["companies"], ReadOptions("a.csv"))
    filled = [tuple(row) for row in cells if any(cell.strip() for cell in row)]
    assert (raw.frame.drop(ROW).rows(), raw.refused.height) == (filled, 0)


def test_a_folder_that_cannot_be_written_to_is_an_error_of_the_run(tmp_path: Path, tables: dict[str, Table]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        ingest(FORMS["utf8"](tmp_path), tables, None, None, tmp_path / "taken" / "work")
    assert caught.value.problems[0].code == "run/disk"


@pytest.mark.parametrize("shift", range(-3, 4))
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_end_of_the_sample_may_fall_anywhere(
    shift: int, line_end: str, tmp_path: Path, tables: dict[str, Table]
) -> None:
    """A file is looked at in its first part and then read on from there: no line may break or join at the seam."""
    head = f"企业名称,经营范围{line_end}"
    filler = "甲" * (SAMPLE - len(head) - len("示例公司,") + shift - 1)
    text_ = f'{head}示例公司,{filler}{line_end}乙示例公司,研发{line_end}"丙示例公司","一{line_end}二"{line_end}'
    path = tmp_path / "a.csv"
    path.write_bytes(text_.encode())
    [raw] = read_source(path, tables["companies"], ReadOptions("a.csv"))
    assert raw.frame.drop(ROW).rows() == [
        ("示例公司", filler),
        ("乙示例公司", "研发"),
        ("丙示例公司", f"一{line_end}二"),
    ]


def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path, intake: Intake) -> None:
    """Empty rows and columns before the table count: a reader looks the row up in the sheet."""
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("a")
    for row, cells in (
        (4, ["企业名称", "地区"]),
        (5, ["甲示例公司", "深圳"]),
        (8, ["", "广州"]),
        (9, ["乙示例公司", "广州"]),
    ):
        sheet.write_row(row, 2, cells)
    book.close()
    dataset = intake(tmp_path / "a.xlsx")
    clean = pl.read_parquet(dataset.tables["companies"])
    assert sorted(clean.select("name", "source_row").rows()) == [("乙示例公司", 10), ("甲示例公司", 6)]
    assert pl.read_parquet(dataset.set_aside["companies"])["source_row"].to_list() == [9]
    assert (dataset.files[0]["header_row"], dataset.files[0]["blank_rows"]) == (5, 2)
