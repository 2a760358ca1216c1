"""The flaws of real exports, sown on purpose. Every one is written down in the sheets' list of flaws."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from . import identity, spelling
from .cast import PARKS, PIPELINE, REGISTRY
from .dice import Dice
from .sheets import CHILD_FILES, COMPANY_FILES, HEADERS, PARK_ACCOUNTS, Sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from .firm import Row

_CHARTER = ("根据当地商事登记规定，经营范围由商事主体通过章程载明，不属登记事项。如需了解经营范围，请查阅商事主体章程。")


class Sower:
    """Picks rows nobody has spoilt yet, spoils them, and notes what the truth was."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.dice = Dice("67-2024:flaws")
        # Rows still whole, in an order of chance; a row gets at most one of the flaws sown here.
        self._whole = {file: self.dice.some(rows, len(rows)) for file, rows in sheets.companies.items()}

    def take(self, file: str, count: int, fits: Callable[[Row], bool] = lambda _: True) -> list[Row]:
        """The next whole rows of a file that fit."""
        taken = [row for row in self._whole[file] if fits(row)][:count]
        assert len(taken) == count, f"the sample is too small for a flaw: {file}, {count}"
        self._whole[file] = [row for row in self._whole[file] if all(row is not other for other in taken)]
        return taken

    def set(self, flaw: str, file: str, row: Row, column: str, value: Any) -> None:
        """Replace one cell; the note keeps what stood there before."""
        self.sheets.note(flaw, COMPANY_FILES[file], row["name"], column, row[column])
        row[column] = value

    def add(self, flaw: str, file: str, row: Row, place: int) -> None:
        """Insert one more row."""
        rows = self.sheets.companies[file]
        rows.insert(place % (len(rows) + 1), row)
        self.sheets.note(flaw, COMPANY_FILES[file], row["name"] or "", "name", row.get("uscc", ""))


def _alone(row: Row) -> bool:
    """No child row names this company, so its identity may be spoilt without losing others."""
    return not any(row["_firm"].rows.values())


def sow(sheets: Sheets) -> None:
    """Sow every flaw, always in this order."""
    sower = Sower(sheets)
    _codes(sower)
    _dates_and_status(sower)
    _places(sower)
    _texts(sower)
    _amounts(sower)
    _duplicates(sower)
    _rows_of_no_company(sower)
    _children(sower)


def _codes(sower: Sower) -> None:
    for file, count in ((REGISTRY, 4), (PIPELINE, 3)):
        for row in sower.take(file, count, lambda row, file=file: file == PIPELINE or _alone(row)):
            sower.set("code_wrong_check_digit", file, row, "uscc", identity.spoilt_code(row["uscc"]))
    for row in sower.take(REGISTRY, 3, _alone):
        sower.set("code_as_excel_number", REGISTRY, row, "uscc", "9.1449900E+17")
    for file, count in ((REGISTRY, 2), (PIPELINE, 2)):
        for row in sower.take(file, count):
            sower.set("code_lower_case", file, row, "uscc", row["uscc"].lower())
    for file, count in ((REGISTRY, 2), (PARKS, 1)):
        for row in sower.take(file, count):
            code = row["uscc"]
            sower.set("code_with_spaces", file, row, "uscc", f" {code[:8]} {code[8:17]} {code[17]}")
    for row in sower.take(PARKS, 2):
        sower.set("code_full_width", PARKS, row, "uscc", spelling.full_width(row["uscc"]))
    for file, count in ((REGISTRY, 6), (PIPELINE, 4), (PARKS, 2)):
        for row in sower.take(file, count, lambda row, file=file: file != REGISTRY or _alone(row)):
            sower.set("code_missing", file, row, "uscc", "" if sower.dice.chance(0.6) else "-")
    for row in sower.take(REGISTRY, 2, _alone):
        sower.set("code_is_registration_number", REGISTRY, row, "uscc", f"449900{sower.dice.whole(10**8, 10**9 - 1)}")
    first, second = sower.take(REGISTRY, 2, _alone)
    sower.set("code_shared_by_two_names", REGISTRY, second, "uscc", first["uscc"])


def _dates_and_status(sower: Sower) -> None:
    def day(row: Row) -> dt.date:
        return row["_firm"].established

    for row in sower.take(REGISTRY, 4):
        sower.set("date_month_only", REGISTRY, row, "established_on", f"{day(row):%Y-%m}")
    for row in sower.take(REGISTRY, 2, lambda row: day(row).year >= 2000):
        sower.set("date_two_digit_year", REGISTRY, row, "established_on", f"{day(row):%y-%m-%d}")
    for row in sower.take(PARKS, 3):
        sower.set("date_excel_serial_as_text", PARKS, row, "established_on",
                  str((day(row) - dt.date(1899, 12, 30)).days))
    for flaw, cell, count in (("date_unknown_word", "未知", 3), ("date_machine_zero", "1970-01-01", 2),
                              ("date_in_the_future", "2031-02-28", 1), ("date_before_1949", "1899-12-30", 1),
                              ("date_missing", "", 4)):
        for row in sower.take(REGISTRY, count):
            sower.set(flaw, REGISTRY, row, "established_on", cell)
    for file, count in ((REGISTRY, 5), (PIPELINE, 5)):
        for row in sower.take(file, count, lambda row: row["_firm"].status == "存续"):
            sower.set("status_missing", file, row, "status", "" if sower.dice.chance(0.5) else "-")


def _places(sower: Sower) -> None:
    def inside(row: Row) -> bool:
        # 东莞 and 中山 have towns, no districts: a town alone would not name the city.
        return row["_firm"].province == "广东省" and row["_firm"].city not in {"东莞市", "中山市"}

    for file, count in ((REGISTRY, 9), (PIPELINE, 5)):
        for row in sower.take(file, count, lambda row: inside(row) and "区" in row["address"].split("市", 1)[1][:6]):
            sower.set("address_district_only", file, row, "address", row["address"].split("市", 1)[1])
            row["city"] = row["province"] = ""
    for file, count in ((REGISTRY, 12), (PIPELINE, 6), (PARKS, 4)):
        for row in sower.take(file, count, inside):
            sower.set("city_missing", file, row, "city", "")
    special = (
        ("address_shenshan", "深圳市", "深圳市深汕特别合作区鹅埠镇示例路6号样例创新园2号楼", "深圳"),
        ("address_shenshan", "深圳市", "汕尾市海丰县深汕特别合作区鹅埠镇示例大道18号", ""),
        ("address_hengqin", "珠海市", "横琴粤澳深度合作区示例科创街88号3座1102室", ""),
        ("address_hengqin", "珠海市", "珠海市横琴新区示例路12号", "珠海市"),
    )
    for flaw, home, address, city in special:
        row = sower.take(PIPELINE, 1, lambda row, home=home: row["_firm"].city == home)[0]
        sower.set(flaw, PIPELINE, row, "address", address)
        row["city"], row["district"] = city, ""


def _texts(sower: Sower) -> None:
    def plan(row: Row) -> bool:
        return row["_firm"].group == "plan"

    for file, column, count in ((PIPELINE, "description", 6), (PIPELINE, "products", 4), (PARKS, "products", 2)):
        for row in sower.take(file, count, lambda row, column=column: any(
                char.isascii() and char.isalpha() for char in row[column])):
            sower.set("text_full_width", file, row, column, spelling.full_width(row[column]))
    for row in sower.take(REGISTRY, 5, lambda row: len(row["business_scope"]) > 60):
        sower.set("scope_cut_short", REGISTRY, row, "business_scope", row["business_scope"][:48] + "...")
    for row in sower.take(REGISTRY, 2):
        sower.set("scope_leading_mark", REGISTRY, row, "business_scope", "^" + row["business_scope"])
    for row in sower.take(REGISTRY, 2):
        sower.set("scope_escaped_line_end", REGISTRY, row, "business_scope",
                  row["business_scope"].replace("；", "_x000d_\n", 1))
    for row in sower.take(REGISTRY, 4, lambda row: row["_firm"].city == "珠海市"):
        sower.set("scope_only_in_charter", REGISTRY, row, "business_scope", _CHARTER)
    for file, count in ((REGISTRY, 9), (PIPELINE, 3)):
        for row in sower.take(file, count, lambda row, file=file: file == REGISTRY or plan(row)):
            sower.set("nothing_said_of_business", file, row, "business_scope", "" if sower.dice.chance(0.5) else "-")
            row["products"] = row["description"] = ""
    tricks = (
        ("text_formula", lambda text: '=HYPERLINK("https://sample.example","点击查看")' + text),
        ("text_markup", lambda text: f"<script>alert('样例')</script><b>{text}</b>"),
        ("text_bidi_override", lambda text: text[:12] + "\u202e" + text[12:] + "\u202c"),
        ("text_line_ends_and_quotes", lambda text: text.replace("。", "。\n", 1) + '荣获"样例"之星。'),
    )
    for flaw, trick in tricks:
        row = sower.take(PIPELINE, 1, lambda row: bool(row["description"]))[0]
        sower.set(flaw, PIPELINE, row, "description", trick(row["description"]))


def _amounts(sower: Sower) -> None:
    for row in sower.take(PARKS, 2):
        sower.set("unit_twice", PARKS, row, "registered_capital", f"{row['registered_capital']:g}万元")
    for row in sower.take(PARKS, 2):
        sower.set("yuan_in_wan_column", PARKS, row, "registered_capital", row["registered_capital"] * 1e4)
    for row in sower.take(REGISTRY, 6):
        sower.set("capital_missing", REGISTRY, row, "registered_capital", sower.dice.pick(["", "-", "无"]))
    for file, count in ((REGISTRY, 8), (PARKS, 4)):
        for row in sower.take(file, count, lambda row: row["insured_staff"] is not None):
            sower.set("staff_as_band", file, row, "insured_staff", spelling.band(row["insured_staff"]))


def _duplicates(sower: Sower) -> None:
    dice = sower.dice
    for row in sower.take(REGISTRY, 4, lambda row: "（" in row["name"]):
        copy = {**row, "name": row["name"].replace("（", "(").replace("）", ")"), "district": "", "insured_staff": None}
        sower.add("duplicate_bracket_width", REGISTRY, copy, dice.whole(0, 10**6))
    for row in sower.take(REGISTRY, 3, lambda row: (
            _alone(row) and row["name"].endswith("有限公司") and "股份" not in row["name"])):
        copy = {**row, "name": row["name"].replace("有限公司", "有限责任公司"), "former_names": "", "insured_staff": None}
        sower.add("duplicate_company_form", REGISTRY, copy, dice.whole(0, 10**6))
    for row in sower.take(REGISTRY, 3):
        sower.add("duplicate_exact", REGISTRY, dict(row), dice.whole(0, 10**6))
    for row in sower.take(PIPELINE, 5, lambda row: bool(row["uscc"])):
        copy = {**row, "products": "", "description": "", "registered_capital_currency": "人民币"}
        sower.add("duplicate_in_two_files", REGISTRY, copy, dice.whole(0, 10**6))


def _rows_of_no_company(sower: Sower) -> None:
    blank = dict.fromkeys(sower.sheets.companies[REGISTRY][0], "")
    for row in sower.take(REGISTRY, 2, _alone):
        sower.set("name_missing", REGISTRY, row, "name", "")
    sower.add("header_repeated", REGISTRY, {**blank, **HEADERS[REGISTRY]}, 150)
    rows = sower.sheets.companies
    sower.add("footer_row", REGISTRY, {**blank, "name": "数据来源：样例导出，共计若干条"}, len(rows[REGISTRY]))
    sower.add("total_row", PARKS, {**blank, "company_id": "合计", "staff": 6180}, len(rows[PARKS]))


def _children(sower: Sower) -> None:
    sheets, dice = sower.sheets, sower.dice
    tables = sheets.children

    def note(flaw: str, table: str, row: Row, column: str) -> None:
        sheets.note(flaw, CHILD_FILES[table][0], str(row["company_id"]), column, row.get(column, ""))

    for table in ("financials", "patents", "risk_events", "milestones"):
        for row in dice.some(tables[table], 2):
            orphan = {**row, "company_id": f"YL9{dice.whole(100, 999)}"}
            tables[table].insert(dice.whole(0, len(tables[table])), orphan)
            note("child_without_company", table, orphan, "company_id")
    for table in ("financials", "certificates"):
        for row in dice.some(tables[table], 2):
            tables[table].append(dict(row))
            note("child_key_twice", table, row, "company_id")
    accounts = dice.some([row for row in tables["financials"] if row["revenue"] > 5e6], 8)
    for row in accounts[:3]:
        note("amount_not_disclosed", "financials", row, "cash")
        row["cash"] = "未披露"
    note("amount_below_zero", "financials", accounts[3], "revenue")
    accounts[3]["revenue"] = -accounts[3]["revenue"]
    for row in accounts[4:7]:
        note("wan_in_yuan_column", "financials", row, "revenue")
        for column in ("revenue", "rd_expense", "total_cost", "total_assets"):
            row[column] = None if row.get(column) is None else round(row[column] / 1e4, 2)
    note("fiscal_year_mistyped", "financials", accounts[7], "fiscal_year")
    accounts[7]["fiscal_year"] = 20255
    for row in dice.some([row for row in tables["milestones"] if row["planned_on"] is None], 2):
        note("dated_after_the_data", "milestones", row, "reached_on")
        row["reached_on"] = dt.date(2026, 9, dice.whole(1, 28))
    share = dice.pick([row for row in tables["holders"] if row["holder_kind"] == "venture_capital"])
    note("shares_above_one", "holders", share, "share")
    share["share"] = "0.93"
    names = {row["company_id"]: row["name"] for row in sheets.companies[PIPELINE]}
    for row in dice.some([row for row in tables["risk_events"] if row["company_id"] in names], 3):
        note("child_names_its_company", "risk_events", row, "company_id")
        row["company_id"] = names[row["company_id"]]
    for row in dice.some(sheets.park_accounts, 2):
        sheets.note("amount_with_separators", PARK_ACCOUNTS[0], row["company_id"], "revenue", row["revenue"])
        row["revenue"] = f"{row['revenue']:,.2f}"
    dates: tuple[tuple[str, str], ...] = (("patents", "filed_on"), ("funding_rounds", "announced_on"),
                                          ("certificates", "issued_on"), ("risk_events", "occurred_on"))
    for table, column in dates:
        for row in dice.some([row for row in tables[table] if isinstance(row[column], dt.date)], 6):
            note("child_date_as_text", table, row, column)
            row[column] = dice.pick(["{0.year}年{0.month}月{0.day}日", "{0.year}/{0.month}/{0.day}",
                                     "{0.year}.{0.month}.{0.day}"]).format(row[column])
