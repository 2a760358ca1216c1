"""The cases of a pack (`case_file.py`), read into typed cases with every problem placed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening import strict_yaml, trace
from screening.errors import Problem, RulesError
from screening.resources import shown_path
from screening.rulebook.case_file import CaseFile, Expect
from screening.rulebook.case_values import FactValue, Names, Values
from screening.rulebook.messages import located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.errors import Position
    from screening.rulebook.case_file import Absence, Classified, Edges, Given
    from screening.rulebook.loader import LoadedPack
    from screening.strict_yaml import Document

FOLDER = "cases"


@dataclass(frozen=True, slots=True)
class CompanyCase:
    """One case ready to run: every value typed, every name known. `position` is where its name stands."""

    id: str
    name: str
    position: Position | None
    as_of: datetime.date
    company: Mapping[str, object]
    tables: Mapping[str, tuple[Mapping[str, object], ...]]
    classified: Classified | None
    facts: Mapping[str, FactValue]
    absence: Mapping[str, Absence]
    not_collected: frozenset[str]
    searched_on: Mapping[str, datetime.date]
    expect: Expect
    expected_facts: Mapping[str, FactValue] = field(default_factory=dict)


def case_files(loaded: LoadedPack) -> list[Path]:
    """Return the files of the pack's own cases; those of the packs below it test those packs."""
    folder = loaded.path if loaded.path.is_dir() else loaded.path.parent
    found = sorted((folder / FOLDER).glob("*"))
    trace.looked(folder / FOLDER)
    trace.listed(folder / FOLDER, (p.name for p in found))
    return sorted(p for p in found if p.suffix in (".yaml", ".yml"))


def load_cases(loaded: LoadedPack) -> list[CompanyCase]:
    """Read all cases of a pack. Raises RulesError with every problem in them."""
    cases: list[CompanyCase] = []
    problems: list[Problem] = []
    for file in case_files(loaded):
        document = strict_yaml.read(file, shown_path(file), within=[file.parent])
        found, wrong = read_cases(document, loaded, first=len(cases) + 1)
        cases += found
        problems += wrong
    if problems:
        raise RulesError(
            sorted(
                set(problems),
                key=lambda p: (str(p.position and p.position.file), (p.position and p.position.line) or 0),
            )
        )
    return cases


def read_cases(document: Document, loaded: LoadedPack, first: int = 1) -> tuple[list[CompanyCase], list[Problem]]:
    """Return the cases of one document and what is wrong with them. Ids count from `first`."""
    if document.problems:
        return [], list(document.problems)
    try:
        content = CaseFile.model_validate(document.data)
    except ValidationError as error:
        return [], located(error, document, CaseFile)
    reader = _Reader(document, loaded, content, first)
    return list(reader.cases()), reader.names.problems


class _Reader:
    """Turns the bodies of one file into typed cases."""

    def __init__(self, document: Document, loaded: LoadedPack, content: CaseFile, first: int) -> None:
        self.document, self.loaded, self.content = document, loaded, content
        self.names = Names(document, loaded.pack)
        self.values = Values(loaded.pack, self.names)
        self.count = first - 1

    def cases(self) -> Iterator[CompanyCase]:
        for number, body in enumerate(self.content.cases):
            path = ("cases", number)
            expected = self.values.facts(body.expect.facts, (*path, "expect", "facts"))
            self.names.check_expect(body.expect, (*path, "expect"))
            yield self._case(body.name.zh, (*path, "name"), body.given, (*path, "given"), body.expect, expected)
        for number, edges in enumerate(self.content.edges):
            yield from self._edges(edges, ("edges", number))

    def _edges(self, edges: Edges, path: tuple[str | int, ...]) -> Iterator[CompanyCase]:
        targets = [t for t in ("points_of", "gate", "axis") if getattr(edges, t)]
        if len(targets) != 1:
            self.names.problem(
                "case/edges", "give exactly one of points_of, gate, axis", path, "name what the rows expect"
            )
            return
        for row, (value, wanted) in enumerate(edges.rows):
            place = (*path, "rows", row)
            written: dict[str, Any] = {
                "points_of": {"points": {edges.points_of: wanted}},
                "gate": {"gates": {edges.gate: wanted}},
                "axis": {"stage": {edges.axis: wanted}},
            }[targets[0]]
            try:
                expect = Expect.model_validate(written)
            except ValidationError:
                self.names.problem(
                    "case/edges",
                    f"'{wanted}' is not what {targets[0]} can expect",
                    place,
                    "write points, a gate's status, or a stage value",
                )
                continue
            self.names.check_expect(expect, place, key_at=(*path, targets[0]))
            given = edges.given.model_copy(update={"facts": {**edges.given.facts, edges.fact: value}})
            name = f"{edges.name.zh}: {edges.fact} = {value} → {wanted}"
            yield self._case(
                name, place, given, (*path, "given"), expect, {}, varied=(edges.fact, (*place, 0), (*path, "fact"))
            )

    def _case(
        self,
        name: str,
        at: tuple[str | int, ...],
        given: Given,
        given_at: tuple[str | int, ...],
        expect: Expect,
        expected_facts: Mapping[str, FactValue],
        varied: tuple[str, tuple[str | int, ...], tuple[str | int, ...]] | None = None,
    ) -> CompanyCase:
        self.count += 1
        layers = self._layers(given, given_at)
        company: dict[str, object] = {}
        tables: dict[str, tuple[Mapping[str, object], ...]] = {}
        facts: dict[str, FactValue] = {}
        absence = self._absence(self.content.defaults.absence)
        lacking: set[str] = set()
        searched: dict[str, datetime.date] = {}
        as_of, classified = self.content.defaults.as_of, None
        for layer, path in layers:
            company |= self.values.row("companies", layer.company, (*path, "company"))
            tables |= {t: self.values.rows(t, rows, (*path, "tables", t)) for t, rows in layer.tables.items()}
            facts |= self.values.facts(layer.facts, (*path, "facts"), varied if layer is given else None)
            absence |= self._absence(layer.absence) if layer.absence is not None else {}
            lacking |= set(self.names.lacking(layer.not_collected, (*path, "not_collected")))
            searched |= layer.searched_on
            as_of, classified = layer.as_of or as_of, layer.classified or classified
            if layer.classified is not None:
                self.names.check_class(layer.classified.domain, layer.classified.direction, (*path, "classified"))
        if as_of is None:
            self.names.problem(
                "case/no-date", f"the case '{name}' has no date", at, "add `defaults: {as_of: YYYY-MM-DD}` to the file"
            )
            as_of = datetime.date(2000, 1, 1)
        return CompanyCase(
            f"case-{self.count:04d}",
            name,
            self.document.position(at),
            as_of,
            company,
            tables,
            classified,
            facts,
            absence,
            frozenset(lacking),
            searched,
            expect,
            expected_facts,
        )

    def _layers(self, given: Given, path: tuple[str | int, ...]) -> list[tuple[Given, tuple[str | int, ...]]]:
        """Return what a given starts from, the first one first, and itself."""
        layers = [(given, path)]
        seen: set[str] = set()
        while like := layers[0][0].like:
            if like in seen:
                self.names.problem(
                    "case/circle",
                    f"the starting point '{like}' starts from itself",
                    (*layers[0][1], "like"),
                    "remove one `like:`",
                )
                break
            if not self.names.known("starting point", like, self.content.starting_points, (*layers[0][1], "like")):
                break
            seen.add(like)
            layers.insert(0, (self.content.starting_points[like], ("starting_points", like)))
        return layers

    def _absence(self, stated: Absence | Mapping[str, Absence]) -> dict[str, Absence]:
        if isinstance(stated, str):
            return dict.fromkeys(self.loaded.pack.tables, stated)
        return dict(stated)
