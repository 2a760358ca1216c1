"""The workbook of a proposal: one company a row, empty cells for the labels. `evaluate --gold` reads it back."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from screening.report.sheets import Sheets
from screening.result.contract import GRADES
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.analysis.proposal import Proposed
    from screening.rulebook.model import RulePack

WIDTHS = {
    "统一社会信用代码": 22,
    "企业名称": 34,
    "领域": 14,
    "方向": 18,
    "等级": 10,
    "说明": 24,
    "类别": 16,
    "文字": 110,
}
"""Columns and widths; the first five and 类别 are what a gold file is read by."""
CHOSEN, FIRST = ("领域", "方向", "等级"), 2
"""Columns whose values are chosen from a list, and the place of the first of them."""
NOBODY = "none"


def write_proposal(proposed: Sequence[Proposed], pack: RulePack, path: Path) -> None:
    """Write the workbook. Cells are text, so that nothing in them is a formula. Raises RunError when it cannot be written."""
    book = Sheets()
    rows = ((one.uscc, one.name, "", "", "", "", one.reason, "\n".join(one.texts)) for one in proposed)
    labels = book.sheet("标注", [(head, width, "wrapped") for head, width in WIDTHS.items()], rows)
    domains = [domain.label.zh for domain in pack.domains.values()]
    values = ([*domains, NOBODY], [direction.name.zh for _, _, direction in pack.directions()], GRADES)
    book.sheet("可选值", [(head, WIDTHS[head], "") for head in CHOSEN], zip_longest(*values), frozen=0)
    for at, (letter, offered) in enumerate(zip("ABC", values, strict=True), FIRST):
        source = f"=可选值!${letter}$2:${letter}${len(offered) + 1}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        labels.data_validation(1, at, max(1, len(proposed)), at, rule)
    write_asked(path, book.written(), "evaluate/unwritable")
