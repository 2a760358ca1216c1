"""`screen inspect`: what a data file looks like to intake, and a draft of its manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screening.cli.console import guarded, phrase, show_problems
from screening.cli.terminal import say, show, show_json, terminal
from screening.run.options import DEFAULT_PACK
from screening.written_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command(
    name="inspect", short_help="查看数据文件并起草 dataset.yaml。 Look at a data file and draft its manifest."
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--rules", default=DEFAULT_PACK, show_default=True, help="规则包,其数据表为准。 The pack whose tables count."
)
@click.option("--save", type=click.Path(path_type=Path), help="把草稿写入此文件。 Write the draft to this file.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(path: Path, rules: str, save: Path | None, *, as_json: bool) -> None:
    """显示识别出的编码、表头、单位与列,未识别的表头,以及可保存的 dataset.yaml 草稿。

    Show what was recognised in a file or folder, what was not, and a draft dataset.yaml to save and correct.
    """
    import dataclasses

    from screening.dataset import draft_folder, inspect
    from screening.rulebook.loader import load_pack

    tables = load_pack(rules).pack.tables
    if path.is_dir():
        draft, notices = draft_folder(path, tables)
        if as_json:
            show_json({"draft": draft})
        else:
            show_problems(notices)
            show(draft)
    else:
        found = inspect(path, tables)
        draft = found.draft
        if as_json:
            show_json(dataclasses.asdict(found))
        else:
            _show(found)
            show(draft)
    if save is not None:
        if save.exists():
            raise click.UsageError(f"'{save}' exists; choose another name")
        write_whole(save, draft)
        say(phrase(f"saved {save.as_posix()}"))


_BASES = {
    "header": "by the header",
    "unit_row": "by a row of units",
    "above": "by what stands beside the table",
    "unit_column": "by a column of units",
    "cells": "in each cell",
    "assumed": "not stated, taken as yuan",
    "unknown": "not understood, not used",
}


def _unit(column: Mapping[str, Any]) -> str:
    """Return the unit that will be used for a column and where it was found."""
    basis = _BASES.get(str(column["unit_basis"]), "")
    basis = phrase(basis) if basis else ""
    return f"{column['unit']} ({basis})" if basis and column["unit"] else str(column["unit"] or basis)


def _show(found: object) -> None:
    from rich.table import Table

    from screening.dataset.model import Inspection

    assert isinstance(found, Inspection)
    console = terminal(stderr=True)
    how = ", ".join(
        p
        for p in (
            found.form,
            found.encoding,
            phrase(f"separator {found.separator!r}") if found.separator else "",
            phrase(f"sheet {found.sheet}") if found.sheet else "",
        )
        if p
    )
    told = (
        how,
        phrase(f"table '{found.table}'"),
        phrase(f"header in row {found.header_row}"),
        phrase(f"{found.rows:,} rows"),
    )
    console.print(f"{found.path}: {'; '.join(told)}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("column", "header", "unit", "filled", "parsed", "not parsed, examples"):
        table.add_column(phrase(title), overflow="fold", justify="right" if title in ("filled", "parsed") else "left")
    for c in found.columns:
        table.add_row(
            str(c["column"]),
            str(c["header"]),
            _unit(c),
            f"{c['filled']:,}",
            f"{c['parsed']:,}",
            "; ".join(f"{kind}: {' | '.join(str(e)[:24] for e in some[:3])}" for kind, some in c["examples"].items()),
        )
    console.print(table)
    if found.missing:
        console.print(phrase(f"needed and not found: {', '.join(found.missing)}"), style="red")
    for header, column in found.near.items():
        console.print(phrase(f"perhaps: {header} -> {column}"))
    if found.unrecognised:
        console.print(phrase(f"not used: {', '.join(found.unrecognised)}"))
    show_problems(found.notices)
