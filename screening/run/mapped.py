"""Headers that `dataset.yaml` maps: what is never scored does not come in under the name of a neutral column.

A header that gives a forbidden input away (认缴出资, 返投比例, 所有制) is put to the column it is mapped to, and the rules of the pack
are followed down to the columns as `screen check` does. What a rule would then use is refused, with its place in the file; what no
rule uses is a warning.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screening.dataset.manifest import find_manifest, read_manifest
from screening.errors import DatasetError, Problem
from screening.resources import shown_path
from screening.rulebook.check.never_scored import Forbidden, named_in
from screening.rulebook.check.policy import CODE, check_policy
from screening.rulebook.parsing import parse_pack
from screening.strict_yaml import read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from pathlib import Path

    from screening.rulebook.loader import LoadedPack
    from screening.rulebook.scope import ParsedPack

_Place = tuple[str | int, ...]


def mapped_headers(loaded: LoadedPack, data: Path, as_of: datetime.date) -> list[Problem]:
    """Return a warning for each forbidden header that no rule uses. Raises DatasetError for those that a rule would use."""
    path = find_manifest(data)
    if path is None:
        return []
    read_manifest(path, loaded.pack.tables)
    document = read(path, shown_path(path))
    parsed = parse_pack(loaded, as_of)
    found = [
        document.problem(
            "dataset/forbidden-header",
            f"'{header}' is mapped to '{table}.{column}', but it is {entry.what}, which is never scored; "
            + (f"used by: {', '.join(rules)}" if rules else "no rule uses it"),
            place,
            remedy="map the header to a column of its own kind, or to nothing"
            if rules
            else "map it to nothing: `null`",
            severity="error" if rules else "warning",
            details=(("header", header), ("column", f"{table}.{column}"), ("rules", ", ".join(rules))),
        )
        for table, column, header, place in _mapped(document.data)
        for entry in _given_away(parsed, table, column, header)
        for rules in [_used_by(parsed, table, column, header, entry)]
    ]
    if any(p.is_error for p in found):
        raise DatasetError(found)
    return found


def _mapped(data: dict[str, Any]) -> Iterator[tuple[str, str, str, _Place]]:
    """Yield (table, column, header, place) of every header that is mapped, in written order."""
    for table, body in data["tables"].items():
        for place, file in _files(("tables", table), body):
            for column, header in (file.get("columns") or {}).items():
                if header is not None:
                    yield table, column, str(header), (*place, "columns", column)


def _files(place: _Place, body: Any) -> list[tuple[_Place, dict[str, Any]]]:
    """A table's files: one inline, a list, or a list under `files:`."""
    if isinstance(body, dict) and "files" in body:
        return _files((*place, "files"), body["files"])
    if isinstance(body, list):
        return [((*place, number), file) for number, file in enumerate(body)]
    return [(place, body)]


def _given_away(parsed: ParsedPack, table: str, column: str, header: str) -> list[Forbidden]:
    """What the header gives away and the column does not say itself: registered capital may be called so."""
    spec = parsed.pack.tables[table].columns.get(column)
    labels = (spec.label.zh, spec.label.en) if spec is not None and spec.label is not None else ()
    own = named_in((column, *labels, *(spec.headers if spec is not None else ())))
    return [
        entry
        for entry in named_in((header,))
        if entry not in own and not entry.columns & {f"{table}.{column}", f"{table}.*"}
    ]


def _used_by(parsed: ParsedPack, table: str, column: str, header: str, entry: Forbidden) -> list[str]:
    """Return the rules that would use the forbidden input if the column were called as the header is."""
    pack = parsed.loaded.pack
    spec = pack.tables[table].columns.get(column)
    if spec is None:
        return []
    renamed = spec.model_copy(update={"headers": (header,)})
    called = pack.tables[table].model_copy(update={"columns": {**pack.tables[table].columns, column: renamed}})
    other = replace(
        parsed,
        loaded=replace(parsed.loaded, pack=pack.model_copy(update={"tables": {**pack.tables, table: called}})),
    )
    before, after = (
        {dict(p.details)["rules"] for p in check_policy(each) if p.code == CODE and ("input", entry.id) in p.details}
        for each in (parsed, other)
    )
    return sorted(after - before)
