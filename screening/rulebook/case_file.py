"""The form of `cases/*.yaml`: tests of a pack's rules as data. A case supposes a company and says what the rules must make of it."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from screening.catalog import Items, LabelField, Strict
from screening.result.contract import GateStatus, Grade, Outcome

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
