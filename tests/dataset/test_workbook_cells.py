"""What a workbook says beyond the bare value of a cell: formats, bases, merges, hidden parts, formulas without result."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from screening.dataset.amounts import parse_amount
from screening.dataset.dates import parse_date
from screening.dataset.figures import folded
from screening.dataset.number_format import number_format, plain_number, shown
from screening.dataset.numbers import parse_decimal, parse_headcount, parse_integer, parse_percent, parse_year
from screening.dataset.raw import RawTable, ReadOptions
from screening.dataset.source import read_source
from screening.errors import DatasetError

if TYPE_CHECKING:
    from screening.catalog import Table

    from .conftest import Intake

Fill = Callable[[Any, Any], None]


def workbook(path: Path, *sheets: tuple[str, Fill], **options: Any) -> Path:
    """Write a workbook; each sheet is filled by a function of (book, sheet)."""
    with xlsxwriter.Workbook(path, options) as book:
        for name, fill in sheets:
            fill(book, book.add_worksheet(name))
    return path


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Change one part of a workbook, as another program would have written it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def raw(path: Path, table: Table) -> RawTable:
    return read_source(path, table, ReadOptions(path.name))[0]


def codes(table: RawTable) -> list[str]:
    return [problem.code for problem in table.problems]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("0.6", "0.00%", "60%"),
        ("0.28999999999999998", "0%", "29%"),
        ("-0.035", "0.0%;[Red](0.0%)", "-3.5%"),
        ("60", '0.0"%"', "60%"),
        ("1234.56", '0.00"万元"', "1234.56万元"),
        ("1234.56", "0.00\\万\\元", "1234.56万元"),
        ("12", 'G/通用格式"万元"', "12万元"),
        ("12345", '0!.0,"万"', "1.2345万"),
        ("12345600", '0.0,"万"', "12345600元"),
        ("43500000", '0.00,,"百万"', "43.5百万"),
        ("5200000", "#,##0,", "5200千"),
        ("25000", '[>=10000]0!.0,"万";0"元"', "2.5万"),
        ("250", '[>=10000]0!.0,"万";0"元"', "250元"),
        ("1200", "[$USD] #,##0.00", "USD1200"),
        ("1200", "[$€-2] #,##0", "€1200"),
        ("1200", "[$¥-411]#,##0", "JPY1200"),
        ("1200", "[$¥-804]#,##0", "¥1200"),
        ("-5", '"¥"#,##0;[Red]"¥"-#,##0', "-¥5"),
        ("1234.5", '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "¥1234.5"),
        ("7", "000000", "000007"),
        ("2024", '0"年"', "2024年"),
        ("12.5", "[$-804]0.0_ ", "12.5"),
        ("3", "0.00E+00", "3"),
        ("5", ";;;", "5"),
    ],
)
def test_a_number_is_written_as_its_format_shows_it_but_unrounded(value: str, code: str, text: str) -> None:
    assert shown(value, number_format(code)) == text


@pytest.mark.parametrize(
    ("code", "kind", "monthly"),
    [
        ("yyyy-mm-dd", "date", False),
        ('yyyy"年"m"月"', "date", True),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "date", False),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "date", False),
        ("h:mm AM/PM", "date", False),
        ("[h]:mm:ss", "elapsed", False),
        ("[Red]0.00", "number", False),
        ('0.00"d"', "number", False),
    ],
)
def test_a_format_tells_dates_from_numbers(code: str, kind: str, monthly: bool) -> None:
    assert (number_format(code).kind, number_format(code).monthly) == (kind, monthly)


def test_numbers_have_the_fifteen_digits_of_a_spreadsheet() -> None:
    assert [
        plain_number(text) for text in ("62.0", "0.30000000000000004", "1E-3", "914401010123456789", "-0", "x")
    ] == [
        "62",
        "0.3",
        "0.001",
        "9.14401010123457e+17",
        "-0",
        "x",
    ]


def test_percent_cells_under_a_percent_header_are_not_divided_again(tmp_path: Path, intake: Intake) -> None:
    def holders(book: Any, sheet: Any) -> None:
        percent = book.add_format({"num_format": "0.00%"})
        sheet.write_row(0, 0, ["企业名称", "股东类别", "持股比例(%)"])
        for row, (kind, share, form) in enumerate(
            [("创始人", 0.452, percent), ("外资", 0.4, percent), ("员工持股", 14.8, None)], start=1
        ):
            sheet.write_row(row, 0, ["星禾示例公司", kind])
            sheet.write_number(row, 2, share, form)

    workbook(tmp_path / "h.xlsx", ("股东", holders))
    (tmp_path / "c.csv").write_text("企业名称\n星禾示例公司\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: d, label: d}\ntables:\n  companies: {file: c.csv}\n  holders: {file: h.xlsx}\n", encoding="utf-8"
    )
    clean = pl.read_parquet(intake(tmp_path).tables["holders"])
    assert dict(clean.select("holder_kind", "share").rows()) == {
        "founders": Decimal("0.452"),
        "foreign": Decimal("0.4"),
        "employees": Decimal("0.148"),
    }


def test_amounts_follow_the_format_of_their_own_cell_before_the_header(tmp_path: Path, intake: Intake) -> None:
    cases = [
        ("甲示例公司", 1234.56, '0.00"万元"', Decimal("12345600")),
        ("乙示例公司", 12345600, '0.0,"万"', Decimal("12345600")),
        ("丙示例公司", 500, "General", Decimal("50000000")),
        ("丁示例公司", 500, '"¥"#,##0.00', Decimal("50000000")),
        ("戊示例公司", 500, "[$USD] #,##0", None),
        ("己示例公司", 800, '0"元"', Decimal("800")),
    ]

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "注册资本(十万元)"])
        for row, (name, value, code, _) in enumerate(cases, start=1):
            sheet.write(row, 0, name)
            sheet.write_number(row, 1, value, book.add_format({"num_format": code}))

    clean = pl.read_parquet(intake(workbook(tmp_path / "a.xlsx", ("企业", fill))).tables["companies"])
    assert dict(clean.select("name", "registered_capital").rows()) == {name: yuan for name, _, _, yuan in cases}


@pytest.mark.parametrize("base", [False, True])
@pytest.mark.parametrize("form", [14, 31, 57, 58, 27, 'yyyy"年"m"月"d"日";@', "d-mmm-yy"])
def test_a_date_is_the_same_day_under_every_date_format_and_either_base(
    base: bool, form: int | str, tmp_path: Path, tables: dict[str, Table]
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "成立日期"])
        sheet.write(1, 0, "甲示例公司")
        sheet.write_datetime(1, 1, date(2019, 5, 2), book.add_format({"num_format": form}))

    path = workbook(tmp_path / "a.xlsx", ("企业", fill), **({"date_1904": True} if base else {}))
    assert raw(path, tables["companies"]).frame["成立日期"].to_list() == ["2019-05-02"]


def test_a_month_without_a_day_stays_a_month_and_a_time_is_no_date(tmp_path: Path, tables: dict[str, Table]) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "成立日期"])
        for row, (value, code) in enumerate(
            [
                (43586, 'yyyy"年"m"月"'),
                (43586.5, "yyyy-m-d h:mm"),
                (0.5, "h:mm"),
                (30.25, "[h]:mm"),
                (43586, "General"),
            ],
            start=1,
        ):
            sheet.write(row, 0, f"示例{row}公司")
            sheet.write_number(row, 1, value, book.add_format({"num_format": code}))

    found = raw(workbook(tmp_path / "a.xlsx", ("企业", fill)), tables["companies"]).frame["成立日期"].to_list()
    assert found == ["2019-05", "2019-05-01 12:00:00", "12:00:00", "30.25", "43586"]


def merged_patents(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["序号", "企业名称", "专利号", "法律状态"])
    for row in range(1, 6):
        sheet.write_row(row, 2, [f"ZL{row}", *(["授权"] if row < 4 else [])])
    sheet.merge_range("A2:A4", 1)
    sheet.merge_range("B2:B4", "甲示例公司")
    sheet.merge_range("B5:B6", "乙示例公司")
    sheet.merge_range("D5:D6", "失效")


def test_a_company_merged_over_its_rows_is_filled_down_and_nothing_else(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    found = raw(workbook(tmp_path / "p.xlsx", ("专利", merged_patents)), tables["patents"]).frame
    assert found["企业名称"].to_list() == ["甲示例公司"] * 3 + ["乙示例公司"] * 2
    assert found["序号"].to_list() == ["1", None, None, None, None]
    assert found["法律状态"].to_list() == ["授权", "授权", "授权", "失效", None]


def test_a_name_merged_over_two_rows_of_the_roster_makes_one_company(tmp_path: Path, intake: Intake) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "经营范围"])
        sheet.merge_range("A2:A3", "甲示例公司")
        sheet.write_column(1, 1, ["研发", "销售"])

    rows = intake(workbook(tmp_path / "a.xlsx", ("企业", fill))).rows["companies"]
    assert (rows.read, rows.clean, dict(rows.set_aside_by_reason)) == (2, 1, {"no_name": 1})


def roster(name: str, headers: tuple[str, ...] = ("企业名称", "经营范围")) -> Fill:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, headers)
        sheet.write_row(1, 0, [name, *["研发"] * (len(headers) - 1)])

    return fill


@pytest.mark.parametrize("state", ["hide", "very_hidden"])
def test_a_visible_sheet_is_read_before_a_hidden_one_with_more_headers(
    state: str, tmp_path: Path, tables: dict[str, Table]
) -> None:
    def old(book: Any, sheet: Any) -> None:
        roster("旧示例公司", ("企业名称", "经营范围", "成立日期", "注册地址"))(book, sheet)
        getattr(sheet, state)()

    def front(book: Any, sheet: Any) -> None:
        roster("新示例公司")(book, sheet)
        sheet.activate()
        sheet.set_first_sheet()

    found = raw(workbook(tmp_path / "a.xlsx", ("旧版", old), ("名单", front)), tables["companies"])
    assert (found.sheet, codes(found)) == ("名单", ["data/sheets"])


def test_a_hidden_sheet_that_alone_fits_is_used_and_said(tmp_path: Path, tables: dict[str, Table]) -> None:
    def front(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["说明", "地址"])
        sheet.activate()

    def hidden(book: Any, sheet: Any) -> None:
        roster("甲示例公司")(book, sheet)
        sheet.hide()

    found = raw(workbook(tmp_path / "a.xlsx", ("封面", front), ("名单", hidden)), tables["companies"])
    assert (found.sheet, codes(found)) == ("名单", ["data/hidden-sheet"])


def test_filtered_and_hidden_rows_are_read_and_said(tmp_path: Path, tables: dict[str, Table]) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["企业名称", "甲示例公司", "乙示例公司", "丙示例公司"])
        sheet.autofilter("A1:A4")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:D", None, None, {"hidden": True})

    found = raw(workbook(tmp_path / "a.xlsx", ("企业", fill)), tables["companies"])
    assert found.frame.height == 3
    assert codes(found) == ["data/hidden-rows", "data/hidden-columns"]


def formulas(results: list[object]) -> Fill:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "注册资本"])
        for row, result in enumerate(results, start=1):
            sheet.write(row, 0, f"示例{row}公司")
            sheet.write_formula(row, 1, f"=C{row + 1}*10000", None, result)

    return fill


def no_request(text: str) -> str:
    return text.replace(' fullCalcOnLoad="1"', "")


@pytest.mark.parametrize(
    ("results", "asks", "lost"),
    [
        # A program that cannot calculate: zeros everywhere, or nothing at all.
        ([0, 0, 0], True, [True, True, True]),
        ([0, 0, 0], False, [True, True, True]),
        # Results that only a calculation gives, in a file that does not ask for one: its zero is a result.
        ([5000, 0, 7000], False, [False, False, False]),
        # The file asks to be calculated on opening: what is not zero was given, a zero was not.
        ([5000, 0, 7000], True, [False, True, False]),
    ],
)
def test_a_formula_never_calculated_is_no_zero(
    results: list[object], asks: bool, lost: list[bool], tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = workbook(tmp_path / "a.xlsx", ("企业", formulas(results)))
    found = raw(path if asks else rewritten(path, "xl/workbook.xml", no_request), tables["companies"])
    assert [cell == "#UNCALCULATED!" for cell in found.frame["注册资本"]] == lost
    assert codes(found) == (["data/uncalculated"] if any(lost) else [])


def test_a_formula_without_any_result_is_said_and_an_empty_text_is_a_result(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = workbook(tmp_path / "a.xlsx", ("企业", formulas([1, 1])))
    sheet = "xl/worksheets/sheet1.xml"
    rewritten(
        path, sheet, lambda text: text.replace('<c r="B2"><f>C2*10000</f><v>1</v>', '<c r="B2"><f>C2*10000</f><v/>')
    )
    rewritten(
        path,
        sheet,
        lambda text: text.replace('<c r="B3"><f>C3*10000</f><v>1</v>', '<c r="B3" t="str"><f>A9</f><v></v>'),
    )
    found = raw(path, tables["companies"])
    assert found.frame["注册资本"].to_list() == ["#UNCALCULATED!", None]


def test_other_writers_prefix_their_tags_leave_out_references_and_escape_line_ends(
    tmp_path: Path, tables: dict[str, Table]
) -> None:
    path = workbook(tmp_path / "a.xlsx", ("企业", roster("甲示例公司")))

    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("<x:?xml", "<?xml").replace("xmlns=", "xmlns:x=")
        return re.sub(r' r="[A-Z]*\d+"', "", text)

    rewritten(path, "xl/worksheets/sheet1.xml", prefixed)
    rewritten(path, "xl/sharedStrings.xml", lambda text: text.replace("研发", "研发_x000D_\n生产"))
    found = raw(path, tables["companies"])
    assert found.frame.drop("\x00row").rows() == [("甲示例公司", "研发\r\n生产")]


def test_reading_aids_for_pronunciation_are_no_text(tmp_path: Path, tables: dict[str, Table]) -> None:
    path = workbook(tmp_path / "a.xlsx", ("企业", roster("甲示例公司")))
    aid = '<si><t>甲示例公司</t><rPh sb="0" eb="1"><t>jia</t></rPh><phoneticPr fontId="1"/></si>'
    rewritten(path, "xl/sharedStrings.xml", lambda text: text.replace("<si><t>甲示例公司</t></si>", aid))
    assert raw(path, tables["companies"]).frame["企业名称"].to_list() == ["甲示例公司"]


def test_a_cell_in_the_far_corner_costs_one_cell(tmp_path: Path, tables: dict[str, Table]) -> None:
    def fill(book: Any, sheet: Any) -> None:
        roster("甲示例公司")(book, sheet)
        sheet.write(1_048_575, 16_383, "x")

    found = raw(workbook(tmp_path / "a.xlsx", ("企业", fill)), tables["companies"])
    assert found.frame["企业名称"].to_list() == ["甲示例公司", None]


def test_claims_beyond_the_limits_are_refused_before_they_fill_memory(
    tmp_path: Path, tables: dict[str, Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["企业名称", *["甲" * 1_000] * 200])

    path = workbook(tmp_path / "a.xlsx", ("企业", fill))
    for limit, said in (
        ("screening.dataset.sheet_cells.MAX_CELLS", "more than 100 cells"),
        ("screening.dataset.spreadsheet.MAX_TEXT", "the limit is 100"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(limit, 100)
            with pytest.raises(DatasetError) as caught:
                raw(path, tables["companies"])
            assert caught.value.problems[0].code == "data/too-large"
            assert said in caught.value.problems[0].message


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, tables: dict[str, Table]) -> None:
    path = workbook(tmp_path / "a.xlsx", ("企业", roster("甲示例公司")))
    declared = '<!DOCTYPE x [<!ENTITY a "甲甲甲甲">]><worksheet'
    rewritten(path, "xl/worksheets/sheet1.xml", lambda text: text.replace("<worksheet", declared, 1))
    with pytest.raises(DatasetError) as caught:
        raw(path, tables["companies"])
    assert caught.value.problems[0].code == "data/damaged"


LEDGER = Path(__file__).parent / "examples" / "ledger.xls"
"""Written with xlwt 1.3.0: formats of money, percent and dates, a merged company, a hidden sheet, a loss marked ▲."""


def test_an_xls_file_of_a_ledger_is_read_as_its_writer_saw_it(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "ledger.xls").write_bytes(LEDGER.read_bytes())
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: t, label: t}\ntables:\n  companies: {file: ledger.xls, sheet: 企业}\n"
        "  holders: {file: ledger.xls, sheet: 股东}\n  financials: {file: ledger.xls, sheet: 财务}\n",
        encoding="utf-8",
    )
    dataset = intake(tmp_path)
    companies = pl.read_parquet(dataset.tables["companies"]).sort("registered_capital")
    assert companies["registered_capital"].to_list() == [12_000_000, 12_345_600]
    assert companies["established_on"].to_list() == [date(2018, 5, 1)] * 2
    shares = pl.read_parquet(dataset.tables["holders"]).sort("share")
    assert shares["share"].to_list() == [Decimal("0.4"), Decimal("0.6")]
    assert pl.read_parquet(dataset.tables["financials"])["net_profit"].to_list() == [-5_200_000]
    assert not [p for p in dataset.notices if p.code == "data/no-formats"]


def test_of_an_xls_file_the_visible_sheet_is_screened(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "a.xls").write_bytes(LEDGER.read_bytes())
    names = pl.read_parquet(intake(tmp_path / "a.xls").tables["companies"])["name"]
    assert "广州示例旧名科技有限公司" not in names.to_list()


def test_a_bare_day_number_counts_from_the_base_of_its_workbook(tmp_path: Path, tables: dict[str, Table]) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "成立日期"])
        sheet.write_row(1, 0, ["示例甲科技有限公司", 41_759])
        sheet.write_row(2, 0, ["示例乙科技有限公司", "41759"])

    for options, day in (({"date_1904": True}, date(2018, 5, 1)), ({}, date(2014, 4, 30))):
        read = raw(workbook(tmp_path / "a.xlsx", ("a", fill), **options), tables["companies"])
        cells = parse_date("d", read.frame["成立日期"], date(2026, 6, 30), base_1904=read.date_1904).columns["d"]
        assert cells.to_list() == [day, day]


def test_without_formats_a_small_number_below_a_percent_header_is_left_unread() -> None:
    cells = pl.Series(["0.45", "45", "0", "30%"])
    read = parse_percent("s", cells, unit="%", most=1, formatted=False)
    assert read.columns["s"].to_list() == [None, Decimal("0.45"), 0, Decimal("0.3")]
    assert parse_percent("s", pl.Series(["0.45"]), most=1, formatted=False).columns["s"].to_list() == [Decimal("0.45")]


@pytest.mark.parametrize("mark", ["1", "12", "1)", "①"])
@pytest.mark.parametrize("inline", [False, True])
def test_a_footnote_raised_behind_a_number_is_not_its_last_digit(
    tmp_path: Path, tables: dict[str, Table], mark: str, inline: bool
) -> None:
    """Yearbooks print 120¹; every reader we met makes 1201 of it."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["企业名称", "注册资本(万元)"])
        sheet.write(1, 0, "甲公司")
        sheet.write_rich_string(1, 1, "120", book.add_format({"font_script": 1}), mark)

    path = workbook(tmp_path / "yearbook.xlsx", ("表", fill))
    if inline:
        strings = re.findall(r"<si>(.*?)</si>", zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode())
        rewritten(
            path,
            "xl/worksheets/sheet1.xml",
            lambda sheet: re.sub(
                r' t="s"><v>(\d+)</v>', lambda found: f' t="inlineStr"><is>{strings[int(found[1])]}</is>', sheet
            ),
        )
    cell = raw(path, tables["companies"]).frame["注册资本(万元)"].item()
    assert cell != f"120{mark}" or mark == "①"
    assert parse_amount("x", pl.Series([cell])).columns["x"].to_list() == [None]


@pytest.mark.parametrize("cell", ["120¹", "120①", "3,000②", "1.5⁽¹⁾", "８０❶", "2024¹²"])
def test_a_mark_behind_a_digit_is_read_as_no_digit(cell: str) -> None:
    cells = pl.Series([cell])
    for read in (parse_amount, parse_decimal, parse_integer, parse_percent, parse_year, parse_headcount):
        parsed = read("x", cells)
        assert parsed.columns["x"].to_list() == [None], read.__name__


def test_a_mark_behind_a_date_is_no_digit_of_its_day() -> None:
    for cell in ("2024-6-1①", "2024/06/1²", "2024.6.1①"):
        assert parse_date("x", pl.Series([cell]), today=date(2026, 11, 1)).columns["x"].to_list() != [date(2024, 6, 11)]
        assert parse_date("x", pl.Series([cell]), today=date(2026, 11, 1)).columns["x"].to_list() != [date(2024, 6, 12)]


def test_raised_digits_elsewhere_stay_what_they_mean() -> None:
    assert parse_amount("x", pl.Series(["１２０万元"])).columns["x"].to_list() == [Decimal(120) * 10_000]
    assert folded(pl.Series(["面积m²"])).to_list() == ["面积m2"]
