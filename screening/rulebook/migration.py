"""A pack of an earlier form, rewritten: keys as they are called today, weights by track in one table, risks and departments once.

Only the text that moves is touched, so comments and layout stay. A pack is handed over only when every rule says the same as
before, by its digest.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from screening import strict_yaml
from screening.errors import RulesError
from screening.rulebook.earlier import lost, renewed
from screening.rulebook.edges import program_of
from screening.rulebook.labels import repeated
from screening.rulebook.layers import merged
from screening.rulebook.loader import MergedPack, catalogues_of, validated
from screening.rulebook.parsing import parse_pack
from screening.rulebook.risks import DATE, TABLE
from screening.rulebook.written import TOTAL, expanded, weighable

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screening.rulebook.earlier import Renamed
    from screening.strict_yaml import Document

_KINDS = re.compile(r"kind (?:= '(\w+)'|in \(('\w+'(?:, '\w+')*)\))(?: and state = '(\w+)')?")
_HEAD = """\
# 风险:一种记录写一处——怎样算有(fact)、缺失时问什么、不通过哪道门槛、说什么话。
# Risks: each kind of record in one place: what counts, what to ask, which gate it fails, what is said.
"""
_FACT = ("type", "take", "of", "unit", "range", "question", "actionable")
_GATE = ("effect", "on_unknown", "valid_for", "applies_when", "fails_when", "effective_from", "effective_to", "set_by")
_LAST = ("source", "message", "remedy", "note")


@dataclass(frozen=True, slots=True)
class Migrated:
    """The new texts of a pack's files, the old ones beside them; a file that is new has no old text."""

    files: Mapping[Path, tuple[str, str]]
    lost: tuple[str, ...] = ()
    """Keys that were left out since nothing stands for them today: companies may be classified otherwise."""

    def changed(self) -> Mapping[Path, tuple[str, str]]:
        """Return the files whose text is another."""
        return {file: texts for file, texts in self.files.items() if texts[0] != texts[1]}

    def lines(self) -> tuple[int, int]:
        """Return the number of lines of the whole before and after."""
        before, after = (sum(text.count("\n") for text in texts) for texts in zip(*self.files.values(), strict=True))
        return before, after


def migrated(path: str | Path, as_of: datetime.date, trusted: Sequence[Path] = ()) -> Migrated:
    """Return a pack in today's form. Raises RulesError when it cannot be read, or does not say the same afterwards."""
    read = merged(path, trusted)
    layer = read.upper or read.document
    changes, standing = renewed(layer)
    if read.upper is not None:
        renewed(read.document)
    whole = expanded(read.document, legacy=True)
    own = read.folders[-1] if read.path.is_dir() else read.path
    files = [f for f in sorted(own.rglob("*.yaml")) if "cases" not in f.parts] if own.is_dir() else [own]
    texts = {file: _File(file.read_text(encoding="utf-8")) for file in files}
    _renamed(changes, standing, texts)
    _weights(layer, texts)
    _departments(whole, texts)
    for label in repeated(whole.data):
        place = tuple(map(str, label))
        if (holder := _holder(texts, place)) is not None:
            holder.drop(place)
    risks = _risks(layer, texts)
    found = {file: (one.text, one.cut()) for file, one in texts.items()}
    if risks:
        beside = own / "risks.yaml" if own.is_dir() else own
        before, after = found.get(beside, ("", _HEAD if own.is_dir() else ""))
        found[beside] = (before, f"{after}risks:\n{risks}" if own.is_dir() else f"{after}\nrisks:\n{risks}")
    _same(MergedPack(whole, read, catalogues_of(read)), found, as_of, trusted)
    return Migrated(found, tuple(lost(changes)))


def _same(
    before: MergedPack, files: Mapping[Path, tuple[str, str]], as_of: datetime.date, trusted: Sequence[Path]
) -> None:
    """Raise RulesError unless every rule says the same in the new text."""
    folder = before.read.folders[-1]
    texts = {file: after for file, (_, after) in files.items()}
    read = merged(before.read.path, trusted, texts)
    after = MergedPack(expanded(read.document), read, catalogues_of(read))
    old, new = (
        {k: r.digest for k, r in program_of(parse_pack(validated(each), as_of)).rules.items()}
        for each in (before, after)
    )
    # The verdict rests on the gates in their order; of those that move, `_keep_order` lets none pass one of its own effect.
    differing = sorted(
        key.id for key in old.keys() | new.keys() if key.kind != "verdict" and old.get(key) != new.get(key)
    )
    if differing:
        raise RulesError.of(
            "migrate/not-the-same",
            f"{folder.name}: these rules would not say the same afterwards: {', '.join(differing[:8])}",
            remedy="nothing was written; migrate them by hand",
        )


class _File:
    """One file's text, its tree, and what is to be cut out of it and put in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = yaml.compose(text, Loader=strict_yaml.PARSER)
        self._cuts: set[tuple[str, ...]] = set()
        self._names: dict[tuple[str, ...], str] = {}
        self._added: dict[int, str] = {}

    def has(self, path: tuple[str, ...]) -> bool:
        """Tell whether the file writes this path."""
        return self._at(path) is not None

    def drop(self, path: tuple[str, ...]) -> None:
        """Cut an entry out, and what is empty without it."""
        self._cuts.add(path)

    def rename(self, path: tuple[str, ...], name: str) -> None:
        """Give a key another name, unless its entry is cut out."""
        self._names[path] = name

    def add_before(self, path: tuple[str, ...], text: str) -> None:
        """Put a text before the line of a key."""
        if (found := self._at(path)) is not None:
            self._added[self.text.rfind("\n", 0, found[0].start_mark.index) + 1] = text

    def _at(self, path: tuple[str, ...]) -> tuple[Any, Any] | None:
        node, found = self.root, None
        for part in path:
            if not isinstance(node, yaml.MappingNode):
                return None
            found = next(((k, v) for k, v in node.value if k.value == part), None)
            if found is None:
                return None
            node = found[1]
        return found

    def cut(self) -> str:
        """Return the text without what is cut and with what is added."""
        spans: list[tuple[int, int, str]] = [(at, at, text) for at, text in self._added.items()]
        self._spans(self.root, (), spans)
        text = self.text
        for start, end, instead in sorted(spans, reverse=True):
            text = text[:start] + instead + text[end:]
        return re.sub(r"\n{3,}", "\n\n", text)

    def _gone(self, node: Any, path: tuple[str, ...]) -> bool:
        """True when nothing of a mapping stays."""
        return path in self._cuts or (
            isinstance(node, yaml.MappingNode)
            and bool(node.value)
            and any(c[: len(path)] == path for c in self._cuts)
            and all(self._gone(v, (*path, k.value)) for k, v in node.value)
        )

    def _spans(self, node: Any, path: tuple[str, ...], spans: list[tuple[int, int, str]]) -> None:
        if not isinstance(node, yaml.MappingNode):
            return
        gone = [self._gone(v, (*path, k.value)) for k, v in node.value]
        for number, (key, value) in enumerate(node.value):
            at = (*path, key.value)
            if not gone[number]:
                if at in self._names:
                    spans.append((key.start_mark.index, key.end_mark.index, self._names[at]))
                self._spans(value, at, spans)
            elif node.flow_style and not all(gone[number:]):
                spans.append((key.start_mark.index, node.value[number + 1][0].start_mark.index, ""))
            elif node.flow_style:  # nothing stays behind it: from the last that stays before it
                if not gone[number - 1]:
                    spans.append((_end(node.value[number - 1][1]), _end(node.value[-1][1]), ""))
            else:
                start = self.text.rfind("\n", 0, key.start_mark.index) + 1
                end = self.text.find("\n", _end(value))
                spans.append((start, len(self.text) if end < 0 else end + 1, ""))


def _end(node: Any) -> int:
    """Return where the last thing of a node ends: the mark of a block lies behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = int(node.end_mark.index)
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return end - 1 if block else end


def _holder(texts: Mapping[Path, _File], path: tuple[str, ...]) -> _File | None:
    return next((one for one in texts.values() if one.has(path)), None)


# --- keys ------------------------------------------------------------------------------------------------------------


def _renamed(changes: Renamed, standing: Mapping[str, Any], texts: Mapping[Path, _File]) -> None:
    for place, now in changes:
        path = tuple(map(str, place))
        holder = _holder(texts, path)
        if holder is None:
            continue
        if now is None:
            holder.drop(path)
        else:
            holder.rename(path, now)
        if standing and path[1:] in (("lead",), ("opening",)):
            holder.add_before(path, f"  standing: {_flow(standing)}\n")
            standing = {}


# --- weights ---------------------------------------------------------------------------------------------------------


def _weights(layer: Document, texts: Mapping[Path, _File]) -> None:
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    entries = [e for e in weighable(layer.data) if "weight" in e[4]]
    if not any(isinstance(entry["weight"], dict) for *_, entry in entries):
        return
    for half_id, pillar_id, criterion_id, path, entry in entries:
        at = (*map(str, path), "weight")
        holder = _holder(texts, at)
        if holder is not None:
            holder.drop(at)
            rows.setdefault(half_id, {}).setdefault(pillar_id, {})[criterion_id or TOTAL] = entry["weight"]
    first = _holder(texts, ("criteria",))
    if first is not None and rows:
        first.add_before(
            ("criteria",), f"weights:\n{''.join(_table(half, pillars) for half, pillars in rows.items())}\n"
        )


def _table(half_id: str, pillars: Mapping[str, Mapping[str, Any]]) -> str:
    every = [row for rows in pillars.values() for row in rows.values()]
    tracks = next((list(row) for row in every if isinstance(row, dict)), [])
    whole = len(tracks) > 1 and all(not isinstance(row, dict) or list(row) == tracks for row in every)
    lines = [f"  {half_id}:"]
    if tracks and whole:
        lines.append(f"    tracks: [{', '.join(tracks)}]")
    wide = max(len(name) for name in (*pillars, *(r for rows in pillars.values() for r in rows))) + 4

    def said(row: Any) -> str:
        if not isinstance(row, dict):
            return _plain(row)
        numbers = [_plain(weight) for weight in row.values()]
        if whole:
            return f"[{', '.join(n.rjust(3) for n in numbers)}]"
        return f"{{{', '.join(f'{track}: {n}' for track, n in zip(row, numbers, strict=True))}}}"

    for pillar_id, rows in pillars.items():
        if set(rows) == {TOTAL} and not isinstance(rows[TOTAL], dict):
            lines.append(f"    {f'{pillar_id}:'.ljust(wide + 2)}{said(rows[TOTAL])}")
            continue
        lines.append(f"    {pillar_id}:")
        lines += [f"      {f'{row_id}:'.ljust(wide)}{said(row)}" for row_id, row in rows.items()]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


# --- departments, risks ----------------------------------------------------------------------------------------------


def _departments(whole: Document, texts: Mapping[Path, _File]) -> None:
    actions = whole.data.get("actions") or {}
    for measure_id, body in (whole.data.get("measures") or {}).items():
        source = body.get("source") or {}
        at = ("measures", measure_id, "departments")
        if not source.get("document") and source.get("clause") in actions and (holder := _holder(texts, at)):
            holder.drop(at)


def _risks(layer: Document, texts: Mapping[Path, _File]) -> str:
    facts, gates = layer.data.get("facts") or {}, layer.data.get("gates") or {}
    pairs: dict[str, str] = {}
    for fact_id, fact in facts.items():
        named = [g for g, gate in gates.items() if fact_id in re.findall(r"\w+", str(gate.get("fails_when", "")))]
        told = [g for g in named if _only(str(gates[g]["fails_when"]), fact_id)]
        if fact.get("from") == TABLE and len(told) == 1 and _fits(fact) and told[0] not in pairs:
            pairs[told[0]] = fact_id
    risks = []
    for gate_id, fact_id in _keep_order(gates, pairs):
        for place in (("facts", fact_id), ("gates", gate_id)):
            holder = _holder(texts, place)
            if holder is not None:
                holder.drop(place)
        risks.append(_risk(fact_id, facts[fact_id], gate_id, gates[gate_id]))
    return "".join(risks)


def _keep_order(gates: Mapping[str, Any], pairs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the gates that can be judged after those that stay: none passes one that would be named before it."""
    stay: set[tuple[str, str]] = set()
    moving = []
    for gate_id in reversed(list(gates)):
        gate = gates[gate_id]
        decides = {(key, gate[key]) for key in ("effect", "on_unknown") if gate.get(key) in ("reject", "review")}
        if gate_id in pairs and not decides & stay:
            moving.append((gate_id, pairs[gate_id]))
        else:
            stay |= decides
    return moving[::-1]


def _only(condition: str, fact_id: str) -> bool:
    return re.fullmatch(rf"{fact_id}(?: (?:>=|>) [0-9]+)?", condition) is not None


def _fits(fact: Mapping[str, Any]) -> bool:
    """A risk says all that such a fact can say but for a few keys, which stay a fact and a gate."""
    window = fact.get("window")
    none = False if fact.get("type") == "boolean" else 0
    return (
        not fact.keys() - {*_FACT, "label", "note", "from", "where", "window", "if_none"}
        and fact.get("take") in ("any", "count", "sum", "max", "distinct")
        and isinstance(fact.get("where"), str)
        and (window is None or (window.keys() == {"months", "on"} and window["on"] == DATE))
        and fact.get("if_none") == none
    )


def _risk(fact_id: str, fact: Mapping[str, Any], gate_id: str, gate: Mapping[str, Any]) -> str:
    said: dict[str, Any] = {"label": fact["label"]}
    match = _KINDS.fullmatch(str(fact["where"]))
    if match is None:
        said["where"] = fact["where"]
    else:
        said["kind"] = match[1] or re.findall(r"\w+", match[2])
        said |= {"state": match[3]} if match[3] else {}
    if fact.get("window"):
        said["within"] = f"{fact['window']['months']}个月"
    said |= {k: fact[k] for k in _FACT if k in fact and (k, fact[k]) not in (("type", "boolean"), ("take", "any"))}
    said["gate"] = gate_id
    said |= {"gate_label": gate["label"]} if gate["label"] != fact["label"] else {}
    usual = {"on_unknown": "review" if gate["effect"] == "reject" else "ignore", "fails_when": fact_id}
    said |= {k: gate[k] for k in (*_GATE, *_LAST) if k in gate and gate[k] != usual.get(k)}
    return f"  {fact_id}:\n" + "".join(f"    {key}: {_flow(value)}\n" for key, value in said.items())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        bare = re.fullmatch(r"[^\W\d][\w ]*(?<! )|\d+[^\W\d]+", value) is not None
        return value if bare and value not in ("true", "false", "null") else json.dumps(value, ensure_ascii=False)
    return str(value)
