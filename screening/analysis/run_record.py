"""What was run, as the record that every page prints."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from screening.analysis.rulewords import authority, text
from screening.result.contract import EXTERNAL
from screening.result.records import DataFile, Notice, RunRecord, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.analysis.rundata import RunData
    from screening.rulebook.model import RulePack

_TWENTY = 20


def _axis(run: RunData) -> int:
    found = run.one("highest_total")
    high = found["high"] if found is not None and found["high"] is not None else 0
    return max(100, math.ceil(high / _TWENTY) * _TWENTY)


def run_record(run: RunData) -> RunRecord:
    """Return what was run."""
    manifest, head = run.manifest, run.pack.pack
    return RunRecord(
        run_id=str(manifest.get("run_id", "")),
        pack_id=head.id,
        pack_version=head.version,
        pack_digest=str(manifest.get("pack", {}).get("digest", "")),
        pack_label=text(head.label),
        as_of=_date(manifest.get("as_of")),
        as_of_basis=str(manifest.get("as_of_basis", "")),
        result_digest=str(manifest.get("result_digest", "")),
        method_version=str(manifest.get("versions", {}).get("screening", "")),
        authority=authority(run.pack),
        files=tuple(
            DataFile(str(f.get("path", "")), str(f.get("sha256", "")), f.get("rows")) for f in manifest.get("data", ())
        ),
        notices=tuple(
            Notice(
                str(n["code"]),
                str(n["message"]),
                str(n["severity"]),
                tuple((name, _named(run.pack, name, str(value))) for name, value in n.get("details", {}).items()),
            )
            for n in manifest.get("notices", ())
        ),
        synthetic=bool(manifest.get("dataset", {}).get("synthetic", False)),
        external=manifest.get("audience") == EXTERNAL,
        manifest=_short(manifest),
        entity=run.reading.entity,
        bounds=run.reading.bounds,
        scores=bool(run.pack.verdict.weights),
        classifies=bool(run.pack.domains),
        axis=_axis(run),
    )


def _named(pack: RulePack, name: str, value: str) -> Text:
    """Return a detail of a notice in words: sources and rules by their labels, all else as it stands."""
    if name == "source":
        table_id, _, column_id = value.partition(".")
        table = pack.tables.get(table_id)
        column = table.columns.get(column_id) if table else None
        labels = [text(table.label)] if table else [Text(table_id)]
        labels += [text(column.label) if column and column.label else Text(column_id)] if column_id else []
        return Text(" · ".join(x.zh for x in labels), " · ".join(x.text("en") for x in labels))
    if name == "rules":
        known = {i: text(rule.label) for section in (pack.gates, pack.measures) for i, rule in section.items()} | {
            i: text(c.label) for _, _, i, c in pack.criteria_of()
        }
        labels = [known.get(rule, Text(rule)) for rule in value.split(",")]
        return Text("、".join(x.zh for x in labels), ", ".join(x.text("en") for x in labels))
    if name == "half" and value in pack.criteria:
        return text(pack.criteria[value].label)
    return Text(value)


def _short(manifest: Mapping[str, Any]) -> Mapping[str, object]:
    """The manifest without the hashes of every file, which would grow with the number of dossiers."""
    return {key: value for key, value in manifest.items() if key != "files"}


def _date(value: object) -> datetime.date | None:
    return datetime.date.fromisoformat(str(value)) if value else None
