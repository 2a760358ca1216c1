"""The pack as a graph: what each rule reads, who reads it, whether it is in force. The one place that answers "who reads what".

Built once from a parsed pack (`ParsedPack.program`). Edges are the names in typed expressions, the parameters that numbers name,
and the way totals are made of their parts.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from screening.expression import catalogues, names
from screening.rulebook.functions import Relative
from screening.rulebook.scope import CLASSIFIED, IN_DIRECTION, PLACED, TOTALS, functions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from screening.errors import Position
    from screening.rulebook.scope import ParsedPack, Path_

Kind = Literal[
    "parameter",
    "catalogue",
    "classification",
    "place",
    "fact",
    "axis",
    "gate",
    "criterion",
    "deduction",
    "pillar",
    "half",
    "score",
    "verdict",
    "route",
    "measure",
    "rung",
]

VALUES: frozenset[Kind] = frozenset(("parameter", "catalogue", "classification", "place", "fact", "axis"))
"""Kinds that yield values which other rules name in expressions; the others judge."""

PROSE = frozenset(
    ("label", "labels", "note", "source", "question", "message", "remedy", "set_by", "actionable", "step", "title")
)
"""Keys that explain a rule: a change there moves nobody."""

CLASSIFICATION_SECTIONS = ("classification", "lexicon", "domains")
_MAIN = "companies"


class Key(NamedTuple):
    """Which rule: ids are unique within a kind."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `reads` and `readers` are direct; `columns` are `table.column`, read by the rule itself.

    `digest` is over what the rule says and, through what it reads, all that can change what it gives; not over words, layout
    or the date.
    """

    key: Key
    path: Path_
    position: Position | None
    reads: tuple[Key, ...]
    readers: tuple[Key, ...]
    columns: tuple[str, ...]
    in_force: bool
    digest: str

    @property
    def id(self) -> str:
        """The id as the pack writes it."""
        return self.key.id

    @property
    def kind(self) -> Kind:
        """What sort of rule it is."""
        return self.key.kind


@dataclass(frozen=True)
class Program:
    """All rules by key, in written order."""

    rules: Mapping[Key, Rule]
    fact_order: tuple[str, ...]

    def of_id(self, rule_id: str) -> tuple[Rule, ...]:
        """Return the rules that go by an id: usually one, none when there is no such rule."""
        return tuple(rule for rule in self.rules.values() if rule.id == rule_id)

    def below(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> tuple[Key, ...]:
        """Return everything that rules rest on, directly or not, through rules of `kinds` only (all when empty)."""
        return self._reached(keys, lambda rule: rule.reads, kinds)

    def above(self, keys: Iterable[Key], kinds: Collection[str] = ()) -> tuple[Key, ...]:
        """Return everything that rests on rules, directly or not: what a change of them can touch."""
        return self._reached(keys, lambda rule: rule.readers, kinds)

    def facts(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        """Return the facts that a rule itself reads, in the order in which facts are worked out; none for an unknown rule."""
        return self._read(kind, rule_id, "fact", self.fact_order)

    def axes(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        """Return the stage axes that a rule itself reads, in written order."""
        return self._read(kind, rule_id, "axis", tuple(key.id for key in self.rules if key.kind == "axis"))

    def bases(self, fact_id: str) -> tuple[str, ...]:
        """Return a fact and all facts that it rests on."""
        key = Key("fact", fact_id)
        found = {key.id for key in (key, *self.below([key], ("fact",))) if key.kind == "fact"}
        return tuple(f for f in self.fact_order if f in found)

    def sources(self, key: Key, kinds: Collection[str] = VALUES) -> tuple[str, ...]:
        """Return the columns (`table.column`) that a rule rests on, itself or through the values of `kinds` that it reads."""
        read = (key, *self.below([key], kinds))
        return tuple(dict.fromkeys(c for k in read if k in self.rules for c in self.rules[k].columns))

    def owner(self, path: Path_) -> Rule | None:
        """Return the rule that a place of the document belongs to, None for what is no rule's."""
        for length in range(len(path), 0, -1):
            found = self._by_path.get(path[:length])
            if found is not None:
                return self.rules[found]
        return None

    @functools.cached_property
    def _by_path(self) -> dict[Path_, Key]:
        places: dict[Path_, Key] = {rule.path: key for key, rule in self.rules.items()}
        for section in CLASSIFICATION_SECTIONS:
            places[(section,)] = Key("classification", "classification")
        return places

    def _read(self, kind: Kind, rule_id: str, wanted: Kind, order: tuple[str, ...]) -> tuple[str, ...]:
        rule = self.rules.get(Key(kind, rule_id))
        found = {key.id for key in rule.reads if key.kind == wanted} if rule is not None else set()
        return tuple(i for i in order if i in found)

    def _reached(self, keys: Iterable[Key], edges: Any, kinds: Collection[str]) -> tuple[Key, ...]:
        start = tuple(keys)
        found: dict[Key, None] = {}
        waiting = [key for key in start if key in self.rules]
        while waiting:
            for key in edges(self.rules[waiting.pop(0)]):
                if key not in found and (not kinds or key.kind in kinds):
                    found[key] = None
                    waiting.append(key)
        return tuple(found)


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
        return json.dumps([key.kind, key.id, _bare(said)], ensure_ascii=False, sort_keys=True, default=str)


_TEXTS = ("business_scope", "products", "description", "industry_name", "industry_code", "name", "entity_kind")


def _bare(said: Any) -> Any:
    """Leave out what only explains."""
    if isinstance(said, dict):
        return {str(k): _bare(v) for k, v in said.items() if k not in PROSE}
    return [_bare(v) for v in said] if isinstance(said, list) else said


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
