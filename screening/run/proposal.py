"""The workbook of a proposal: one company a row, empty cells for the labels. `evaluate --gold` reads it back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from screening.errors import RunError
from screening.result.contract import GRADES
from screening.written_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.analysis.proposal import Proposed
    from screening.rulebook.model import RulePack

HEADERS = (
    ("统一社会信用代码", 22),
    ("企业名称", 34),
    ("领域", 14),
    ("方向", 18),
    ("等级", 10),
    ("说明", 24),
    ("类别", 16),
    ("文字", 110),
)
"""Columns and widths; the first five and 类别 are what a gold file is read by."""

LONGEST_CELL = 32_000
NOBODY = "none"


def write_proposal(proposed: Sequence[Proposed], pack: RulePack, path: Path) -> None:
    """Write the workbook. Cells are text, so that nothing in them is a formula. Raises RunError when it cannot be written."""
    domains = [domain.label.zh for domain in pack.domains.values()]
    directions = [direction.label.zh for _, _, direction in pack.directions()]
    try:
        content = io.BytesIO()
        with xlsxwriter.Workbook(
            content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            sheet, choices = book.add_worksheet("标注"), book.add_worksheet("可选值")
            head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            top = book.add_format({"valign": "top"})
            for column, (header, width) in enumerate(HEADERS):
                sheet.write_string(0, column, header, head)
                sheet.set_column(column, column, width)
            for number, one in enumerate(proposed, 1):
                cells = (one.uscc, one.name, "", "", "", "", one.reason, "\n".join(one.texts)[:LONGEST_CELL])
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(number, column, cell, wrapped if column == len(cells) - 1 else top)
            for column, values in enumerate((["领域", *domains, NOBODY], ["方向", *directions], ["等级", *GRADES])):
                for row, value in enumerate(values):
                    choices.write_string(row, column, value)
                letter = "ABC"[column]
                sheet.data_validation(
                    1,
                    2 + column,
                    max(1, len(proposed)),
                    2 + column,
                    {
                        "validate": "list",
                        "source": f"=可选值!${letter}$2:${letter}${len(values)}",
                        "error_type": "warning",
                    },
                )
            sheet.freeze_panes(1, 2)
        write_whole(path, content.getvalue())
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise RunError.of(
            "evaluate/unwritable",
            f"cannot write '{path.as_posix()}': {error}",
            remedy="close the workbook, or choose another file with --out",
        ) from error
