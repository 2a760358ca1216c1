"""One fictional firm: what is true of it, before any export spoils it. Amounts in yuan, dates as dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dice import Dice

AS_OF = dt.date(2026, 6, 30)
"""The date of the data: nothing true of a firm is later, save plans."""

Row = dict[str, Any]
CHILD_TABLES = (
    "financials", "patents", "funding_rounds", "certificates", "milestones", "risk_events", "team", "deal", "holders",
)


@dataclass
class Firm:
    """The truth about a firm. `key` is how its file names it: an id of ours, or the credit code in an export."""

    dice: Dice
    group: str
    life: str
    quality: float
    file: str
    key: str
    name: str
    uscc: str
    city: str
    district: str
    address: str
    established: dt.date
    industry: list[str]
    direction: str = ""
    brand: str = ""
    former_names: str = ""
    operating_address: str = ""
    status: str = "存续"
    cancelled: dt.date | None = None
    company_type: str = "有限责任公司"
    capital: float | None = None
    currency: str = "人民币"
    paid_in: float | None = None
    scope: str = ""
    products: str = ""
    description: str = ""
    staff: int | None = None
    insured: int | None = None
    listed: bool | None = None
    province: str = "广东省"
    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in CHILD_TABLES})

    def add(self, table: str, **values: Any) -> None:
        """Record one child row."""
        self.rows[table].append({"company_id": self.key, **values})
