"""Files as they should not be: hand-made kinds, each a function of a folder that returns the path to give to intake.

Every company here is made up.
"""

from __future__ import annotations

import datetime
import gzip
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import xlsxwriter

HEADER = "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围"
ROWS = (
    "星禾示例科技有限公司,,2020-01-02,500万元,深圳,量子传感器研发",
    "云岫示例材料有限公司,,2019/3/5,1000(万元),广州,新型储能材料制造",
    "朔光示例智能有限公司,,2021年6月7日,200万人民币,珠海,人形机器人制造",
)
GOOD = "\n".join((HEADER, *ROWS)) + "\n"

Maker = Callable[[Path], Path]
KINDS: dict[str, Maker] = {}


def kind(make: Maker) -> Maker:
    KINDS[make.__name__] = make
    return make


def text_kind(name: str, content: str | bytes, file: str = "companies.csv", encoding: str = "utf-8") -> None:
    def make(folder: Path) -> Path:
        path = folder / file
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    KINDS[name] = make


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if cell is not None:
                    sheet.write(y, x, cell)
    book.close()
    return path


CELLS: list[list[object]] = [line.split(",") for line in GOOD.splitlines()]

for _name, _content in {
    "empty": b"",
    "one_newline": b"\n",
    "only_spaces": b"   \n  \n",
    "only_separators": b",,,\n,,,\n",
    "bom_only": b"\xef\xbb\xbf",
    "nul_bytes": b"\x00" * 5000,
    "random_bytes": bytes(range(256)) * 40,
    "one_character": b"x",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "html": b"<html><table><tr><td>a</td></tr></table></html>",
    "html_table": b"\n <TABLE><tr><td>1</td></tr></TABLE>",
    "json_object": b'{"name": "x"}',
    "json_lines": b'[{"name": "x"}]',
    "xml": b"<?xml version='1.0'?><a/>",
    "rtf": b"{\\rtf1 hello}",
    "sqlite": b"SQLite format 3\x00" + b"\x00" * 100,
    "seven_zip": b"7z\xbc\xaf\x27\x1c" * 9,
    "half_zip": b"PK\x03\x04" + b"\x00" * 60,
    "half_xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "half_parquet": b"PAR1" + b"\x15\x04" * 30,
    "parquet_name_only": b"PAR1PAR1",
    "duckdb_head": b"\x00" * 8 + b"DUCK" + b"\x00" * 5000,
    "gzip_cut": gzip.compress(GOOD.encode())[:40],
    "gzip_head": b"\x1f\x8b",
    "utf8_cut": GOOD.encode()[:-5] + b"\xe4\xb8",
    "latin_accents": "Société;Né\n".encode("latin-1"),
    "utf16_cut": GOOD.encode("utf-16")[:-3],
    "utf32": GOOD.encode("utf-32"),
    "utf7_like": b"+ThZ2DA-,+XoM-\n1,2\n",
    "gb_with_junk": GOOD.encode("gb18030") + b"\xff\xff\xff\n",
    "big5_undeclared": "企業名稱,地區\n星禾範例科技,臺北\n".encode("big5"),
    "mac_roman_undeclared": "Société,Année\rÉtoile café,2020\rÀ côté,2021\r".encode("mac_roman"),
}.items():
    text_kind(_name, _content)

for _name, _content_text in {
    "header_only": HEADER + "\n",
    "header_no_newline": HEADER,
    "one_row": HEADER + "\n" + ROWS[0],
    "no_header": "\n".join(ROWS),
    "unknown_headers": "甲,乙,丙\n1,2,3\n",
    "no_name_column": "成立日期,注册资本\n2020-01-01,5万元\n",
    "numbers_only": "1,2,3\n4,5,6\n",
    "duplicate_headers": "企业名称,企业名称,地区\n星禾示例,云岫示例,深圳\n",
    "all_headers_equal": "企业名称,企业名称,企业名称\na,b,c\n",
    "blank_headers": ",,企业名称,\n1,2,星禾示例公司,3\n",
    "short_rows": HEADER + "\n星禾示例科技有限公司\n,\n" + ROWS[0],
    "long_rows": HEADER + "\n" + ROWS[0] + ",多余,多余\n" + ROWS[1],
    "trailing_commas": "\n".join(line + ",,," for line in GOOD.splitlines()),
    "unclosed_quote": HEADER + '\n"星禾示例,x\n' + "\n".join(ROWS),
    "unclosed_at_end": GOOD + '"开了没关,,,,,',
    "quotes_inside": HEADER + '\n星禾"示例"公司,,,,,"a""b"\n',
    "many_unclosed": HEADER + "\n" + '"a,\n' * 501,
    "line_break_in_cell": HEADER + '\n星禾示例公司,,,,,"一行\n二行\r\n三行"\n',
    "bare_cr": GOOD.replace("\n", "\r"),
    "mixed_line_ends": GOOD.replace("\n", "\r\n", 2).replace("\r\n", "\r", 1),
    "crlf": GOOD.replace("\n", "\r\n"),
    "tabs": GOOD.replace(",", "\t"),
    "semicolons": GOOD.replace(",", ";"),
    "pipes": GOOD.replace(",", "|"),
    "sep_hint": "sep=;\n" + GOOD.replace(",", ";"),
    "sep_hint_alone": "sep=\n",
    "full_width_commas": GOOD.replace(",", "，"),
    "nul_in_cell": GOOD.replace("示例", "示\x00例"),
    "bidi_in_name": GOOD.replace("示例", "\u202e示例\u202c"),
    "formula_cells": HEADER + "\n=cmd|' /C calc'!A0,,,,,@SUM(1)\n+1+1,,,,,-2\n",
    "markup": HEADER + "\n</script><script>alert(1)</script>公司,,,,,<b>\n",
    "nan_words": HEADER + "\n" + "NaN,NULL,N/A,-,无,未知\n" * 3,
    "blank_names": HEADER + "\n,,,,,x\n  ,,,,,y\n",
    "emoji_names": HEADER + "\n🚀🚀🚀,,,,,\n",
    "digits_as_name": HEADER + "\n123456,,,,,\n",
    "replacement_marks": HEADER + "\n\ufffd\ufffd\ufffd公,,,,,\n",
    "excel_code": HEADER + "\n星禾示例公司,9.144E+17,,,,\n",
    "total_row": GOOD + "合计,,,1700万元,,\n",
    "header_twice": GOOD + GOOD,
    "title_rows": "企业名录\n截至2025年\n" + GOOD,
    "twenty_titles": "标题\n" * 40 + GOOD,
    "megabyte_cell": HEADER + "\n星禾示例公司,,,,," + "长" * 1_000_000 + "\n" + ROWS[1],
    "megabyte_name": HEADER + "\n" + "长" * 1_000_000 + ",,,,,\n" + ROWS[1],
    "wide": ",".join(["企业名称", *map(str, range(3000))]) + "\n星禾示例公司" + ",x" * 3000,
    "dates_of_every_age": HEADER
    + "\n"
    + "".join(
        f"公司{n},,{d},,,\n"
        for n, d in enumerate(
            ("0000-00-00", "9999-12-31", "1900-01-01", "2020-02-30", "99999999", "1e400", "-1", "２０２０年１月１日")
        )
    ),
    "amounts_of_every_size": HEADER
    + "\n"
    + "".join(
        f"公司{n},,,{a},,\n"
        for n, a in enumerate(("1e99", "9" * 60, "-5万", "万", "∞", "1.2.3万元", "５００万元", "0", "壹佰亿亿元"))
    ),
    "same_row_many_times": HEADER + "\n" + (ROWS[0] + "\n") * 50,
    "one_code_two_names": HEADER + "\n甲示例公司,91350100M000100Y43,,,,\n乙示例公司,91350100M000100Y43,,,,\n",
    "control_headers": "\x00企业名称,\x00row,\x00id\n星禾示例公司,1,2\n",
    "header_with_newline": '"企业\n名称",地区\n星禾示例公司,深圳\n',
    "only_set_aside": HEADER + "\n,,,,,\u3000\n" + "合计,,,,,\n",
    "huge_numbers_in_code": HEADER + "\n星禾示例公司,9" + "9" * 300 + ",,,,\n",
}.items():
    text_kind(_name, _content_text)

text_kind("declared_suffix_lies", GOOD, "companies.xlsx")
text_kind("parquet_suffix_lies", GOOD, "companies.parquet")
text_kind("no_suffix", GOOD, "companies")
text_kind("gb18030", GOOD, encoding="gb18030")
text_kind("utf16_no_mark", GOOD, encoding="utf-16-le")
text_kind("utf16_be", b"\xfe\xff" + GOOD.encode("utf-16-be"))
text_kind("manifest_empty", "", "dataset.yaml")
text_kind("manifest_list", "- 1\n", "dataset.yaml")
text_kind("manifest_syntax", "dataset: {id: [\n", "dataset.yaml")
text_kind("manifest_no_tables", "dataset: {id: a, label: b}\ntables: {}\n", "dataset.yaml")
text_kind(
    "manifest_escape", "dataset: {id: a, label: b}\ntables: {companies: {file: ../../etc/passwd}}\n", "dataset.yaml"
)
text_kind("manifest_absolute", "dataset: {id: a, label: b}\ntables: {companies: {file: /etc/passwd}}\n", "dataset.yaml")
text_kind(
    "manifest_missing_file", "dataset: {id: a, label: b}\ntables: {companies: {file: nothing.csv}}\n", "dataset.yaml"
)
text_kind("manifest_alias", "dataset: &a {id: a, label: b}\ntables: *a\n", "dataset.yaml")


@kind
def missing_file(folder: Path) -> Path:
    return folder / "nothing.csv"


@kind
def folder_without_manifest(folder: Path) -> Path:
    (folder / "a.csv").write_text(GOOD, encoding="utf-8")
    return folder


@kind
def empty_folder(folder: Path) -> Path:
    return folder


@kind
def workbook_good(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", {"企业": CELLS})


@kind
def workbook_empty(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", {"Sheet1": []})


@kind
def workbook_header_only(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", {"Sheet1": CELLS[:1]})


@kind
def workbook_numbers(folder: Path) -> Path:
    return workbook(
        folder / "a.xlsx",
        {
            "Sheet1": [
                ["企业名称", "统一社会信用代码", "成立日期", "注册资本(万元)"],
                ["星禾示例公司", 9.144e17, 43500, 500],
                [12345, True, None, "=1+1"],
            ]
        },
    )


@kind
def workbook_titles_and_merged(folder: Path) -> Path:
    return workbook(
        folder / "a.xlsx",
        {
            "说明": [["请看下一页"]],
            "数据": [
                ["企业名录", None, None, None],
                ["基本信息", None, "资本", None],
                ["企业名称", "成立日期", "注册资本(万元)", "实缴资本(万元)"],
                ["星禾示例公司", "2020.1.2", "1,200", "—"],
            ],
        },
    )


@kind
def workbook_cut(folder: Path) -> Path:
    path = workbook_good(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


@kind
def workbook_without_sheet(folder: Path) -> Path:
    path = workbook_good(folder)
    kept = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            if "worksheets" not in name:
                new.writestr(name, old.read(name))
    path.write_bytes(kept.getvalue())
    return path


@kind
def workbook_broken_xml(folder: Path) -> Path:
    path = workbook_good(folder)
    kept = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:120] if "sheet1" in name else old.read(name))
    path.write_bytes(kept.getvalue())
    return path


@kind
def zip_of_csv(folder: Path) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("companies.csv", GOOD)
    return path


@kind
def parquet_good(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame({"企业名称": ["星禾示例公司", None], "成立日期": [18000, 1]}).write_parquet(path)
    return path


@kind
def parquet_odd_types(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame(
        {
            "企业名称": [b"\xff\xfe", "星禾示例公司".encode()],
            "经营范围": [["a", "b"], None],
            "地址": [{"x": 1}, {"x": 2}],
            "注册资本": [float("nan"), float("inf")],
            "统一社会信用代码": [1.0e17, 2.0],
            "是否上市": [True, None],
        },
        schema_overrides={"企业名称": pl.Binary},
    ).write_parquet(path)
    return path


@kind
def parquet_no_rows(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame({"企业名称": []}, schema={"企业名称": pl.String}).write_parquet(path)
    return path


@kind
def parquet_no_columns(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame().write_parquet(path)
    return path


@kind
def parquet_cut(folder: Path) -> Path:
    path = parquet_good(folder)
    path.write_bytes(path.read_bytes()[:-10])
    return path


@kind
def duckdb_good(folder: Path) -> Path:
    path = folder / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table other (a integer)")
        connection.execute("create table 企业 (企业名称 varchar, 成立日期 date, 注册资本 decimal(18, 2), iv interval)")
        connection.execute("insert into 企业 values ('星禾示例公司', date '2020-01-01', 5000000, interval 1 day)")
    return path


@kind
def duckdb_no_tables(folder: Path) -> Path:
    path = folder / "a.duckdb"
    duckdb.connect(str(path)).close()
    return path


@kind
def duckdb_cut(folder: Path) -> Path:
    path = duckdb_good(folder)
    path.write_bytes(path.read_bytes()[:5000])
    return path


@kind
def parquet_every_type(folder: Path) -> Path:
    path = folder / "a.parquet"
    when = datetime.datetime(2020, 1, 2, 3, 4)
    pl.DataFrame(
        {
            "企业名称": pl.Series(["星禾示例公司"], dtype=pl.Categorical),
            "地区": pl.Series(["深圳"], dtype=pl.Enum(["深圳"])),
            "成立日期": [when],
            "更新时间": [when.date()],
            "注册资本": [Decimal("5000000.00")],
            "经营范围": [datetime.timedelta(days=1)],
            "地址": [when.time()],
            "员工人数": pl.Series([62], dtype=pl.UInt8),
            "主营产品": [[1, 2]],
            "企业简介": [None],
        }
    ).write_parquet(path)
    return path


@kind
def workbook_of_stray_cells(folder: Path) -> Path:
    """One cell at the far corner: the rectangle of its sheet would need half a terabyte."""
    rows: list[list[object]] = [["企业名称"], ["星禾示例公司"]]
    path = folder / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for y, row in enumerate(rows):
        sheet.write_row(y, 0, row)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return path


@kind
def workbook_with_pattern_headers(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", {"Sheet1": [["企业名称", "*", "^.*$"], ["星禾示例公司", 1, 2]]})


@kind
def hundred_thousand_columns(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("企业名称" + ",x" * 100_000 + "\n星禾示例公司" + ",1" * 100_000 + "\n", encoding="utf-8")
    return path


@kind
def pattern_headers(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("企业名称,*,^.*$,地区\n星禾示例公司,1,2,深圳\n合计,1,2,3\n", encoding="utf-8")
    return path
