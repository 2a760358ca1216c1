"""A folder for others (`screen run --audience external`): the full result, without what is marked confidential.

Pages are printed from relations and tables in which it is not there any more, so nothing they show can come from it; then the
tables leave the folder. Scores, points, outcomes and `result_digest` stay those of the full result.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.dataset.personal import blotted
from screening.engine.inputs import MAIN
from screening.errors import Problem, RunError
from screening.identifier import file_named
from screening.result.contract import EXTERNAL, WITHHELD
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from screening.catalog import Tables
    from screening.dataset.model import Dataset
    from screening.rulebook.scope import ParsedPack

Marks = dict[str, bool | list[str]]
"""By table: True for all of it, else its confidential columns."""

KEPT_OUT = ("tables", "set_aside", "quality.json")
"""What is not part of a folder for others, whatever is marked; nor are the overrides, which say who decided and why."""

_TELLING = ("run/", "pack/", "data/not-collected", "data/rows-lost", "data/undated")
"""Notices that name rules, tables and counts; all others may quote cells."""

_NAMES = ("company_id", "name")


def marked(tables: Tables, dataset: Dataset) -> Marks:
    """Return what is confidential: the pack's marks, in each table replaced or widened by what `dataset.yaml` says of it.

    What is derived from a confidential column is so too.
    """
    found: Marks = {}
    for name, table in tables.items():
        said = dataset.confidential.get(name)
        if said is True or (said is not False and table.confidential):
            found[name] = True
            continue
        listed = set(said if isinstance(said, tuple) else ())
        listed |= {c for c, column in table.columns.items() if column.confidential and said is not False}
        more = {c for c, column in table.columns.items() if column.derived_from in listed}
        if listed | more:
            found[name] = sorted(listed | more)
    return found


def withhold(work: Path, parsed: ParsedPack, record: Mapping[str, Any]) -> dict[str, Any]:
    """Take what is confidential out of a folder before its pages are written; return the manifest for others.

    Raises RunError when what names the companies is marked: nothing would be left to read.
    """
    marks: Marks = record["confidential"]
    own = marks.get(MAIN, [])
    if own is True or (isinstance(own, list) and set(own) & set(_NAMES)):
        raise RunError.of(
            "run/nothing-to-share",
            f"{MAIN}, or what names its companies ({', '.join(_NAMES)}), is marked confidential",
            remedy="mark only the columns to leave out, or run without --audience external",
        )
    for name, table in parsed.pack.tables.items():
        path, mark = file_named(work / "tables", name, ".parquet"), marks.get(name, [])
        if mark is True:
            path.unlink(missing_ok=True)
        elif path.is_file():
            _rewrite(path, mark if isinstance(mark, list) else [], table.columns)
    _results(work / "result", parsed, marks, own if isinstance(own, list) else [])
    _quality(work / "quality.json", marks)
    for path in work.glob("overrides.*"):
        path.unlink()
    shutil.rmtree(work / "set_aside", ignore_errors=True)
    return _manifest(record)


def strip(work: Path) -> None:
    """Take away what only the pages needed."""
    for name in KEPT_OUT:
        path = work / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def withheld_facts(parsed: ParsedPack, marks: Marks) -> frozenset[str]:
    """Return the facts that rest on something confidential, directly or through others."""
    program, facts = parsed.program, parsed.pack.facts

    def hidden(column: str) -> bool:
        table, _, name = column.partition(".")
        mark = marks.get(table, [])
        return mark is True or (isinstance(mark, list) and name in mark)

    return frozenset(
        f
        for f in facts
        if any(hidden(c) for c in program.sources(Key("fact", f)))
        or any(marks.get(facts[b].table or MAIN) is True for b in program.bases(f))
    )


def _results(folder: Path, parsed: ParsedPack, marks: Marks, own: Sequence[str]) -> None:
    facts = withheld_facts(parsed, marks)
    path = folder / "facts.parquet"
    frame = pl.read_parquet(path, glob=False)
    gone = [c for f in facts for c in (f, f"{f}.low", f"{f}.high") if c in frame.columns]
    frame = frame.with_columns(
        *(pl.lit(None, frame.schema[c]).alias(c) for c in gone),
        *(pl.lit(WITHHELD, pl.String).alias(f"{f}.reason") for f in sorted(facts) if f"{f}.reason" in frame.columns),
    )
    _blot(frame).write_parquet(path)
    path = folder / "fact_sources.parquet"
    pl.read_parquet(path, glob=False).filter(~pl.col("fact").is_in(sorted(facts))).write_parquet(path)
    path = folder / "spans.parquet"
    pl.read_parquet(path, glob=False).filter(~pl.col("field").is_in(list(own))).write_parquet(path)
    for name in ("ranking", "place"):
        _rewrite(folder / f"{name}.parquet", own)
    # A floor on a number of the data tells that number; floors on the halves tell points.
    verdict = folder / "verdict.parquet"
    _rewrite(
        verdict,
        [
            column
            for column in pl.read_parquet_schema(verdict)
            if column.startswith("shortlist.")
            and column.endswith((".value", ".distance"))
            and (column.split(".")[1] in facts or column.split(".")[1].startswith("part_"))
        ],
    )


def _rewrite(path: Path, hidden: Sequence[str], declared: Collection[str] | None = None) -> None:
    """Empty columns of a file; of a table, keep only what it declares and where its rows stood, without numbers of persons."""
    frame = pl.read_parquet(path, glob=False)
    frame = frame.with_columns(pl.lit(None, frame.schema[c]).alias(c) for c in hidden if c in frame.columns)
    (frame if declared is None else _blot(frame)).write_parquet(path)


def _blot(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame in whose texts numbers and addresses of persons are blotted out, character by character: spans stay."""
    texts = [c for c, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.Series(c, [None if text is None else blotted(text) for text in frame[c]], pl.String) for c in texts
    )


def _quality(path: Path, marks: Marks) -> None:
    """Keep the counts of intake and none of the cells that it quotes."""
    quality = json.loads(path.read_text(encoding="utf-8"))
    kept = {}
    for name, profile in quality["tables"].items():
        mark = marks.get(name, [])
        if mark is True:
            continue
        shown = [c for c in profile["columns"] if not isinstance(mark, list) or c["column"] not in mark]
        kept[name] = {"rows": profile["rows"], "columns": [{**c, "examples": {}} for c in shown], "conflicts": []}
    text = json.dumps({**quality, "tables": kept}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _file(file: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    """Return a file as others are told of it: one of a table that is left out by the table's name, for its own may tell something."""
    kept = {key: file[key] for key in ("path", "sha256", "rows", "table") if key in file}
    return kept if marks.get(str(file.get("table"))) is not True else {**kept, "path": file["table"]}


def _manifest(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest for others: no notes, no fund, of overrides what and not why, of files the hash."""
    told = [n for n in record["notices"] if str(n["code"]).startswith(_TELLING)]
    left_out = len(record["notices"]) - len(told)
    said = Problem(
        "run/external",
        "made for others: tables, rows set aside, notes, overrides' reasons and what is marked confidential are left out, "
        f"and {left_out} notices that may quote the data; result_digest is that of the full result",
        severity="notice",
        details=(("count", str(left_out)),),
    )
    entry = {
        "code": said.code,
        "severity": said.severity,
        "message": said.message,
        "remedy": "",
        "details": dict(said.details),
    }
    return {
        **record,
        "audience": EXTERNAL,
        "data": [_file(f, record["confidential"]) for f in record["data"]],
        "fund": None,
        "notes": [],
        "overrides": [{**o, "reason": "", "by": None} for o in record["overrides"]],
        "notices": [*told, entry],
    }
