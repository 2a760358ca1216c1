"""The edges of a pack's graph: names in typed expressions, parameters that numbers name, and the way totals are made of their parts."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from screening.expression import catalogues, names
from screening.rulebook.functions import Relative
from screening.rulebook.program import CLASSIFICATION_SECTIONS, PROSE, Key, Kind, Program, Rule
from screening.rulebook.scope import CLASSIFIED, IN_DIRECTION, PLACED, TOTALS, functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screening.rulebook.scope import ParsedPack, Path_

_MAIN = "companies"


def program_of(parsed: ParsedPack) -> Program:
    """Build the graph of a parsed pack; an expression that could not be read has no edges."""
    return _Builder(parsed).build()


class _Builder:
    def __init__(self, parsed: ParsedPack) -> None:
        self.parsed, self.pack = parsed, parsed.pack
        self.places: dict[Key, Path_] = dict(_places(parsed))
        self.reads: dict[Key, dict[Key, None]] = {key: {} for key in self.places}
        self.columns: dict[Key, dict[str, None]] = {key: {} for key in self.places}
        self.totals = _totals(parsed)
        self._digests: dict[Key, str] = {}

    def build(self) -> Program:
        self._expressions()
        self._made_of_parts()
        self._tables()
        readers: dict[Key, list[Key]] = {key: [] for key in self.places}
        for key, read in self.reads.items():
            for other in read:
                readers[other].append(key)
        rules = {
            key: Rule(
                key=key,
                path=path,
                position=self.parsed.loaded.document.position(path, key=True),
                reads=tuple(self.reads[key]),
                readers=tuple(readers[key]),
                columns=tuple(self.columns[key]),
                in_force=self.parsed.in_force(self._rule(path)),
                digest=self._digest(key, ()),
            )
            for key, path in self.places.items()
        }
        return Program(rules, self.parsed.fact_order)

    # -- edges

    def _expressions(self) -> None:
        owners = {path: key for key, path in self.places.items()}
        for path, node in self.parsed.nodes.items():
            key = _owner(path, owners)
            if key is None:
                continue
            for catalogue_id in sorted(catalogues(node)):
                self._reads(key, Key("catalogue", catalogue_id))
            for name in sorted(names(node)):
                self._names(key, path, name)
        for path, found in self.parsed.named.items():
            key = _owner(path, owners)
            for parameter_id in sorted(found) if key is not None else ():
                self._reads(key, Key("parameter", parameter_id))

    def _names(self, key: Key, path: Path_, name: str) -> None:
        """Resolve a name as the scopes do: in a fact's own expression its name means the column, elsewhere the fact."""
        fact = self.pack.facts.get(key.id) if key.kind == "fact" else None
        if fact is not None and path[-1] != "not_applicable_when":
            table = self.pack.tables.get(fact.table) if fact.table else None
            if fact.table and not (name in self.pack.facts and table is not None and name not in table.columns):
                self._column(key, f"{fact.table}.{name}")
                return
            if name == key.id and name in self._main():
                self._column(key, f"{_MAIN}.{name}")
                return
        for candidate in (
            *((Key("criterion", name), Key("pillar", name)) if key.kind in ("verdict", "route") else ()),
            Key("fact", name),
            Key("axis", name),
        ):
            if candidate in self.places:
                self._reads(key, candidate)
                return
        if name in self.totals:
            self._reads(key, self.totals[name])
        elif name in CLASSIFIED:
            self._reads(key, Key("classification", "classification"))
        elif name in PLACED:
            self._reads(key, Key("place", "place"))
        elif name in self._main():
            self._column(key, f"{_MAIN}.{name}")

    def _made_of_parts(self) -> None:
        """Weights by track, peer groups, and what totals and the verdict are made of."""
        score = Key("score", "score")
        for half_id, pillar_id, criterion_id, criterion in self.pack.criteria_of():
            half, pillar, key = Key("half", half_id), Key("pillar", pillar_id), Key("criterion", criterion_id)
            self._reads(pillar, key)
            self._reads(half, pillar)
            self._reads(score, half)
            pillar_weight = self.pack.criteria[half_id].pillars[pillar_id].weight
            if isinstance(criterion.weight, dict) or isinstance(pillar_weight, dict):
                self._reads(pillar, Key("axis", "track"))
            path: Path_ = (*self.places[key], "score")
            for inner_path, function in functions(criterion.score, path):
                for name in function.within if isinstance(function, Relative) else ():
                    self._names(key, inner_path, name)
        for item_id in self.pack.deductions.items if self.pack.deductions else ():
            self._reads(score, Key("deduction", item_id))
        verdict = Key("verdict", "verdict")
        for other in self.places:
            if other.kind in ("gate", "route"):
                self._reads(verdict, other)
        self._reads(verdict, score)

    def _tables(self) -> None:
        """Columns that are read without being named in an expression."""
        for fact_id, fact in self.pack.facts.items():
            table = self.pack.tables.get(fact.table) if fact.table else None
            if table is None:
                continue
            window = fact.window
            ends = fact.take in ("latest", "earliest")
            wanted = [*window.valid_between, window.on] if window is not None else []
            if table.fiscal_year and (
                ends or fact.take in ("growth", "mean_growth", "cagr") or (window and window.fiscal_years)
            ):
                wanted.append(table.fiscal_year)
            for column in wanted:
                if column:
                    self._column(Key("fact", fact_id), f"{fact.table}.{column}")
            if fact.table == "patents" and f"patents.{IN_DIRECTION.id}" in self.columns[Key("fact", fact_id)]:
                self._reads(Key("fact", fact_id), Key("classification", "classification"))
        for key, columns in (
            (Key("classification", "classification"), _TEXTS),
            (Key("place", "place"), ("city", "district", "address", "operating_address")),
        ):
            for column in columns:
                self._column(key, f"{_MAIN}.{column}")
        if Key("place", "place") in self.places:
            self._reads(Key("place", "place"), Key("classification", "classification"))

    def _reads(self, key: Key | None, other: Key) -> None:
        if key is not None and other in self.places and other != key:
            self.reads[key][other] = None

    def _column(self, key: Key, column: str) -> None:
        if key in self.columns:
            self.columns[key][column] = None

    def _main(self) -> Mapping[str, Any]:
        table = self.pack.tables.get(_MAIN)
        return table.columns if table is not None else {}

    # -- what a rule says

    def _rule(self, path: Path_) -> object:
        found: Any = self.pack
        for part in path:
            found = found.get(part) if isinstance(found, dict) else getattr(found, str(part), None)
        return found

    def _digest(self, key: Key, above: tuple[Key, ...]) -> str:
        if key in above:
            return "circle"
        if key not in self._digests:
            parts = [self._said(key), *(self._digest(other, (*above, key)) for other in self.reads[key])]
            self._digests[key] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return self._digests[key]

    def _said(self, key: Key) -> str:
        data = self.parsed.loaded.document.data
        if key.kind == "parameter":
            number = self.parsed.numbers.get(key.id)
            said: Any = [str(number) if number is not None else self.parsed.texts.get(key.id)]
        elif key.kind == "catalogue":
            said = [self.pack.catalogues[key.id].match, *self.parsed.loaded.catalogues.get(key.id, ())]
        elif key.kind == "classification":
            said = [data.get(section) for section in CLASSIFICATION_SECTIONS]
        else:
            said = data
            for part in self.places[key]:
                said = said.get(part) if isinstance(said, dict) else None
            if key.kind in ("pillar", "half") and isinstance(said, dict):
                said = {k: v for k, v in said.items() if k not in ("criteria", "pillars")}
        return json.dumps([key.kind, key.id, bare(said)], ensure_ascii=False, sort_keys=True, default=str)


_TEXTS = ("business_scope", "products", "description", "industry_name", "industry_code", "name", "entity_kind")


def bare(said: Any) -> Any:
    """Leave out what only explains."""
    if isinstance(said, dict):
        return {str(k): bare(v) for k, v in said.items() if k not in PROSE}
    return [bare(v) for v in said] if isinstance(said, list) else said


def _places(parsed: ParsedPack) -> Iterator[tuple[Key, Path_]]:
    pack = parsed.pack
    kinds: tuple[tuple[Kind, str], ...] = (
        ("parameter", "parameters"),
        ("catalogue", "catalogues"),
        ("fact", "facts"),
        ("axis", "stages"),
        ("gate", "gates"),
        ("measure", "measures"),
        ("rung", "ladder"),
    )
    if pack.domains:
        yield Key("classification", "classification"), ("classification",)
    if pack.places is not None:
        yield Key("place", "place"), ("places",)
    for kind, section in kinds:
        for rule_id in getattr(pack, section):
            yield Key(kind, rule_id), (section, rule_id)
    for half_id, half in pack.criteria.items():
        for pillar_id, pillar in half.pillars.items():
            path: Path_ = ("criteria", half_id, "pillars", pillar_id)
            for criterion_id in pillar.criteria:
                yield Key("criterion", criterion_id), (*path, "criteria", criterion_id)
            yield Key("pillar", pillar_id), path
        yield Key("half", half_id), ("criteria", half_id)
    for item_id in pack.deductions.items if pack.deductions else ():
        yield Key("deduction", item_id), ("deductions", "items", item_id)
    yield Key("score", "score"), ("verdict", "weights")
    for route_id in pack.verdict.routes:
        yield Key("route", route_id), ("verdict", "routes", route_id)
    yield Key("verdict", "verdict"), ("verdict",)


def _owner(path: Path_, owners: Mapping[Path_, Key]) -> Key | None:
    return next((owners[path[:n]] for n in range(len(path), 0, -1) if path[:n] in owners), None)


def _totals(parsed: ParsedPack) -> dict[str, Key]:
    """Return the names of totals with the rule that gives each."""
    found: dict[str, Key] = {}
    for name in TOTALS:
        half = next((h for h in parsed.pack.criteria if name.startswith(h)), None)
        found[name] = Key("half", half) if half is not None else Key("score", "score")
    return found
