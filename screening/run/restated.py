"""What manifest.json, quality.json and origins.csv state, against what comes out of the run's own files."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from screening.identifier import file_named
from screening.run import manifest as manifests
from screening.run.folder import sha256
from screening.run.override_records import WHY_IDLE
from screening.run.packfile import ORIGINS, ORIGINS_HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack
    from screening.run.opened import RunFolder

_MERGING = re.compile(r"pack\.(?:extends|tables|remove)\b|catalogues\.[^.]+\.(?:file|column)$")

DERIVED_NOTICES = (
    "data/not-collected",
    "pack/slot-unfilled",
    "run/before-plan",
    "run/date-ahead",
    "run/nobody-in-scope",
    *(code for code, _, _ in WHY_IDLE.values()),
)
"""Codes of notices that follow from pack, tables and overrides; others tell what was seen in the source or the rules' files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `ok` is False when it does not hold, and `detail` says what differs.

    `stated`: not checked at all, because nothing at hand could prove it.
    """

    what: str
    ok: bool
    detail: str = ""
    stated: bool = False


def inputs(run: RunFolder, loaded: LoadedPack) -> Finding:
    """What the run id and the digest of the inputs say, against pack, date, overrides and hashes of the data."""
    manifest, overrides = run.manifest, run.overrides_file
    digest = manifests.input_digest(
        loaded.digest,
        manifest["as_of"],
        sha256(overrides) if overrides is not None else "",
        (f["sha256"] for f in (*manifest["data"], *manifest.get("settings", ()))),
    )
    if digest != manifest["input_digest"]:
        return same("digest of the inputs", manifest["input_digest"], digest)
    named = str(manifest["run_id"]).endswith(digest[:8])
    return Finding(
        "digest of the inputs",
        ok=named,
        detail=digest[:16] if named else f"the run id {manifest['run_id']} belongs to other inputs",
    )


def counts(run: RunFolder) -> list[Finding]:
    """Rows and outcomes as the manifest states them, against the files."""
    manifest, wrong = run.manifest, []
    for table, rows in manifest["tables"].items():
        clean, aside = (_rows(file_named(run.path / place, table, ".parquet")) for place in ("tables", "set_aside"))
        if (clean, aside) != (rows["clean"], rows["set_aside"]) or rows["read"] != clean + aside:
            wrong.append(
                f"{table}: the manifest says {rows['read']} = {rows['clean']} + {rows['set_aside']}, "
                f"the files hold {clean} + {aside}"
            )
        reasons = _reasons(file_named(run.path / "set_aside", table, ".parquet"))
        if reasons != rows["set_aside_by_reason"]:
            wrong.append(f"{table}: set aside for {rows['set_aside_by_reason']}, the file holds {reasons}")
    named = set(manifest["tables"])
    wrong += [f"{name}: a table that the manifest does not name" for name in sorted(set(run.tables) - named)]
    if manifest["rows"] != manifest["tables"]["companies"]:
        wrong.append("the rows of the run are not those of its companies")
    outcomes = outcomes_in(run.path)
    return [
        Finding("rows: read = clean + set aside", ok=not wrong, detail="; ".join(wrong)),
        Finding(
            "outcomes",
            ok=outcomes == manifest["outcomes"],
            detail="" if outcomes == manifest["outcomes"] else f"recorded {manifest['outcomes']}, found {outcomes}",
        ),
    ]


def records(
    manifest: Mapping[str, Any],
    *,
    parsed_pack: LoadedPack,
    outcomes: Mapping[str, int],
    overrides: Any,
    notices: Sequence[Mapping[str, Any]],
) -> Iterator[Finding]:
    """What the manifest says of pack, outcomes, overrides and notices, against what comes out again."""
    stated = [n for n in manifest.get("notices", ()) if n.get("code") in DERIVED_NOTICES]
    again = {
        "pack": manifests.pack_used(parsed_pack),
        "outcomes": outcomes,
        "overrides": manifests.plain(overrides),
        "notices": manifests.plain(list(notices)),
    }
    found = {**{key: manifest.get(key) for key in again}, "notices": stated}
    wrong = [key for key, value in again.items() if found[key] != value]
    yield Finding(
        "pack, outcomes, overrides and notices of the manifest",
        ok=not wrong,
        detail=f"other than what comes out again: {', '.join(wrong)}" if wrong else "",
    )


def quality(run: RunFolder) -> Iterator[Finding]:
    """What quality.json says of the clean tables, against these: rows, missing cells, cities, kinds, states."""
    stated = manifests.read_json(run.path / "quality.json")
    wrong: list[str] = []
    try:
        for name, path in run.tables.items():
            frame = pl.read_parquet(path, glob=False)
            table = stated["tables"][name]
            if table["rows"] != run.manifest["tables"][name]:
                wrong.append(f"{name}: rows")
            offered = run.inputs.available.get(name, frozenset())
            for record in table["columns"]:
                column = record["column"]
                missing = frame[column].null_count() if column in frame.columns else frame.height
                if record["missing"] != missing:
                    wrong.append(f"{name}.{column}: missing")
                if record["available"] != (column in offered):
                    wrong.append(f"{name}.{column}: available")
            if name == "companies":
                for column in ("city", "city_basis", "entity_kind", "status"):
                    if column in frame.columns and stated["entities"][column] != _tally(frame[column]):
                        wrong.append(f"companies.{column}")
        if set(stated["tables"]) != set(run.tables):
            wrong.append("tables")
    except (KeyError, TypeError, AttributeError) as error:
        wrong.append(f"its shape ({error})")
    yield Finding("quality.json against the tables", ok=not wrong, detail=", ".join(wrong[:8]))


def _tally(cells: pl.Series) -> dict[str, int]:
    counted = cells.fill_null("").value_counts(name="count")
    return dict(zip(counted[cells.name].to_list(), counted["count"].to_list(), strict=True))


def outcomes_in(folder: Path) -> dict[str, int]:
    """Return how many companies of a ranking have each outcome."""
    ranking = pl.read_parquet(folder / "result" / "ranking.parquet", columns=["outcome"], glob=False)
    return dict(ranking.group_by("outcome").len().sort("outcome").iter_rows())


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()) if path.is_file() else 0


def _reasons(path: Path) -> dict[str, int]:
    if not path.is_file():
        return {}
    return dict(pl.read_parquet(path, columns=["reason"], glob=False).group_by("reason").len().iter_rows())


def same(what: str, recorded: str, found: str) -> Finding:
    """Compare two digests."""
    if recorded == found:
        return Finding(what, ok=True, detail=found[:16])
    return Finding(what, ok=False, detail=f"recorded {recorded[:16]}…, found {found[:16]}…")


def origins(run: RunFolder, work: Path) -> Finding:
    """Paths and values of pack/origins.csv against the rules themselves; file and line are what the run states."""
    before, after = (_values(folder / "pack" / ORIGINS) for folder in (run.path, work))
    wrong = sorted({path for path, _ in before ^ after} if before is not None and after is not None else {"unreadable"})
    return Finding(f"pack/{ORIGINS} against the rules", ok=not wrong, detail=", ".join(wrong[:8]))


def _values(path: Path) -> set[tuple[str, str]] | None:
    """Path and value of each row, without those that only told how the layers were merged; None for a file of another form."""
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            head, *rows = csv.reader(handle)
    except (OSError, ValueError, csv.Error):
        return None
    if head != ORIGINS_HEAD or any(len(row) != len(head) or not row[2].isdecimal() for row in rows):
        return None
    return {(row[0], row[3]) for row in rows if not _MERGING.match(row[0])}
