"""What a pack writes once and the engine reads in several places: the table of weights, risks, departments of measures.

Packs are merged as they are written; then each of these is put where the models have it, and every value keeps the place where
the analyst wrote it. `as_written` takes the same away again.

    weights: {merit: {tracks: [seed, early], team: {total: [40, 25], founders: [25, 10], degrees: [15, 15]}}}
        → `weight:` of the pillar `team` and of its criteria, by track
    risks: {dishonest: {label: …, kind: …, question: …, gate: not_dishonest, effect: reject, message: …}}
        → the fact `dishonest`, and the gate `not_dishonest` that it fails
    actions: {三(五)1: {departments: …}} → `departments:` of the measures whose clause is 三(五)1
    facts: {debt: {label: 负债率, …}} → `label:` of the criterion `{score: {of: debt, …}}` that writes none (`labels.py`)
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening import strict_yaml
from screening.errors import did_you_mean
from screening.rulebook.labels import LABEL, lenders, repeated
from screening.rulebook.risks import Risk
from screening.strict_yaml import mapping, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.strict_yaml import Document

Path_ = tuple[str | int, ...]

WEIGHTS, RISKS = "weights", "risks"
TRACKS, TOTAL = "tracks", "total"
_DAYS = ("effective_from", "effective_to")


# --- one layer -------------------------------------------------------------------------------------------------------


def with_rows_by_track(document: Document) -> Document:
    """Write the rows of a table of weights as {track: weight}, so that an upper pack can change one of them. Changes `document`.

    A pillar that is one row becomes its `total`. A row of numbers follows the `tracks` that its own file states.
    """
    for half_id, table in mapping(document.data.get(WEIGHTS)).items():
        path: Path_ = (WEIGHTS, half_id)
        tracks = mapping(table).get(TRACKS, [])
        _refuse_twice(document, (*path, TRACKS), tracks if isinstance(tracks, list) else [])
        for pillar_id, rows in list(mapping(table).items()):
            if pillar_id == TRACKS:
                continue
            at: Path_ = (*path, pillar_id)
            if not isinstance(rows, dict):
                _into(document, at, TOTAL)
                table[pillar_id] = {TOTAL: rows}
            for row_id, row in table[pillar_id].items():
                if isinstance(row, list):
                    table[pillar_id][row_id] = _by_track(
                        document, (*at, row_id), row, tracks if isinstance(tracks, list) else []
                    )
    return document


def _refuse_twice(document: Document, at: Path_, tracks: list[Any]) -> None:
    """Of two columns of one track only the last would count."""
    for number, track in enumerate(tracks):
        if track in tracks[:number]:
            document.refuse(
                "weights/track-twice",
                f"two columns of the table are named '{track}'",
                (*at, number),
                remedy="name each track once, in the order of the columns",
            )


def rows_of(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (half, pillar, criterion or nothing) of each row that a table writes."""
    for half_id, table in mapping(data.get(WEIGHTS)).items():
        for pillar_id, rows in mapping(table).items():
            for row_id in rows if pillar_id != TRACKS and isinstance(rows, dict) else ():
                yield half_id, pillar_id, "" if row_id == TOTAL else row_id


def _into(document: Document, at: Path_, key: str) -> None:
    """The value at a path now stands under a key of it; its place stays."""
    for table in (document.values, document.keys):
        moved = {(*at, key, *p[len(at) :]): table[p] for p in list(table) if p[: len(at)] == at}
        table.update(moved)


def _by_track(document: Document, at: Path_, row: list[Any], tracks: list[Any]) -> Any:
    if len(row) != len(tracks):
        document.refuse(
            "weights/row",
            f"the row has {len(row)} numbers, and the table {len(tracks)} tracks",
            at,
            remedy="state the columns once, `tracks: [seed, early, …]`, and one number for each; or write {seed: 10}",
        )
        return {}
    for number, track in enumerate(tracks):
        where = document.values.pop((*at, number), None)
        if where is not None:
            document.values[(*at, str(track))] = document.keys[(*at, str(track))] = where
    return {str(track): weight for track, weight in zip(tracks, row, strict=True)}


# --- all layers ------------------------------------------------------------------------------------------------------


def expanded(document: Document, *, legacy: bool = False) -> Document:
    """Return a merged pack with what it writes once put where the models have it; problems are added to those it has.

    `legacy` takes what an earlier form wrote in several places; such a value stands before the one that is written once.
    """
    data = dict(document.data)
    for section in ("criteria", "facts", "gates", "measures", "ladder", "verdict", "deductions"):
        if isinstance(data.get(section), dict):
            data[section] = copy.deepcopy(data[section])
    whole = strict_yaml.Document(
        data, dict(document.values), dict(document.keys), document.lines, list(document.problems)
    )
    if not legacy:
        _refuse_scattered(whole)
    _weights(whole)
    _days(whole)
    _risks(whole)
    _departments(whole, legacy=legacy)
    for path, entry, lender in lenders(whole.data):
        if LABEL not in entry:
            _put(whole, (*path, LABEL), value_at(whole.data, lender), lender)
    return whole


def as_written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return merged data without what `expanded` put there."""
    result = dict(data)
    if data.get(WEIGHTS):
        result["criteria"] = copy.deepcopy(data.get("criteria", {}))
        for *_, entry in _weighted(result):
            entry.pop("weight", None)
    if any(_dated(data)):
        result["criteria"] = copy.deepcopy(result["criteria"])
        for *_, pillar, criterion in _dated(result):
            for key in _DAYS:
                if key in pillar and criterion.get(key) == pillar[key]:
                    del criterion[key]
    for risk_id, risk in mapping(data.get(RISKS)).items():
        for section, made in (("facts", risk_id), ("gates", mapping(risk).get("gate"))):
            result[section] = {k: v for k, v in mapping(result.get(section)).items() if k != made}
    actions = mapping(data.get("actions"))
    if actions:
        result["measures"] = {
            measure_id: {k: v for k, v in body.items() if k != "departments"} if _clause(body) in actions else body
            for measure_id, body in mapping(data.get("measures")).items()
        }
    taken = repeated(result)
    for touched in {str(path[0]) for path in taken}:
        result[touched] = copy.deepcopy(result[touched])
    for path in taken:
        del value_at(result, path[:-1])[LABEL]
    return {k: v for k, v in result.items() if v != {} or data.get(k) == {}}


def _put(whole: Document, path: Path_, value: Any, source: Path_) -> None:
    """Put a value at a path; it and all below it stand where `source` does."""
    target: Any = whole.data
    for part in path[:-1]:
        target = target.setdefault(part, {})
    target[path[-1]] = value
    for below in _places(value_at(whole.data, source)):
        for table in (whole.values, whole.keys):
            where = table.get((*source, *below))
            if where is not None:
                table[(*path, *below)] = where


def _places(value: Any) -> Iterator[Path_]:
    """Yield the paths inside a value, its own first: a pack has thousands of places, and what is put has a few."""
    yield ()
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, inner in inside:
        for below in _places(inner):
            yield (part, *below)


# --- weights ---------------------------------------------------------------------------------------------------------


def _refuse_scattered(whole: Document) -> None:
    """Weights that differ by track stand in the table and nowhere else; any weight that the table has stands only there."""
    for half_id, pillar_id, criterion_id, path, entry in weighable(whole.data):
        if "weight" not in entry:
            continue
        row = f"{WEIGHTS}.{half_id}.{pillar_id}.{criterion_id or TOTAL}"
        written = mapping(mapping(mapping(whole.data.get(WEIGHTS)).get(half_id)).get(pillar_id))
        if isinstance(entry["weight"], dict):
            whole.refuse(
                "schema/moved-key",
                f"weights by track stand in one table: `{row}`, not `weight:` here",
                (*path, "weight"),
                key=True,
                remedy="`screen migrate PACK` writes the table",
            )
            del entry["weight"]
        elif (criterion_id or TOTAL) in written:
            whole.refuse(
                "weights/twice",
                f"this weight is also written in `{row}`",
                (*path, "weight"),
                key=True,
                remedy="keep it in the table",
            )


def _weights(whole: Document) -> None:
    halves = mapping(whole.data.get("criteria"))
    for half_id, table in mapping(whole.data.get(WEIGHTS)).items():
        pillars = mapping(mapping(halves.get(half_id)).get("pillars"))
        if half_id not in halves:
            _unknown(whole, (WEIGHTS, half_id), "half", half_id, halves)
            continue
        for pillar_id, rows in mapping(table).items():
            at: Path_ = (WEIGHTS, half_id, pillar_id)
            if pillar_id == TRACKS:
                continue
            if pillar_id not in pillars:
                _unknown(whole, at, "pillar", pillar_id, pillars)
                continue
            place: Path_ = ("criteria", half_id, "pillars", pillar_id)
            criteria = mapping(mapping(pillars[pillar_id]).get("criteria"))
            for row_id, row in mapping(rows).items():
                if row_id == TOTAL:
                    _put(whole, (*place, "weight"), _before(pillars[pillar_id], row), (*at, TOTAL))
                elif row_id in criteria:
                    weight = _before(criteria[row_id], row)
                    _put(whole, (*place, "criteria", row_id, "weight"), weight, (*at, row_id))
                else:
                    _unknown(whole, (*at, row_id), f"criterion of '{pillar_id}' called", row_id, criteria)


def _before(entry: Any, row: Any) -> Any:
    """Return a row of the table; what an earlier form wrote at the entry itself goes before it."""
    own = mapping(entry).get("weight")
    if own is None:
        return row
    return {**row, **own} if isinstance(row, dict) and isinstance(own, dict) else own


def _days(whole: Document) -> None:
    """The days of a pillar are those of its criteria that state none: a table is switched by date in one place."""
    for *_, path, _, pillar, criterion in _dated(whole.data):
        for key in _DAYS:
            if key in pillar and key not in criterion:
                _put(whole, (*path, key), pillar[key], (*path[:4], key))


def _dated(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Path_, str, dict[str, Any], dict[str, Any]]]:
    for half_id, pillar_id, criterion_id, path, entry in weighable(data):
        pillar = data["criteria"][half_id]["pillars"][pillar_id]
        if criterion_id and any(key in pillar for key in _DAYS):
            yield half_id, pillar_id, path, criterion_id, pillar, entry


def _unknown(whole: Document, path: Path_, what: str, name: str, known: Mapping[str, Any]) -> None:
    remedy = did_you_mean(name, known) or f"known: {', '.join(list(known)[:8])}"
    whole.refuse("weights/unknown-row", f"there is no {what} '{name}'", path, key=True, remedy=remedy)


def weighable(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Path_, dict[str, Any]]]:
    """Yield (half, pillar, criterion or nothing, path, body) of all that can have a weight."""
    for half_id, half in mapping(data.get("criteria")).items():
        for pillar_id, pillar in mapping(mapping(half).get("pillars")).items():
            path: Path_ = ("criteria", half_id, "pillars", pillar_id)
            if isinstance(pillar, dict):
                yield half_id, pillar_id, "", path, pillar
            for criterion_id, criterion in mapping(mapping(pillar).get("criteria")).items():
                if isinstance(criterion, dict):
                    yield half_id, pillar_id, criterion_id, (*path, "criteria", criterion_id), criterion


def _weighted(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Path_, dict[str, Any]]]:
    """Yield the entries that the table gives a weight."""
    for entry in weighable(data):
        half_id, pillar_id, criterion_id, *_ = entry
        rows = mapping(mapping(mapping(data.get(WEIGHTS)).get(half_id)).get(pillar_id))
        if (criterion_id or TOTAL) in rows:
            yield entry


# --- risks -----------------------------------------------------------------------------------------------------------


def _risks(whole: Document) -> None:
    for risk_id, body in mapping(whole.data.get(RISKS)).items():
        path: Path_ = (RISKS, risk_id)
        try:
            risk = Risk.model_validate(body)
        except ValidationError:
            continue  # the models tell it, at its place
        for section, key in (("facts", risk_id), ("gates", risk.gate)):
            if key and key in mapping(whole.data.get(section)):
                whole.refuse(
                    "risks/written-twice",
                    f"'{section}.{key}' is made by the risk '{risk_id}'",
                    (section, key),
                    key=True,
                    remedy=f"change it in `risks.{risk_id}`",
                )
                break
        else:
            _made(whole, path, ("facts", risk_id), risk.fact(body), {"kind": "where", "within": "window"})
            if risk.gate:
                _made(whole, path, ("gates", risk.gate), risk.as_gate(risk_id, body), {"gate_label": "label"})


def _made(whole: Document, source: Path_, path: Path_, said: dict[str, Any], renamed: Mapping[str, str]) -> None:
    _put(whole, path, said, source)
    for key in said:
        # What a default gives stands where the risk does.
        written = next((old for old, new in renamed.items() if new == key and (*source, old) in whole.values), key)
        for table in (whole.values, whole.keys):
            where = table.get((*source, written)) or whole.keys.get(source)
            if where is not None:
                table[(*path, key)] = where
    for below in _places(value_at(whole.data, source)):
        if below and below[0] not in said:
            for table in (whole.values, whole.keys):
                table.pop((*path, *below), None)


# --- departments -----------------------------------------------------------------------------------------------------


def _departments(whole: Document, *, legacy: bool) -> None:
    """A measure of an action has the departments of the action."""
    actions = mapping(whole.data.get("actions"))
    for measure_id, body in mapping(whole.data.get("measures")).items():
        action = mapping(actions.get(_clause(body)))
        if not isinstance(body, dict) or not action:
            continue
        if "departments" in body and legacy:
            continue
        if "departments" in body:
            whole.refuse(
                "schema/moved-key",
                f"the departments stand once, in `actions.{_clause(body)}`",
                ("measures", measure_id, "departments"),
                key=True,
                remedy="remove the line; `screen migrate PACK` does it",
            )
        elif "departments" in action:
            place: Path_ = ("measures", measure_id, "departments")
            _put(whole, place, action["departments"], ("actions", _clause(body), "departments"))


def _clause(body: Any) -> str:
    source = mapping(mapping(body).get("source"))
    return "" if source.get("document") else str(source.get("clause", ""))
