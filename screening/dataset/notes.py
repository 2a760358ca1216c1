"""Lines of a table that are no rows: totals, notes below it, signatures of those who made it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import polars as pl

from screening.dataset.text import fold, stripped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.dataset.raw import RawTable

_LOOKED_AT = 4
"""Columns from the left in which such a line begins."""
_MOST_FILLED = 4
"""Cells that a note or signature fills; a row of data fills more."""
_TOTAL = r"(?i)^(?:[\x{4e00}-\x{9fff}]{1,8}(?:小计|合计|总计)[:：]?)$|^(?:合计|总计|小计|共计|累计|平均|平均值|汇总|总和|grandtotal|subtotal|total|totals|sum|average)(?:[:：]?[0-9]*[家户条个项]?(?:企业|公司)?|[(（].*[)）]|数)$"
_ROLE = r"制表|填表|填报|审核|复核|校核|编制|批准|审批|经办|承办|联系|负责|主管|统计|盖章|公章|签字|签名|签章|打印|导出|报送|上报|抄送|法定代表人|单位负责"
_NOTE = (
    rf"(?i)^[*★※]*(?:(?:备?注|附注|注释|说明|填表说明|数据来源|资料来源|来源|免责声明|声明|提示|单位|金额单位|货币单位|数据单位)[0-9]{{0,2}}[:：、.)].*"
    rf"|注[①-⑩0-9].*"
    rf"|(?:{_ROLE})(?:人|者|员|单位|部门|机构|日期|时间|电话|手机|邮箱|领导)?(?:[(（][^)）]*[)）])?[:：].*"
    rf"|(?:{_ROLE})(?:人|者|员|日期|电话)$"
    r"|(?:以上|上述|以下|本表|此表|本名单|表中)(?:数据|金额|内容|信息|名单|空白|企业|所列)?.*(?:[。.]|空白|为准|来源|提供|截[至止].*|共(?:计|有)?[0-9]+[家条户项].*)$"
    r"|(?:以上|上述|本表?)?(?:数据|资料|信息|内容|名单)(?:来源于|来源自|来自|取自|摘自|均?由).{1,40}"
    r"|[*★※]+(?:号|者)?(?:表示|代表|为|指|标注|系|意为).*"
    r"|(?:备注|附注|注|说明)$"
    r"|(?:https?://|www\.).*|(?:\(|（)?[0-9]{1,2}[)）、.．](?:本表|以上|数据|金额|单位|名单|表中).*|(?:本表|此表|本名单|表中).*|附件[0-9]*[:：].*"
    r"|[(（]?(?:完|全文完|未完待续|续上?表|续前页|承上页|接下页|转下页)[)）]?|(?:仅供)?内部(?:参考|资料|使用)|机密|秘密|绝密|请勿外传"
    rf"|(?:{_ROLE})(?:人|者|员|单位|部门)?(?:意见|签字|签名|盖章|签章)(?:[:：].*)?|(?:[0-9]{{4}})?年(?:[0-9]{{1,2}})?月(?:[0-9]{{1,2}})?日"
    r"|其中[:：].*|(?:同比|环比)(?:增长|增减|变动)?率?|占比|序号|ditto"
    r"|[(（]?(?:此|本|以下|下)(?:页|处|栏)?(?:无正文|空白|无内容)[^)）]*[)）]?"
    r"|(?:以上|上述|总共|合计|本表)?共?(?:计|有)?[0-9]+(?:家|条|户|项)(?:企业|公司|机构|单位|记录|数据)?[。.]?"
    r"|(?:数据|信息|统计)?(?:截止|截至|更新|采集|统计|填报|查询|下载|生成)(?:日期|时间|日)?(?:到|至|为)?[:：]?[0-9]{4}[-/.年][0-9]{1,2}.*"
    r"|第[0-9]+页(?:[,/]?共[0-9]+页)?|共[0-9]+(?:家|条|页|行|户|项)(?:企业|公司|机构|记录|数据)?[。.]?|[-—]*(?:以下空白|完|结束|end)[-—]*"
    r"|(?:note|notes|source|sources|remark|remarks|disclaimer|preparedby|approvedby|reviewedby|signature|contact|unit|units|page|generatedon|exportedon)[0-9]{0,2}[:：.].*"
    r"|page[0-9]+(?:of[0-9]+)?)$"
)
_VALUE = r"(?i)^(?:https?://|www\.|[0-9]{4}年|机密|秘密|绝密|内部)"
"""Lines that may as well be the first cell of a row: a day, an address, a class of secrecy. They are notes only where nothing stands beside them."""
DETAILS = {"total_row": "a total, not a row", "note": "a note or signature, not a row"}
_EXAMPLE = r"^[(（【\[]?(?:填[写报])?(?:示例|样例|范例|举例|例)[)）】\]]?[:：]|^[(（【\[](?:填[写报])?(?:示例|范例)[)）】\]]|^(?:填[写报])?(?:示例|范例)$"
"""How a row begins that shows in a form what to write, however many cells it fills."""
_HOW_TO_FILL = r"^(?:请)?(?:填写|填报|如实填写|按营业执照|与营业执照|必填|选填|下拉选择)"
"""How a row begins that says what to write; of a company whose own row it is, only that a cell was left open (「请填写」, 「填报完成」)."""
_LEAST_AGAIN = 2
_BLANKS_AROUND = 100
"""Bytes of white space that may stand round a header that is repeated below."""
_NUMBERED_ROWS = 3
_NAMED = r"(?i)(?:公司|集团|厂|合伙|合伙企业|中心|研究院|研究所|大学|学院|医院|合作社|商行|经营部|工作室|事务所|limited|ltd\.?|inc\.?|llc|corp\.?)(?:[(（][^()（）]*[)）])*$"
"""Ends like a whole name; `重点企业` does not."""
_CODE = r"(?i)^\s*(?:[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}|[A-Z]{1,4}[-_]?[0-9]{3,}(?:\.[0-9X])?)\s*$"
"""A credit code or a number of somebody's own (`QY0012`); no instruction has one that stands alone."""
_HEADING_CELLS = 2
_HEADING_NUMBER = r"^\s*[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]?\s*$"
_COUNTED = r"[(（](?:共)?[0-9]+[家户条个项](?:企业|公司)?[)）]$"
_HEADING = (
    r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：].*|[一二三四五六七八九十]{1,3}|[(（][一二三四五六七八九十]{1,3}[)）].*"
    r"|[【\[(（]?第[一二三四五六七八九十0-9]{1,3}(?:批次?|类|组|部分|章|节|期|档|片区).*|[【\[].*[】\]]|.*[(（](?:共)?[0-9]+[家户条个项](?:企业|公司)?[)）]"
    r"|[\x{4e00}-\x{9fff}A-Z]{1,10}(?:领域|行业|产业|类|赛道|方向|片区))$"
)
_PLACE = r"^[\x{4e00}-\x{9fff}]{2,8}(?:省|市|区|县|州|镇|街道)[:：]?$"
_COLUMN_NUMBER = re.compile(
    r"^(?:[甲乙丙丁戊己庚辛壬癸A-Za-z]|栏次|列次|列号|栏号|[(（]?\d{1,2}[)）]?(?:=[\d()（）+\-×*/÷]+)?)$"
)
_SHORT_ID = r"^(?:[A-Za-z]|[(（]?\d{1,2}[)）]?)$"
_STARTS = re.compile(
    r"^\s*[*★※(（]?\s*(?:备?注|附注|说明|单位|金额单位|货币单位|以上|本表|note|unit|amounts?|figures?)", re.IGNORECASE
)


def note_or_total(
    frame: pl.DataFrame,
    columns: Sequence[str],
    named: Sequence[str],
    numbering: Sequence[bool] = (),
    following: pl.DataFrame | None = None,
) -> pl.Series:
    """Return per row `total_row` or `note`, NULL for a row of data.

    `columns`: all columns of the file in their order; `named`: those that name a company, in which such words may stand
    too; `numbering`: which of the rows number the columns of a form (`numbers_columns`); `following`: the row after them, where
    the file goes on.
    """
    if not columns or not frame.height:
        return pl.Series("line", [None], dtype=pl.String).new_from_index(0, frame.height)
    if following is not None and following.height:
        rows = pl.concat([frame.select(columns), following.select(columns)])
        return note_or_total(rows, columns, named, numbering).head(frame.height)
    looked_at = list(dict.fromkeys([*columns[:_LOOKED_AT], *named]))
    begun = _first_filled(frame, looked_at)
    # A total may go on with the numbers of the rows: `7 | 合计 | 320`.
    words = {"short": fold(pl.lit(begun))} | {f"named {n}": fold(pl.col(n).str.slice(0, 200)) for n in named}
    short = pl.col("short")
    told = frame.select(**words).select(
        short,
        total=pl.any_horizontal(pl.col(list(words)).str.contains(_TOTAL)),
        note=short.str.contains(_NOTE),
        example=pl.any_horizontal(pl.col(list(words)).str.contains(_EXAMPLE)),
        how_to_fill=pl.any_horizontal(pl.col(list(words)).str.contains(_HOW_TO_FILL)),
        heading=short.str.contains(_HEADING) & ~short.str.contains(_NAMED),
        place=short.str.contains(_PLACE),
    )
    total, note, heading, place = (told[kind].fill_null(False) for kind in ("total", "note", "heading", "place"))
    numbered = pl.Series([*numbering, *[False] * (frame.height - len(numbering))], dtype=pl.Boolean)
    note |= _over_headers(frame, columns, named)
    if heading.any() or place.any():
        # A heading over a part of the table stands alone in its row; `一、` may have its words in the next cell.
        cells_filled = _filled_cells(frame, columns)
        alone = cells_filled <= (1 if len(columns) > 1 else 0)
        beside = begun.str.contains(_HEADING_NUMBER).fill_null(False) & (cells_filled <= _HEADING_CELLS)
        rest = frame.select(pl.concat_str([pl.col(name).fill_null("") for name in looked_at])).to_series()
        heading &= alone | (beside & ~rest.str.contains(_NAMED).fill_null(False)) | told["short"].str.contains(_COUNTED)
        note |= heading | (place & alone)
    if note.any():
        most = told.filter(note).select(pl.when(short.str.contains(_VALUE)).then(1).otherwise(_MOST_FILLED)).to_series()
        note = note.scatter(note.arg_true(), _filled_cells(frame.filter(note), columns) <= most)
    note |= told["example"].fill_null(False)
    asked = told["how_to_fill"].fill_null(False)
    if asked.any():
        note = note.scatter(asked.arg_true(), note.filter(asked) | ~_of_company(frame.filter(asked), columns, named))
    return (
        pl.DataFrame({"total": total, "note": note | numbered})
        .select(pl.when("total").then(pl.lit("total_row")).when("note").then(pl.lit("note")).alias("line"))
        .to_series()
    )


def _of_company(frame: pl.DataFrame, columns: Sequence[str], named: Sequence[str]) -> pl.Series:
    """Return which rows hold the name or the code of a company, in a cell that says nothing of what to write."""
    names = [fold(pl.col(n).str.slice(0, 200)) for n in named]
    of_name = [name.str.contains(_NAMED) & ~name.str.contains(_HOW_TO_FILL) for name in names]
    of_code = [pl.col(name).str.contains(_CODE) for name in columns]
    return frame.select(pl.any_horizontal(*of_name, *of_code).fill_null(False)).to_series()


def _first_filled(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return the beginning of each row's first cell that holds something; mostly that is the first of all."""
    found = pl.Series("first", [None], dtype=pl.String).new_from_index(0, frame.height)
    empty = pl.int_range(frame.height, eager=True)
    for name in columns:
        begun = stripped(frame[name].gather(empty).str.slice(0, 200))
        filled = (begun != "").fill_null(False)
        found = found.scatter(empty.filter(filled), begun.filter(filled)) if len(empty) < len(found) else begun
        empty = empty.filter(~filled)
        if empty.is_empty():
            break
    return pl.select(pl.when(found != "").then(found)).to_series()


def repeats_headers(frame: pl.DataFrame, headers: Sequence[str]) -> pl.Series:
    """Return which rows hold the headers again, in at least half of their columns."""
    least = max(_LEAST_AGAIN, (len(headers) + 1) // 2)

    def says_header(name: str) -> pl.Expr:
        about = pl.col(name).str.len_bytes() <= len(name.encode()) + _BLANKS_AROUND
        return (pl.when(about).then(pl.col(name)).str.strip_chars() == name).fill_null(False)

    # Such a row has one among so many columns, and nearly never is there any.
    some = [says_header(name) for name in headers[: len(headers) - least + 1]]
    if not some or not frame.select(pl.any_horizontal(some).any()).item():
        return pl.Series([False]).new_from_index(0, frame.height)
    return frame.select(pl.sum_horizontal([says_header(name).cast(pl.Int32) for name in headers]) >= least).to_series()


def _filled_cells(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return how many cells of each row are filled."""
    return frame.select(
        pl.sum_horizontal([(pl.col(name).str.strip_chars().fill_null("") != "").cast(pl.Int32) for name in columns])
    ).to_series()


def _over_headers(frame: pl.DataFrame, columns: Sequence[str], named: Sequence[str]) -> pl.Series:
    """Return which rows hold one cell only, where a title stands, right over the headers written once more.

    A cell elsewhere is of a row whose company is not repeated at the end of a page.
    """
    again = repeats_headers(frame, columns)
    if not again.any():
        return again
    begun = _first_filled(frame, list(dict.fromkeys([columns[0], *named]))).is_not_null()
    return again.shift(-1, fill_value=False) & (_filled_cells(frame, columns) == 1) & begun


def numbers_columns(raw: RawTable, named: Sequence[str]) -> list[bool]:
    """Return which of the first rows only number the columns of a form (`甲 | 乙 | 1 | 2`, `栏次 | (1) | (2)=(1)×3`).

    Not where companies are called so: other rows then have such a short id too.
    """
    columns = raw.frame.columns[1:]
    head = raw.rows(0, _NUMBERED_ROWS)
    rows = [
        [re.sub(r"\s+", "", cell) for cell in row if cell and cell.strip()] for row in head.select(columns).iter_rows()
    ]
    found = [
        len(cells) > 1
        and len(set(cells)) == len(cells)
        and all(_COLUMN_NUMBER.match(cell) for cell in cells)
        and (not cells[0].isdigit() or cells == [str(number) for number in range(1, len(cells) + 1)])
        for cells in rows
    ]
    if any(found) and any(_short_ids(raw, named)):
        return []
    return found


def _short_ids(raw: RawTable, named: Sequence[str]) -> Iterator[bool]:
    """Tell range by range whether a company is called by a letter or a number, behind the first rows."""
    for start, rows in zip(raw.starts, raw.ranges(list(dict.fromkeys(named))), strict=True):
        rest = rows.slice(max(0, _NUMBERED_ROWS - start))
        yield any(rest[name].str.strip_chars().str.contains(_SHORT_ID).any() for name in named)


def told_apart(refused: pl.DataFrame) -> pl.DataFrame:
    """Return lines of a text that were refused for their width with the notes, totals and headings among them called so.

    A note below the table fills one cell, or as many as it has commas.
    """
    wide = (refused["reason"] == "field_count").arg_true()
    cells = [[cell for cell in json.loads(line) if cell.strip()] for line in refused["original"].gather(wide)]
    lines = pl.DataFrame(
        [(each[0], ",".join(each[1:])) for each in cells], schema={"first": pl.String, "rest": pl.String}, orient="row"
    )
    line = note_or_total(lines, lines.columns, ["first"])
    if line.null_count() == len(line):
        return refused
    places = wide.filter(line.is_not_null())
    found = line.drop_nulls()
    return refused.with_columns(
        refused["reason"].scatter(places, found), refused["detail"].scatter(places, found.replace_strict(DETAILS))
    )


def noted(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    """Return of the last rows of a table the cells that begin like a note."""
    return [[cell for cell in row if cell and _STARTS.match(cell)] for row in rows]
