"""What nobody collected: missing rows and cells, at a rate of each table. Truth is removed, never altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cast import PIPELINE
from .dice import Dice

if TYPE_CHECKING:
    from .firm import Firm

_WHOLE_TABLE = {"financials": 0.17, "patents": 0.12, "funding_rounds": 0.2, "certificates": 0.08, "milestones": 0.14,
                "team": 0.24, "deal": 0.42, "holders": 0.4}
_CELL = {
    "financials": {"main_revenue": 0.1, "product_revenue": 0.35, "rd_expense": 0.08, "gross_profit": 0.22,
                   "total_liabilities": 0.07, "cash": 0.16, "operating_cash_flow": 0.28, "government_grants": 0.4},
    "patents": {"ipc": 0.06, "granted_on": 0.03, "origin": 0.12, "pledged": 0.25},
    "milestones": {"amount": 0.25},
    "team": {"phd": 0.1, "prior_startups": 0.3, "industry_years": 0.22, "founders_full_time": 0.08},
    "deal": {"instrument": 0.1, "offered_on": 0.1},
    "risk_events": {"amount": 0.05},
}


def forget(firms: list[Firm]) -> None:
    """Remove child tables, last years, cells and company fields that a real collection would not have."""
    for number, firm in enumerate(firms):
        dice = Dice(f"67-2024:gaps:{number}")
        for table, rate in _WHOLE_TABLE.items():
            if dice.chance(rate * (1 if firm.file == PIPELINE else 1.6)):
                firm.rows[table].clear()
        if dice.chance(0.07) and len(firm.rows["financials"]) > 1:
            firm.rows["financials"].pop()
        for table, columns in _CELL.items():
            for row in firm.rows[table]:
                for column, rate in columns.items():
                    if dice.chance(rate):
                        row[column] = None
        _forget_fields(firm, dice)


def _forget_fields(firm: Firm, dice: Dice) -> None:
    firm.paid_in = None if dice.chance(0.3) else firm.paid_in
    firm.insured = None if dice.chance(0.18) else firm.insured
    firm.staff = None if dice.chance(0.12) else firm.staff
    firm.listed = None if dice.chance(0.3) and not firm.listed else firm.listed
    firm.products = "" if dice.chance(0.05) else firm.products
    firm.description = "" if dice.chance(0.06) else firm.description
    firm.district = "" if dice.chance(0.2) else firm.district
