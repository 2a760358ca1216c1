"""ODS sheets: the percent, unit or currency that a cell's format shows counts, as it does in XLSX."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dataset.conftest import Intake

NAME = "广州样例甲科技有限公司"
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def text(said: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'


def cell(kind: str, held: str, shown: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{held}"{more}><text:p>{shown}</text:p></table:table-cell>'


def sheet(path: Path, *rows: list[str]) -> None:
    lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {NAMESPACES} office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="名单">{lines}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )


@pytest.mark.parametrize(
    ("capital", "yuan", "currency"),
    [
        (cell("float", "500", "500.00万元"), 5_000_000, "CNY"),
        (cell("currency", "1234.5678", "1,234.57万元", ' office:currency="CNY"'), Decimal("12345678"), "CNY"),
        (cell("float", "5000000", "500.0万"), 5_000_000, "CNY"),
        (cell("currency", "5000000", "¥5,000,000.00", ' office:currency="CNY"'), 5_000_000, "CNY"),
        (cell("currency", "500", "$500", ' office:currency="USD"'), None, "USD"),
        (cell("currency", "500", "500.00", ' office:currency="HKD"'), None, "HKD"),
        (cell("float", "5000000", "5000000"), 5_000_000, "CNY"),
    ],
    ids=("万元", "rounded", "scaled", "yuan", "dollar", "code alone", "plain"),
)
@pytest.mark.parametrize("blank", [0, 1])
def test_an_amount_counts_in_the_unit_that_its_cell_shows(
    tmp_path: Path, intake: Intake, capital: str, yuan: object, currency: str, blank: int
) -> None:
    left = ["<table:table-cell/>"] * blank
    head = [*left, text("企业名称"), text("注册资本")]
    sheet(tmp_path / "a.ods", *[["<table:table-cell/>"]] * blank, head, [*left, text(NAME), capital])
    dataset = intake(tmp_path / "a.ods")
    row = pl.read_parquet(dataset.tables["companies"]).row(0, named=True)
    assert (row["registered_capital"], row["registered_capital_currency"]) == (yuan, currency)


def test_percent_cells_below_a_percent_header_are_not_divided_again(tmp_path: Path, intake: Intake) -> None:
    kinds = {
        "创始人": cell("percentage", "0.3", "30%"),
        "国资": cell("percentage", "0.005", "0.5%"),
        "高校": cell("float", "45", "45"),
    }
    sheet(
        tmp_path / "k.ods",
        [text("企业名称"), text("股东类别"), text("持股比例(%)")],
        *([text(NAME), text(kind), share] for kind, share in kinds.items()),
    )
    (tmp_path / "c.csv").write_text(f"企业名称\n{NAME}\n", encoding="utf-8")
    (tmp_path / "dataset.yaml").write_text(
        "dataset: {id: t, label: t, as_of: 2026-06-30}\ntables:\n  companies: {file: c.csv}\n  holders: {file: k.ods}\n",
        encoding="utf-8",
    )
    found = dict(pl.read_parquet(intake(tmp_path).tables["holders"]).select("holder_kind", "share").iter_rows())
    assert found == {"founders": Decimal("0.3"), "state": Decimal("0.005"), "university": Decimal("0.45")}
