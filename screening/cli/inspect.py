"""`screen inspect`: what a data file looks like to intake, and a draft of its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from screening.cli.console import guarded, phrase, show_problems
from screening.cli.options import PATH, as_json_too, with_rules
from screening.cli.terminal import say, show, show_json, terminal
from screening.written_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from screening.api.answers import Inspection


@click.command(name="inspect")
@click.argument("path", type=PATH)
@with_rules
@click.option("--save", type=PATH, help="把草稿写入此文件。 Write the draft to this file.")
@as_json_too
@guarded
def command(path: Path, rules: str, save: Path | None, *, as_json: bool) -> None:
    """显示识别出的编码、表头、单位与列,未识别的表头,以及可保存的 dataset.yaml 草稿。

    Show what was recognised in a file or folder, what was not, and a draft dataset.yaml to save and correct.
    """
    from screening.api import Draft, plain
    from screening.api import inspect as looked_at

    found = looked_at(path, rules)
    if as_json:
        show_json(plain(found) if not isinstance(found, Draft) else {"draft": found.draft})
    else:
        if isinstance(found, Draft):
            show_problems(found.notices)
        else:
            for part in (found, *found.further):
                _show(part)
        show(found.draft)
    if save is not None:
        if save.exists():
            raise click.UsageError(f"'{save}' exists; choose another name")
        write_whole(save, found.draft)
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


def _show(found: Inspection) -> None:
    from rich.table import Table

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
            "; ".join(
                f"{phrase(kind)}: {' | '.join(str(e)[:24] for e in some[:3])}" for kind, some in c["examples"].items()
            ),
        )
    console.print(table)
    if found.missing:
        console.print(phrase(f"needed and not found: {', '.join(found.missing)}"), style="red")
    for header, column in found.near.items():
        console.print(phrase(f"perhaps: {header} -> {column}"))
    if found.unrecognised:
        console.print(phrase(f"not used: {', '.join(found.unrecognised)}"))
    show_problems(found.notices)
