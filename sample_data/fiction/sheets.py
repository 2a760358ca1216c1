"""The rows of every file, as written: firms turned into cells. Flaws come after, in `flaws`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import spelling
from .cast import PARKS, PIPELINE, REGISTRY
from .dice import Dice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .firm import Firm, Row

COMPANY_FILES = {
    PIPELINE: "companies_pipeline.csv",
    REGISTRY: "companies_registry_gb18030.csv",
    PARKS: "companies_parks.xlsx",
}

# Standard column → header, in the order of the file.
HEADERS: dict[str, dict[str, str]] = {
    PIPELINE: {column: column for column in (
        "company_id", "uscc", "name", "former_names", "brand", "established_on", "status", "cancelled_on",
        "company_type", "registered_capital", "paid_in_capital", "province", "city", "district", "address",
        "operating_address", "business_scope", "products", "description", "industry_code", "industry_name", "staff",
        "insured_staff", "listed", "website", "source_kind", "observed_on")},
    REGISTRY: {
        "name": "企业名称", "uscc": "统一社会信用代码", "established_on": "成立日期", "status": "经营状态",
        "cancelled_on": "注吊销日期", "company_type": "企业类型", "registered_capital": "注册资本",
        "registered_capital_currency": "币种", "province": "所属省份", "city": "地区", "district": "所属区县",
        "address": "注册地址", "business_scope": "经营范围", "industry_code": "国民经济行业代码",
        "industry_name": "国民经济行业名称", "insured_staff": "参保人数", "former_names": "曾用名",
        "observed_on": "更新时间"},
    PARKS: {
        "company_id": "企业编号", "name": "企业名称", "uscc": "统一社会信用代码", "established_on": "成立日期",
        "status": "登记状态", "registered_capital": "注册资本(万元)", "paid_in_capital": "实缴资本(万元)",
        "city": "所在城市", "address": "注册地址", "products": "主营产品", "description": "企业简介",
        "business_scope": "经营范围", "industry_name": "所属行业", "staff": "员工人数", "insured_staff": "参保人数",
        "listed": "是否上市"},
}

CHILD_FILES: dict[str, tuple[str, dict[str, str]]] = {
    "financials": ("financials.csv", {column: column for column in (
        "company_id", "fiscal_year", "revenue", "main_revenue", "product_revenue", "rd_expense", "total_cost",
        "net_profit", "gross_profit", "total_assets", "total_liabilities", "cash", "operating_cash_flow",
        "government_grants", "source_kind", "observed_on")}),
    "patents": ("patents.csv", {column: column for column in (
        "company_id", "patent_no", "kind", "legal_status", "origin", "filed_on", "granted_on", "ipc", "title",
        "pledged")}),
    "funding_rounds": ("funding_rounds.csv", {column: column for column in (
        "company_id", "round", "announced_on", "amount", "institutional")}),
    "certificates": ("certificates.csv", {
        "company_id": "企业编号", "kind": "资质名称", "level": "级别", "issued_on": "发证日期", "expires_on": "有效期至"}),
    "milestones": ("milestones.csv", {column: column for column in (
        "company_id", "kind", "reached_on", "planned_on", "amount", "title", "source_kind")}),
    "risk_events": ("risk_events.csv", {
        "company_id": "企业编号", "record_no": "文号", "kind": "风险类型", "state": "当前状态", "occurred_on": "列入日期",
        "removed_on": "移出日期", "amount": "涉案金额"}),
    "team": ("team.csv", {column: column for column in (
        "company_id", "founders", "founders_full_time", "staff_total", "phd", "bachelor_or_above", "rd_staff",
        "prior_startups", "industry_years", "observed_on")}),
    "deal": ("deal.csv", {column: column for column in (
        "company_id", "pre_money", "ask", "instrument", "offered_on")}),
    "holders": ("holders.csv", {column: column for column in ("company_id", "holder_kind", "share")}),
}
HOLDINGS = ("holdings.csv", ["holding_id", "company_id", "name", "direction_id", "city", "invested_on", "invested",
                             "share", "status", "exited_on", "exit_method", "exited_cost", "proceeds"])
# The parks keep their own accounts, in 万元 and under Chinese headers.
PARK_ACCOUNTS = ("financials_parks.csv", {
    "company_id": "企业编号", "fiscal_year": "会计年度", "revenue": "营业收入(万元)", "rd_expense": "研发费用(万元)",
    "total_cost": "成本费用总额(万元)", "net_profit": "净利润(万元)", "total_assets": "资产总额(万元)",
    "total_liabilities": "负债总额(万元)", "cash": "货币资金(万元)", "source_kind": "来源类别", "observed_on": "数据日期"})
AMOUNTS = {"revenue", "main_revenue", "product_revenue", "rd_expense", "total_cost", "net_profit", "gross_profit",
           "total_assets", "total_liabilities", "cash", "operating_cash_flow", "government_grants"}


@dataclass
class Sheets:
    """Rows by file (company files by their short name, child tables by table) and what was spelled unusually."""

    companies: dict[str, list[Row]] = field(default_factory=dict)
    children: dict[str, list[Row]] = field(default_factory=dict)
    park_accounts: list[Row] = field(default_factory=list)
    holdings: list[Row] = field(default_factory=list)
    flaws: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def note(self, flaw: str, file: str, who: str, column: str, detail: object = "") -> None:
        """Record a seeded flaw: what, where, whose, and the truth or the cell behind it."""
        self.flaws.append((flaw, file, who, column, str(detail)))


def write_rows(firms: Iterable[Firm]) -> Sheets:
    """Turn firms into the rows of all files."""
    sheets = Sheets({file: [] for file in COMPANY_FILES}, {table: [] for table in CHILD_FILES})
    for number, firm in enumerate(firms):
        dice = Dice(f"67-2024:cells:{number}")
        sheets.companies[firm.file].append(_company(firm, dice, sheets))
        for table, rows in firm.rows.items():
            if table == "financials" and firm.file == PARKS:
                sheets.park_accounts.extend(_in_wan(row) for row in rows)
            else:
                sheets.children[table].extend(rows)
    return sheets


def _in_wan(row: Row) -> Row:
    return {column: round(value / 1e4, 2) if column in AMOUNTS and value is not None else value
            for column, value in row.items()}


def _company(firm: Firm, dice: Dice, sheets: Sheets) -> Row:
    file = COMPANY_FILES[firm.file]
    row: dict[str, Any] = {
        "_firm": firm, "company_id": firm.key, "uscc": firm.uscc, "name": firm.name,
        "former_names": firm.former_names, "brand": firm.brand if firm.life else "",
        "status": firm.status if firm.file == PIPELINE else spelling.status(dice, firm.status),
        "cancelled_on": firm.cancelled, "company_type": firm.company_type, "province": firm.province,
        "city": spelling.city(dice, firm.city, firm.province), "district": firm.district, "address": firm.address,
        "operating_address": firm.operating_address, "business_scope": firm.scope, "products": firm.products,
        "description": firm.description, "industry_code": firm.industry[0], "industry_name": firm.industry[1],
        "staff": firm.staff, "insured_staff": firm.insured, "source_kind": "self_reported",
        "listed": None if firm.listed is None else "是" if firm.listed else "否",
        "website": f"https://{firm.key.lower()}.example" if firm.life else "",
        "observed_on": dt.date(2026, dice.whole(3, 6), dice.whole(1, 28)),
    }
    if row["status"] not in {"存续", firm.status}:
        sheets.note("status_spelled", file, firm.name, "status", row["status"])
    style, cell = spelling.date(dice, firm.established, {PIPELINE: 0.82, REGISTRY: 0.6, PARKS: 0.55}[firm.file])
    row["established_on"] = firm.established if firm.file == PARKS and style == "iso" else cell
    if style != "iso":
        sheets.note(f"date_{style}", file, firm.name, "established_on", firm.established)
    _capital(firm, row, dice, sheets)
    return row


def _capital(firm: Firm, row: Row, dice: Dice, sheets: Sheets) -> None:
    row["registered_capital"], row["paid_in_capital"] = firm.capital, firm.paid_in
    row["registered_capital_currency"] = "" if firm.currency == "人民币" and dice.chance(0.4) else firm.currency
    if firm.capital is None:
        return
    if firm.file == PARKS:
        row["registered_capital"] = round(firm.capital / 1e4, 4)
        row["paid_in_capital"] = None if firm.paid_in is None else round(firm.paid_in / 1e4, 4)
    elif firm.file == REGISTRY or firm.currency != "人民币" or dice.chance(0.2):
        style, cell = spelling.capital(dice, firm.capital, firm.currency)
        row["registered_capital"] = cell
        sheets.note(f"capital_{style}", COMPANY_FILES[firm.file], firm.name, "registered_capital",
                    f"{firm.capital:.0f} {firm.currency}")
    else:
        row["registered_capital"] = f"{firm.capital:.0f}"
