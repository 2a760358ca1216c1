"""The rule pack as types: what each section of the YAML may say. No I/O and no computation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from screening.catalog import (
    WRITTEN,
    Id,
    Ids,
    Items,
    Label,
    LabelField,
    Pair,
    PlanNumbers,
    Points,
    Share,
    Size,
    Strict,
    Table,
    Unit,
    ends_in_unit,
    in_units,
)
from screening.geography import CityNames, Geography
from screening.identifier import LONGEST, file_fault, folded
from screening.quantity import Quantity
from screening.result.contract import is_relation
from screening.rulebook.functions import Function
from screening.rulebook.ground import Date, Expression, Grounded, Number, Rule, Source, Sourced
from screening.rulebook.lexicon import Classification, LexiconEntry
from screening.rulebook.risks import Risk

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

# --- head ------------------------------------------------------------------------------------------------------------


class Authority(Strict):
    """The document that the pack encodes. 规则包所编码的文件。"""

    number: str = Field(description="文号。 Document number.")
    title: str = Field(description="标题。 Title.")
    issued_on: Date = Field(description="成文日期。 Issued.")
    published_on: Date | None = Field(default=None, description="发布日期。 Published.")
    issuer: str = Field(default="", description="发文机关。 Issuer.")
    sha256: str = Field(default="", description="所据文本的 sha256。 sha256 of the text used.")
    note: LabelField | None = Field(default=None, description="说明。 Note.")


class Lift(Strict):
    """Permission to use a forbidden input, with its legal basis. 解除禁用输入的许可及其法律依据。"""

    rule: str = Field(description="规则编号。 Rule id.")
    input: str = Field(description="被禁用的输入。 The forbidden input.")
    legal_basis: str = Field(description="法律依据。 Legal basis.", min_length=4)


class Head(Strict):
    """`pack:` — what the pack is. 规则包说明。"""

    id: str = Field(description="编号。 Id.", pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=LONGEST)
    version: str = Field(description="版本(写成文本)。 Version, as text.")
    label: LabelField = Field(description="名称。 Label.")
    entity: str = Field(default="company", description="筛选对象。 What is screened.")
    authority: Authority | None = Field(default=None, description="依据文件。 The document encoded.")
    effective_from: Date | None = Field(default=None, description="生效日。 In force from.")
    effective_to: Date | None = Field(default=None, description="失效日。 In force until.")
    extends: str = Field(default="", description="所扩展的规则包(相对路径)。 The pack this one extends.")
    layers: Items[str] = Field(
        default=(),
        description="已合并的各层,自下而上(程序写入)。 The layers merged, base first; written by the program.",
    )
    tables: str = Field(default="", description="数据表定义(相对路径)。 The tables file.")
    remove: Items[str] = Field(default=(), description="从所扩展的包中移除的规则,如 gates.home_city。 Rules removed.")
    lifts: Items[Lift] = Field(default=(), description="解除禁用输入。 Lifted prohibitions.")
    neutral: Share = Field(
        default=0.5,
        ge=0,
        le=1,
        description="数据缺失时取 [低,高] 的份额。 Share of [low, high] taken when a fact is missing.",
    )


class Clause(Strict):
    """A clause of the plan. 条款。"""

    opening: str = Field(description="段落起首文字。 Opening words of its paragraph.")
    line: int | None = Field(default=None, description="原文行号。 Line in the text.")
    alias: str = Field(default="", description="ASCII 别名,如 3.4.2。 ASCII alias.")
    title: LabelField | None = Field(default=None, description="标题。 Title.")


# --- parameters and facts --------------------------------------------------------------------------------------------


class DatedValue(Strict):
    """One value with its days of validity. 带有效期的取值。"""

    value: Number = Field(description="取值。 Value.")
    valid_from: Date | None = Field(default=None, alias="from", description="自(含)。 From.")
    valid_to: Date | None = Field(default=None, alias="to", description="至(含)。 To.")
    source: Source | None = Field(default=None, description="出处。 Source.")


class Parameter(Sourced):
    """A number that rules refer to by name; may have dated versions. 可被规则引用的数值。"""

    unit: Unit = Field(default="none", description="单位。 Unit.")
    value: Number | None = Field(default=None, description="取值。 Value.")
    values: Items[DatedValue] = Field(default=(), description="分时段取值。 Dated values.")
    text: str | None = Field(default=None, description="文本取值(如本市名称)。 A text value.")
    range: Pair | None = Field(default=None, description="允许范围。 Allowed range.")

    _in_unit = model_validator(mode="before")(ends_in_unit)


class Window(Strict):
    """Which child rows count, by time before `as_of`. 时间窗。"""

    fiscal_years: Annotated[int, in_units(years=1), WRITTEN] | None = Field(
        default=None, ge=1, le=30, description="最近 N 个完整会计年度。 Last N complete fiscal years."
    )
    months: Annotated[int, in_units(months=1, years=12), WRITTEN] | None = Field(
        default=None, ge=1, le=600, description="基准日前 N 个月内。 Within N months before as_of."
    )
    on: str = Field(default="", description="按哪个日期列。 The date column (with months, or for latest).")
    valid_between: Items[str] = Field(
        default=(),
        max_length=2,
        description="[起始列, 到期列] 在基准日有效。 Valid on as_of between these two columns.",
    )


Take = Literal[
    "count",
    "distinct",
    "sum",
    "mean",
    "min",
    "max",
    "latest",
    "earliest",
    "any",
    "every",
    "growth",
    "mean_growth",
    "cagr",
    "best",
]


class Interval(Strict):
    """An expert's range: the fact lies between two columns or formulas. 专家给出的区间。"""

    low: Expression
    high: Expression


class Fact(Rule):
    """A named, typed, unit-bearing value. 有名称、类型、单位的事实。"""

    type: Literal["decimal", "integer", "boolean", "date", "text", "category"] = Field(
        default="decimal", description="类型。 Type."
    )
    unit: Unit = Field(default="none", description="单位。 Unit.")
    range: Pair | None = Field(
        default=None, description="可能取值范围;缺失时用于上下限。 Possible range, used for the band when missing."
    )
    values: Items[str] = Field(default=(), description="类别取值。 Category values.")
    labels: dict[str, LabelField] = Field(
        default_factory=dict,
        description="取值的名称,报告里这样写;缺省同所取的列。 What reports call the values; by default as the column it takes.",
    )
    expr: Expression | None = Field(
        default=None, description="由企业表的列和其他事实算出。 From company columns and other facts."
    )
    table: str = Field(default="", alias="from", description="取自哪张子表。 The child table.")
    take: Take | None = Field(default=None, description="如何汇总。 How to aggregate.")
    of: Expression | None = Field(default=None, description="汇总什么(子表的列或算式)。 What to aggregate.")
    where: Expression | None = Field(default=None, description="哪些行算数。 Which rows count.")
    window: Window | None = Field(default=None, description="时间窗。 Time window.")
    order: Items[str] = Field(default=(), description="best 的优先顺序(先者优)。 Precedence for `best`, best first.")
    if_none: Number | bool | None = Field(
        default=None,
        description="确知没有任何行时的取值:数、true/false,或文本(category 须在 values 之内)。 "
        "Value when it is known that there is no row: a number, true or false, or a text (of a category, one of its values).",
    )
    on_base: Literal["undefined"] | Number = Field(
        default="undefined", description="基数为零或负时的增长率。 Growth when the base is zero or negative."
    )
    interval: Interval | None = Field(default=None, description="专家区间。 An expert's range.")
    not_applicable_when: Expression | None = Field(default=None, description="何时不适用。 When it plays no part.")
    valid_for: Number | None = Field(default=None, description="数据多久后算过期。 How long the datum stays fresh.")
    question: LabelField | None = Field(default=None, description="缺失时要问的问题。 The question asked when missing.")
    actionable: bool | Literal["up", "down"] = Field(
        default=False,
        description="企业能否改变它;up、down 为只能增、只能减(false→true 算增)。 "
        "Whether a company can act on it; up, down: in that direction only (false to true is up).",
    )
    step: Size | None = Field(
        default=None,
        gt=0,
        description="改动以多少为一步;缺省:计数为 1,金额为 1万元,月或年为 0.1,其余 0.0001。 "
        "The least change worth naming; by default 1 of what is counted, 1万元, 0.1 months or years, else 0.0001.",
    )

    _in_unit = model_validator(mode="before")(ends_in_unit)

    def asked(self) -> Label | None:
        """Return the question to ask when it is missing; of a yes or no without one, whether it is so."""
        if self.question is not None or self.type != "boolean":
            return self.question
        zh = self.label.zh if self.label.zh.startswith(("是否", "有无")) else f"是否{self.label.zh}"
        return Label(zh=zh, en=f"Is it so: {self.label.en}?" if self.label.en else "")

    @model_validator(mode="after")
    def _one_origin(self) -> Fact:
        origins = [self.expr is not None, bool(self.table), self.interval is not None]
        if sum(origins) != 1:
            raise ValueError("a fact needs exactly one of `expr:`, `from:` (a child table) and `interval:`")
        if self.table and self.take is None:
            raise ValueError("a fact over a child table needs `take:`")
        return self


class Catalogue(Sourced):
    """A list of codes kept in a CSV file beside the pack. 目录文件。"""

    file: str = Field(description="CSV 文件(相对路径)。 CSV file.")
    column: str = Field(description="取哪一列。 Which column.")
    match: Literal["exact", "prefix"] = Field(default="exact", description="精确或前缀匹配。 Exact or prefix match.")


# --- stages, places, domains -----------------------------------------------------------------------------------------


class StageValue(Sourced):
    """One value of a stage axis. 阶段轴的一个取值。"""

    when: Expression | None = Field(
        default=None, description="成立条件;自上而下取第一个。 Condition; first from the top."
    )
    otherwise: bool = Field(default=False, description="以上都不成立时取它。 Taken when none above holds.")


class StageAxis(Strict):
    """An axis: ordered values, first that holds. 阶段轴。"""

    label: LabelField = Field(description="名称。 Label.")
    values: Ids[StageValue] = Field(description="取值,按判断顺序。 Values in the order they are tried.")
    assume: Items[str] = Field(
        default=(), description="未定时按此顺序取一个来计分。 Which value points are computed for while undecided."
    )


class Direction(Rule):
    """A direction of the plan. 方向。"""

    aliases: Items[str] = Field(default=(), description="别名。 Aliases.")
    atomic: Items[str] = Field(default=(), description="并列写法拆开的方向。 The parts of a compound direction.")
    verb_class: str = Field(default="", description="方案所用动词。 The plan's verb for it.")
    display: str = Field(default="", description="展示名。 Display name.")

    @property
    def name(self) -> Label:
        """What pages and files call it: as the plan writes it, unless that is a word that says something else alone."""
        return Label(zh=self.display, en=self.label.en) if self.display else self.label


class Domain(Rule):
    """A priority domain. 重点领域。"""

    closed_list: bool = Field(default=False, description="方向清单是否封闭(无“等”)。 True when the list has no 等.")
    verb_class: str = Field(default="", description="方案所用动词。 The plan's verb.")
    directions: PlanNumbers[Direction] = Field(description="方向。 Directions.")


class SubIndustry(Strict):
    """A sub-industry that a city entry names. 城市条目所列细分产业。"""

    name: str = Field(description="原文写法。 As written.")
    direction: str = Field(description="对应方向编号。 The direction it means.")
    mapping: Literal["exact", "alias"] = Field(default="exact", description="是否字面相同。 Literal or alias.")


class Carrier(Strict):
    """A park or platform that a city entry names. 载体。"""

    name: str = Field(description="原文写法。 As written.")
    aliases: Items[str] = Field(default=(), description="地址中的写法。 How addresses write it.")


class PlaceEntry(Sourced):
    """A city entry of section four, or the region of twelve. 城市条目或地区条目。"""

    cities: Items[str] = Field(default=(), description="地区条目包含的城市。 The cities of a region entry.")
    domains: Items[str] = Field(description="聚焦领域编号。 Domains.")
    domains_open: bool = Field(default=True, description="领域清单是否开放(有“等”)。 Open list.")
    sub_industries: Items[SubIndustry] = Field(description="细分产业。 Sub-industries.")
    sub_industries_open: bool = Field(default=True, description="细分产业清单是否开放。 Open list.")
    carriers: Items[Carrier] = Field(default=(), description="载体。 Carriers.")
    carriers_open: bool | None = Field(default=None, description="载体清单是否开放。 Open list.")
    carrier_form: str = Field(default="", description="载体句式。 The phrase that introduces the carriers.")


class City(Strict):
    """A prefecture-level city. 地级以上市。"""

    code: str = Field(description="行政区划代码前四位。 First four digits of its division code.")
    en: str = Field(default="", description="英文名。 English name.")
    aliases: Items[str] = Field(default=(), description="地址中的其他写法。 Other ways addresses write it.")
    districts: Items[str] = Field(default=(), description="区县与功能区。 Districts.")


class Places(Strict):
    """`places:` — the province, its cities, and what the plan says of each. 空间布局。"""

    province: str = Field(description="省。 Province.")
    cities: PlanNumbers[City] = Field(description="城市。 Cities.")
    entries: PlanNumbers[PlaceEntry] = Field(description="条目。 Entries of section four.")


# --- gates, criteria, verdict ----------------------------------------------------------------------------------------


class Gate(Sourced):
    """A knock-out or a caution. 门槛。"""

    fails_when: Expression = Field(description="何时不通过。 When it fails.")
    effect: Literal["reject", "review", "warn"] = Field(description="不通过的后果。 What failing does.")
    on_unknown: Literal["review", "warn", "ignore", "reject"] = Field(
        description="无法判断时的后果。 What unknown does."
    )
    applies_when: Expression | None = Field(default=None, description="何时适用。 When it applies.")
    valid_for: Number | None = Field(default=None, description="检索结果的有效期。 How long a search stays valid.")
    message: LabelField = Field(description="不通过时的一句话。 The sentence shown when it fails.")
    remedy: LabelField | None = Field(default=None, description="如何补救或核实。 How to mend or verify.")


Parts = Annotated[float, in_units(points=1, ratio=100), WRITTEN]
"""Parts of a hundred: `35`, `35分` or `35%`."""
Weight = Parts | dict[Id, Parts]
WeightTable = dict[Id, Items[str] | dict[Id, Parts | Items[Parts] | dict[Id, Parts]] | Parts | Items[Parts]]
"""Rows of weights by pillar and criterion; see `screening.rulebook.written`."""


class Criterion(Sourced):
    """One judged thing. 评分项。"""

    score: Function = Field(description="得分函数。 Scoring function.")
    weight: Weight | None = Field(
        default=None, description="权重(可按赛道);缺省为函数最高分。 Weight, by track if a mapping."
    )
    on_missing: Literal["open", "zero", "drop"] = Field(
        default="open", description="缺数据时。 When facts are missing."
    )
    neutral: Share | None = Field(
        default=None, ge=0, le=1, description="open 时取区间的份额。 Share of the band taken."
    )
    applies_when: Expression | None = Field(default=None, description="何时适用。 When it applies.")
    direction: Literal["higher", "lower", "match"] = Field(
        default="higher", description="越高越好、越低越好或是否匹配。 What is better."
    )


class Pillar(Strict):
    """A group of criteria. 维度。"""

    label: LabelField = Field(description="名称。 Label.")
    weight: Weight | None = Field(
        default=None, description="权重(可按赛道);缺省为各项之和。 Weight, by track if a mapping."
    )
    cap: Points | None = Field(default=None, description="组封顶。 Cap of the group.")
    slot: bool = Field(default=False, description="留给其他规则包填写。 Left for another pack to fill.")
    effective_from: Date | None = Field(
        default=None,
        description="生效日,其下没有另写的评分项同此。 First day in force, of its criteria too that state none.",
    )
    effective_to: Date | None = Field(default=None, description="失效日(含),同上。 Last day in force, likewise.")
    criteria: Ids[Criterion] = Field(default_factory=dict, description="评分项。 Criteria.")


class Half(Strict):
    """`fit` or `merit`. 契合度或企业质量。"""

    label: LabelField = Field(description="名称。 Label.")
    scale: Literal["hundred", "points"] = Field(
        default="hundred", description="折算百分制,或直接相加。 Rescaled to 100, or plain points."
    )
    pillars: Ids[Pillar] = Field(description="维度。 Pillars.")


class Deduction(Sourced):
    """Points taken off the score. 扣分项。"""

    score: Function = Field(description="扣几分。 Points taken off.")


class Deductions(Strict):
    """Capped deductions. 扣分。"""

    cap: Points = Field(description="扣分上限。 Cap.")
    items: Ids[Deduction] = Field(description="扣分项。 Items.")


class Step(Strict):
    """One step of a tier axis. 分级轴上的一段。"""

    id: Id
    at_least: Points


class Tiers(Strict):
    """Tiers as a fit x merit matrix. 契合度 × 质量矩阵。"""

    fit: Items[Step] = Field(description="自高到低。 Highest first.")
    merit: Items[Step] = Field(description="自高到低。 Highest first.")
    matrix: Ids[dict[Id, Id]] = Field(description="fit 段: {merit 段: 等级}。 fit step: {merit step: tier}.")
    labels: Ids[LabelField] = Field(default_factory=dict, description="等级名称。 Tier labels.")
    coverage_at_least: Share = Field(
        default=0.5, ge=0, le=1, description="质量数据覆盖率低于此值不评级。 No tier below this merit coverage."
    )


class GradeStep(Strict):
    """One grade of a table that grades by the total alone, such as 优秀 from 90. 按总分定的等级。"""

    id: Id = Field(description="等级编号。 Id of the grade.")
    at_least: Points = Field(description="总分下限(含)。 Lowest score of the grade, inclusive.")
    label: LabelField | None = Field(default=None, description="名称。 Label.")


class Route(Sourced):
    """A direct route: passes without the score while the gates stay. 直接认定途径。"""

    when: Expression = Field(description="条件。 Condition.")


class Robustness(Grounded):
    """How far the weights may be doubted: what `screen robustness` draws. Nothing is drawn that is not stated. 权重的稳健性检验。"""

    draws: int = Field(description="抽取次数。 Number of draws.", ge=100, le=10_000)
    top: int = Field(description="前几名。 The N of the chance to be among the first N.", ge=1)
    pillars: Number = Field(
        description="各维度权重上下浮动的幅度,如 20%。 Each pillar's weight, up or down by this share."
    )
    halves: Number = Field(description="两半权重上下浮动的幅度。 Each half's weight, likewise.")
    goalposts: Number | None = Field(
        default=None,
        description="评分刻度界限上下浮动的幅度;不写则不动。 The bounds of each scale, likewise; left out: they stay.",
    )

    @model_validator(mode="after")
    def _shares(self) -> Robustness:
        for name in ("pillars", "halves", "goalposts"):
            given = getattr(self, name)
            if name == "goalposts" and given is None:
                continue
            if not isinstance(given, Quantity) or given.unit not in ("ratio", None) or not 0 <= given.value < 1:
                raise ValueError(f"`{name}` is a share of the weight, from 0% to below 100%")
        return self


class VerdictVersion(Strict):
    """What the verdict says between two days; a key that it does not write stays as above. 某段时间内的结论。"""

    valid_from: Date | None = Field(default=None, alias="from", description="自(含)。 From.")
    valid_to: Date | None = Field(default=None, alias="to", description="至(含)。 To.")
    weights: Ids[Share] | None = Field(default=None, description="两半的权重。 Weights of the halves.")
    shortlist_when: Expression | None = Field(default=None, description="入围条件。 Condition of the short list.")
    on_unknown: Literal["midpoint", "review"] | None = Field(default=None, description="未定时。 While undecided.")
    tiers: Tiers | None = Field(default=None, description="分级。 Tiers.")
    grades: Items[GradeStep] | None = Field(default=None, description="按总分定级。 Grades by the score.")
    source: Source | None = Field(default=None, description="出处。 Source.")


class Verdict(Grounded):
    """`verdict:` — from totals to outcome. 结论。"""

    label: LabelField = Field(description="名称。 Label.")
    weights: Ids[Share] = Field(
        default_factory=dict, description="两半的权重;只有门槛时不写。 Weights of the halves; none for gates only."
    )
    shortlist_when: Expression = Field(
        default="true",
        description="入围条件;缺省为通过门槛即入围。 Condition of the short list; by default the gates alone decide.",
    )
    on_unknown: Literal["midpoint", "review"] = Field(
        default="midpoint",
        description="缺数据使入围条件未定时:按中点判断并标暂列,或转人工复核。 While missing facts leave the condition of the short "
        "list undecided: judged by the points and marked provisional, or review.",
    )
    versions: Items[VerdictVersion] = Field(
        default=(),
        description="按日期切换的结论:基准日落入其中者取代以上各项。 Verdicts by date: the one that holds on as_of replaces the keys above.",
    )
    routes: Ids[Route] = Field(default_factory=dict, description="直接途径。 Direct routes.")
    tiers: Tiers | None = Field(default=None, description="分级。 Tiers.")
    grades: Items[GradeStep] = Field(
        default=(), description="或只按总分定级,自高到低。 Or grades by the score alone, highest first."
    )
    robustness: Robustness | None = Field(
        default=None, description="权重的稳健性检验。 How far the weights may be doubted."
    )

    def version_at(self, day: datetime.date) -> int | None:
        """Return the place of the version that holds on a day, None when none does."""
        for number, version in enumerate(self.versions):
            if (version.valid_from is None or version.valid_from <= day) and (
                version.valid_to is None or day <= version.valid_to
            ):
                return number
        return None

    def at(self, day: datetime.date) -> Verdict:
        """Return the verdict as it holds on a day."""
        number = self.version_at(day)
        if number is None:
            return self
        version = self.versions[number]
        keys = ("weights", "shortlist_when", "on_unknown", "tiers", "grades", "source")
        return self.model_copy(update={k: v for k in keys if (v := getattr(version, k)) is not None})

    def tier_labels(self) -> dict[str, Label]:
        """Return the labels of tiers or grades, best first."""
        graded = {grade.id: grade.label or Label(zh=grade.id) for grade in self.grades}
        return graded or dict(self.tiers.labels if self.tiers else {})

    list_titles: dict[str, LabelField] = Field(
        default_factory=dict, description="shortlist/long_list 的标题。 List titles."
    )


# --- measures, targets, ladder, safeguards ---------------------------------------------------------------------------


class Measure(Sourced):
    """An instrument of the plan that a company may look at; never an entitlement. 可关注的措施。"""

    departments: str = Field(default="", description="责任单位原文。 Departments as written.")
    when: Expression | None = Field(default=None, description="何时值得关注;空表示仅供参考。 When worth a look.")
    audience: Literal["company", "fund", "government"] = Field(default="company", description="对谁。 For whom.")


class Peers(Grounded):
    """`peers:` — whom a company is compared with, by which facts. Left out: nothing is said of peers. 同行比较。"""

    facts: dict[str, Literal["higher", "lower"]] = Field(
        min_length=1, description="比较哪些事实,高好还是低好。 Facts compared, and whether higher or lower is better."
    )
    at_least: int = Field(ge=3, description="至少几家同行才说话。 Others needed before anything is said.")
    nearest: int = Field(default=5, ge=1, le=20, description="列出最相近的几家。 How many of the nearest are named.")
    strong: Number = Field(
        description="严格好于(差于)多少比例的同行才算长处(短处),如 75%。 Strictly better (worse) than this share of the others is a strength (weakness)."
    )
    widen: Literal["domain", "none"] = Field(
        default="none",
        description="同方向同阶段不够时,是否改看同领域同阶段。 Where direction and stage have too few: the same domain and stage instead.",
    )

    @model_validator(mode="after")
    def _share(self) -> Peers:
        given = self.strong
        if not isinstance(given, Quantity) or given.unit not in ("ratio", None) or not 0.5 < given.value <= 1:
            raise ValueError("`strong` is a share of the others, above 50% and at most 100%")
        return self


class Target(Sourced):
    """A numeric target of the plan. 目标。"""

    year: int = Field(description="年份。 Year.")
    value: float = Field(description="数值。 Value.")
    relation: Literal["at_least", "about"] = Field(description="以上或左右。 At least or about.")
    unit_label: LabelField = Field(description="量词。 What is counted.")
    indicator: str | None = Field(
        default=None,
        description="以哪一级梯队的在册家数作进展;没有就是尚无指标。 The rung of the ladder whose companies count towards it; none: no indicator yet.",
    )


class Crowding(Grounded):
    """`crowding:` — when a direction in one city counts as crowded. Left out: nothing is called crowded. 何谓一哄而上。"""

    at_least: int = Field(ge=2, description="候选与已投合计至少几家。 Candidates and holdings together, at least.")
    share: Number = Field(description="且至少占该方向的多少。 And at least this share of the direction's.")
    of_all: Number = Field(description="且至少占全部的多少。 And at least this share of all.")
    holdings: int | None = Field(
        default=None, ge=2, description="或基金自己已投至少几家。 Or so many holdings of the fund itself."
    )

    @model_validator(mode="after")
    def _shares(self) -> Crowding:
        for name in ("share", "of_all"):
            given = getattr(self, name)
            if not isinstance(given, Quantity) or given.unit not in ("ratio", None) or not 0 <= given.value <= 1:
                raise ValueError(f"`{name}` is a share, from 0% to 100%")
        return self


class Combo(Sourced):
    """A demonstration combination: direction hit and application keyword hit. 标杆示范组合。"""

    directions: Items[str] = Field(description="方向编号(任一)。 Any of these directions.")
    applications: Items[str] = Field(default=(), description="应用关键词(任一)。 Any of these application keywords.")
    with_directions: Items[str] = Field(
        default=(), description="或同时属于这些方向之一。 Or one of these directions too."
    )
    masks: Items[str] = Field(
        default=(),
        description="含有关键词而不是它的词,如数字人民币。 Words that hold an application word and are not it.",
    )


class Rung(Sourced):
    """A rung of the enterprise ladder. 梯队。"""

    when: Expression | None = Field(default=None, description="由何资质认定。 By which certificates.")


class Action(Sourced):
    """One of the plan's actions with its departments. 行动。"""

    programme: LabelField = Field(description="工程。 Programme.")
    departments: str = Field(description="责任单位原文。 Departments as written.")


class Safeguard(Sourced):
    """A clause on organisation, monitoring or adjustment, and how the pack answers it. 组织保障条款。"""

    answer: LabelField = Field(description="规则包如何落实。 How the pack answers it.")


def _no_relations(tables: dict[str, Table]) -> dict[str, Table]:
    for table_id in tables:
        fault = (
            "it is the name of a relation of the engine or of the result"
            if is_relation(folded(table_id))
            else file_fault(table_id)
        )
        if fault:
            raise PydanticCustomError("not_an_id", "{fault}", {"fault": fault, "key": table_id})
    return tables


def _files(catalogues: dict[str, Catalogue]) -> dict[str, Catalogue]:
    for catalogue_id in catalogues:
        fault = file_fault(catalogue_id)
        if fault:
            raise PydanticCustomError("not_an_id", "{fault}", {"fault": fault, "key": catalogue_id})
    return catalogues


class RulePack(Strict):
    """A whole pack, all layers merged. 规则包。"""

    pack: Head
    tables: Annotated[Ids[Table], AfterValidator(_no_relations)] = Field(default_factory=dict)
    clauses: PlanNumbers[Clause] = Field(default_factory=dict)
    parameters: Ids[Parameter] = Field(default_factory=dict)
    catalogues: Annotated[Ids[Catalogue], AfterValidator(_files)] = Field(default_factory=dict)
    domains: PlanNumbers[Domain] = Field(default_factory=dict)
    lexicon: PlanNumbers[LexiconEntry] = Field(default_factory=dict)
    classification: Classification = Field(default_factory=Classification)
    places: Places | None = None
    stages: Ids[StageAxis] = Field(default_factory=dict)
    facts: Ids[Fact] = Field(default_factory=dict)
    gates: Ids[Gate] = Field(default_factory=dict)
    risks: Ids[Risk] = Field(default_factory=dict)
    weights: Ids[WeightTable] = Field(default_factory=dict)
    criteria: Ids[Half] = Field(default_factory=dict)
    deductions: Deductions | None = None
    verdict: Verdict
    peers: Peers | None = None
    crowding: Crowding | None = None
    measures: Ids[Measure] = Field(default_factory=dict)
    actions: PlanNumbers[Action] = Field(default_factory=dict)
    targets: Ids[Target] = Field(default_factory=dict)
    combos: Ids[Combo] = Field(default_factory=dict)
    ladder: Ids[Rung] = Field(default_factory=dict)
    safeguards: PlanNumbers[Safeguard] = Field(default_factory=dict)

    @property
    def geography(self) -> Geography | None:
        """The province and its cities as intake needs them; None for a pack without places."""
        if self.places is None:
            return None
        cities = tuple(CityNames(name, c.code, c.aliases, c.districts) for name, c in self.places.cities.items())
        return Geography(self.places.province, cities)

    def directions(self) -> Iterator[tuple[str, str, Direction]]:
        """Yield (domain id, direction id, direction) in the plan's order."""
        for domain_id, domain in self.domains.items():
            for direction_id, direction in domain.directions.items():
                yield domain_id, direction_id, direction

    def value_label(self, fact_id: str, value: str) -> Label | None:
        """Return what reports call a value of a category fact: by the fact, else by the column it takes, else by a stage axis."""
        fact = self.facts.get(fact_id)
        if fact is None:
            axis = self.stages.get(fact_id)
            return axis.values[value].label if axis is not None and value in axis.values else None
        table = self.tables.get(fact.table or "companies")
        column = table.columns.get((fact.of if fact.table else fact.expr) or "") if table is not None else None
        found = fact.labels.get(value) or (column.labels.get(value) if column is not None else None)
        if found is not None or not fact.values:
            return found
        return next((axis.values[value].label for axis in self.stages.values() if value in axis.values), None)

    def criteria_of(self) -> Iterator[tuple[str, str, str, Criterion]]:
        """Yield (half, pillar id, criterion id, criterion) in written order."""
        for half_id, half in self.criteria.items():
            for pillar_id, pillar in half.pillars.items():
                for criterion_id, criterion in pillar.criteria.items():
                    yield half_id, pillar_id, criterion_id, criterion
