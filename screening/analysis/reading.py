"""The pack as a reader of results needs it: what each rule reads, where it stands, what it rests on. Made once per run."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from screening.analysis.rulewords import citation, facts_of_axis, text
from screening.expression import Literal, Node, names
from screening.expression_sql.decimals import decimal_of
from screening.quantity import Quantity
from screening.result.company import RulePlace
from screening.result.records import Text
from screening.rulebook.program import Key
from screening.rulebook.scope import CLASSIFIED, PLACED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from screening.result.records import Citation
    from screening.rulebook.ground import Rule
    from screening.rulebook.model import StageValue
    from screening.rulebook.program import Kind
    from screening.rulebook.scope import ParsedPack


class PackReading:
    """Answers about one parsed pack, each worked out once. `origins` gives file and line of every value by its dotted path."""

    def __init__(self, parsed: ParsedPack, origins: Mapping[str, tuple[str, int]]) -> None:
        self.parsed, self.pack, self.program, self._origins = parsed, parsed.pack, parsed.program, origins
        self._cited: dict[int, Citation] = {}
        self._axis_facts: dict[str, tuple[str, ...]] = {}

    def axis_facts(self, axis_id: str) -> tuple[str, ...]:
        """Return the facts that decide a stage axis, itself or through the axes it looks at."""
        if axis_id not in self._axis_facts:
            self._axis_facts[axis_id] = facts_of_axis(self.program, axis_id)
        return self._axis_facts[axis_id]

    def judged(self, kind: Kind, rule_id: str) -> tuple[str, ...]:
        """Return what a rule reads of the classification and the place."""
        read = self._names.get(Key(kind, rule_id), frozenset())
        return tuple(n for n in (*CLASSIFIED, *PLACED) if n in read)

    @cached_property
    def _names(self) -> Mapping[Key, frozenset[str]]:
        found: dict[Key, frozenset[str]] = {}
        for path, node in self.parsed.nodes.items():
            owner = self.program.owner(path)
            if owner is not None:
                found[owner.key] = found.get(owner.key, frozenset()) | names(node)
        return found

    def cited(self, rule: Rule | StageValue) -> Citation:
        """Return what a rule rests on."""
        if id(rule) not in self._cited:
            self._cited[id(rule)] = citation(self.pack, rule)
        return self._cited[id(rule)]

    def place(self, *path: str) -> RulePlace | None:
        """Return the file and line where a rule begins."""
        found = self._first.get(".".join(path))
        return RulePlace(*found) if found else None

    @cached_property
    def _first(self) -> Mapping[str, tuple[str, int]]:
        """The first written value under every path, in written order."""
        first: dict[str, tuple[str, int]] = {}
        for dotted, place in self._origins.items():
            above = dotted
            while above and above not in first:
                first[above] = place
                above = above.rpartition(".")[0]
        return first

    @cached_property
    def bounds(self) -> tuple[Decimal, ...]:
        """Every number that the pack compares facts or points with, in base units, sorted."""
        found = {decimal_of(q.value) for q in self.parsed.numbers.values()}
        for node in self.parsed.nodes.values():
            found |= set(_literals(node))
        for half in self.pack.criteria.values():
            found |= set(_quantities(half))
        tiers = self.pack.verdict.tiers
        found |= {decimal_of(step.at_least) for axis in ((tiers.fit, tiers.merit) if tiers else ()) for step in axis}
        found |= {decimal_of(grade.at_least) for grade in self.pack.verdict.grades}
        return tuple(sorted(found))

    @cached_property
    def entity(self) -> Text:
        """What the pack screens, in its own words."""
        head, main = self.pack.pack, self.pack.tables.get("companies")
        if head.entity == "company" or main is None:
            return Text("企业", "company")
        return Text(main.label.zh, head.entity.replace("_", " "))

    @cached_property
    def domains(self) -> Mapping[str, Text]:
        """Names of domains and directions by id."""
        named = {d: text(domain.label) for d, domain in self.pack.domains.items()}
        return named | {i: text(x.name) for _, i, x in self.pack.directions()}

    @cached_property
    def verbs(self) -> Mapping[str, str]:
        """The plan's verb for domains and directions by id; a direction without one has its domain's."""
        verbs = {d: domain.verb_class for d, domain in self.pack.domains.items()}
        return verbs | {i: x.verb_class or verbs[d] for d, i, x in self.pack.directions()}


def _literals(node: Node) -> Iterator[Decimal]:
    if isinstance(node, Literal):
        if isinstance(node.value, int | float | Decimal) and not isinstance(node.value, bool):
            yield Decimal(str(node.value))
        return
    for name in getattr(node, "__dataclass_fields__", ()):
        yield from _inside(getattr(node, name))


def _inside(part: object) -> Iterator[Decimal]:
    if isinstance(part, Node):
        yield from _literals(part)
    elif isinstance(part, tuple):
        for item in part:
            yield from _inside(item)


def _quantities(model: BaseModel) -> Iterator[Decimal]:
    """Numbers with units in scoring functions: the edges of bands, the knots of lines."""
    waiting: list[object] = [model]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Quantity):
            yield decimal_of(part.value)
        elif hasattr(part, "model_fields_set"):
            waiting += [value for _, value in part]  # type: ignore[attr-defined]
        elif isinstance(part, dict):
            waiting += list(part.values())
        elif isinstance(part, list | tuple):
            waiting += list(part)
