"""Cases: tests of a pack's rules as data. Their model, and `cases/*.yaml` read into typed cases with every problem placed.

A case supposes a company (columns, child rows, a class, single facts) and says what the rules must make of it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from screening import strict_yaml, trace
from screening.catalog import Items, LabelField, Strict
from screening.errors import Problem, RulesError
from screening.resources import shown_path
from screening.result.contract import GateStatus, Grade, Outcome
from screening.rulebook.case_values import FactValue, Names, Values
from screening.rulebook.messages import located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.errors import Position
    from screening.rulebook.loader import LoadedPack
    from screening.strict_yaml import Document

FOLDER = "cases"
Date = Annotated[datetime.date, Field(strict=False)]
Absence = Literal["zero", "unknown"]


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Scalar = bool | int | float | str | None
Expected = Annotated[float | tuple[float, float] | Literal["not_applicable"], BeforeValidator(_pair)]
"""A number: known exactly. [low, high]: still open, with exactly these ends. `not_applicable`: it plays no part."""


class Classified(Strict):
    """The class of the company, in place of reading its texts. 直接给定的分类。"""

    domain: str = Field(default="", description="领域编号。 Domain id.")
    direction: str = Field(default="", description="方向编号。 Direction id.")
    grade: Grade = Field(description="等级。 Grade.")
    second_direction: str = Field(default="", description="第二方向编号。 Second direction.")


class Given(Strict):
    """What a case supposes. 给定条件。"""

    like: str = Field(default="", description="沿用哪个 starting_points。 Starts from one of `starting_points`.")
    as_of: Date | None = Field(default=None, description="基准日。 Date of knowledge.")
    company: dict[str, Scalar] = Field(default_factory=dict, description="企业表的列。 Columns of companies.")
    tables: dict[str, Items[dict[str, Scalar]]] = Field(
        default_factory=dict, description="子表的行。 Rows of child tables."
    )
    classified: Classified | None = Field(default=None, description="直接给定分类。 The class, instead of texts.")
    facts: dict[str, Any] = Field(
        default_factory=dict,
        description="直接给定事实: 值、[低, 高] 或 missing。 Facts given outright: value, [low, high] or missing.",
    )
    absence: Absence | dict[str, Absence] | None = Field(
        default=None, description="没有行意味着什么(zero 没有 / unknown 不知道)。 What having no row means."
    )
    not_collected: Items[str] = Field(
        default=(), description="数据集没有的表或列。 Tables or `table.column` that the dataset lacks."
    )
    searched_on: dict[str, Date] = Field(
        default_factory=dict, description="各表检索日期。 Day each table was searched."
    )


class ExpectedClass(Strict):
    """Expected class. 预期分类。"""

    domain: str | None = Field(default=None, description="领域编号。 Domain id.")
    direction: str | None = Field(default=None, description="方向编号。 Direction id.")
    grade: Grade | None = Field(default=None, description="等级。 Grade.")


class Expect(Strict):
    """What the rules must make of it; only what is written is compared. 预期结果,只比较写出的项。"""

    classified: ExpectedClass | None = Field(default=None, alias="class", description="分类。 Class.")
    stage: dict[str, Items[str] | str] = Field(
        default_factory=dict,
        description="阶段轴: 值,或仍可能的值的列表。 Axis: value, or the list of values still possible.",
    )
    place_grade: str | None = Field(default=None, description="城市契合等级。 Place grade.")
    facts: dict[str, Any] = Field(default_factory=dict, description="事实: 值、[低, 高] 或 missing。 Facts.")
    gates: dict[str, GateStatus] = Field(default_factory=dict, description="门槛: 状态。 Gates.")
    points: dict[str, Expected] = Field(
        default_factory=dict, description="评分项或扣分项的分。 Points of criteria and deductions."
    )
    pillars: dict[str, Expected] = Field(default_factory=dict, description="维度得分。 Points of pillars.")
    fit: Expected | None = Field(default=None, description="契合度。 Fit.")
    merit: Expected | None = Field(default=None, description="企业质量。 Merit.")
    score: Expected | None = Field(default=None, description="总分。 Score.")
    coverage: float | None = Field(default=None, description="覆盖率。 Coverage.")
    outcome: Outcome | None = Field(default=None, description="结论。 Outcome.")
    outcome_reason: str | None = Field(default=None, description="由何决定。 What decided.")
    tier: str | None = Field(default=None, description="等级,无则写 none。 Tier; `none` when there is none.")
    route: str | None = Field(default=None, description="直接途径,无则写 none。 Direct route; `none` when none.")
    measures: dict[str, bool | Literal["open"]] = Field(
        default_factory=dict, description="措施是否值得关注。 Measures."
    )


class CaseBody(Strict):
    """One case. 一个案例。"""

    name: LabelField = Field(description="一句话,读起来像政策。 A sentence that reads as policy.")
    given: Given = Field(default_factory=Given, description="给定。 Given.")
    expect: Expect = Field(description="预期。 Expect.")


class Edges(Strict):
    """One criterion tried at several values of one fact: both sides of every edge. 分档边界的紧凑写法。"""

    name: LabelField = Field(description="一句话。 A sentence.")
    given: Given = Field(default_factory=Given, description="各行共同的给定条件。 Given for every row.")
    fact: str = Field(description="哪个事实。 The fact that varies.")
    points_of: str = Field(default="", description="哪个评分项。 The criterion (or deduction) that scores it.")
    gate: str = Field(default="", description="或哪个门槛。 Or the gate that judges it.")
    axis: str = Field(default="", description="或哪条阶段轴。 Or the stage axis.")
    rows: Items[Annotated[tuple[Any, Any], BeforeValidator(_pair)]] = Field(
        description="[[事实的值, 预期], …]。 [[value of the fact, what is expected], …].", min_length=1
    )


class Defaults(Strict):
    """What all cases of a file share. 本文件各案例共有的设定。"""

    as_of: Date | None = Field(default=None, description="基准日。 Date of knowledge.")
    absence: Absence | dict[str, Absence] = Field(
        default="unknown", description="没有行意味着什么。 What having no row means."
    )


class CaseFile(Strict):
    """A file of cases. 案例文件。"""

    defaults: Defaults = Field(default_factory=Defaults)
    starting_points: dict[str, Given] = Field(
        default_factory=dict, description="可沿用的给定条件。 Givens to start from."
    )
    cases: Items[CaseBody] = Field(default=(), description="案例。 Cases.")
    edges: Items[Edges] = Field(default=(), description="边界。 Edges.")


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
