"""The tables a rule pack may read: grain, key, columns with type, unit and range. Declared in YAML, never sniffed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from screening.identifier import folded, id_fault, plan_number_fault, repeated
from screening.quantity import parse_quantity

ColumnType = Literal["text", "code", "integer", "decimal", "boolean", "date", "category"]
Parser = Literal[
    "credit_code",
    "industry",
    "currency",
    "status",
    "city",
    "district",
    "date",
    "capital",
    "percent",
    "headcount",
    "patent_kind",
    "patent_status",
    "patent_origin",
    "round",
    "certificate_kind",
    "level",
    "milestone_kind",
    "risk_kind",
    "risk_state",
    "holding_status",
    "instrument",
    "holder_kind",
    "source_kind",
]
"""How cells are read beyond their type, or the vocabulary of a category."""
Unit = Literal["cny", "ratio", "years", "months", "days", "persons", "count", "points", "none"]

UNIT_LABELS: Mapping[str, tuple[str, str]] = {
    "cny": ("元", "CNY"),
    "ratio": ("%", "%"),
    "years": ("年", "years"),
    "months": ("个月", "months"),
    "days": ("天", "days"),
    "persons": ("人", "persons"),
    "count": ("项", "items"),
    "points": ("分", "points"),
    "none": ("", ""),
}


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and numbers without end."""

    # Of a hundred models only the few that read a document are asked themselves: the others are built inside them.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, allow_inf_nan=False, defer_build=True
    )


class Label(Strict):
    """A text for people. 给人看的文字。"""

    zh: str = Field(description="中文。 Chinese.")
    en: str = Field(default="", description="英文,缺省用中文。 English; Chinese is shown when empty.")

    def text(self, lang: str) -> str:
        """Return the text in `lang`, falling back to Chinese."""
        return (self.en or self.zh) if lang == "en" else self.zh


def _label(value: Any) -> Any:
    return {"zh": value} if isinstance(value, str) else value


LabelField = Annotated[Label, BeforeValidator(_label)]


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


T = TypeVar("T")
Items = Annotated[tuple[T, ...], BeforeValidator(_tuple)]
"""A tuple that accepts the list a YAML file yields."""


def in_units(**scales: float) -> BeforeValidator:
    """Return what reads a number that may carry one of these units, each with the factor that makes it the plain number."""

    def read(value: Any) -> Any:
        quantity = parse_quantity(value) if isinstance(value, str) else None
        if quantity is None or quantity.unit not in scales:
            return value
        number = round(quantity.value * scales[quantity.unit], 10)
        return int(number) if number.is_integer() else number

    return BeforeValidator(read)


WRITTEN = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": r"^\s*-?[0-9][0-9,]*(\.[0-9]+)?\s*[%％A-Za-z\u4e00-\u9fff]{1,7}\s*$"},
        ]
    }
)
"""How an editor knows a plain number that may carry its unit."""
Points = Annotated[float, in_units(points=1), WRITTEN]
"""A number of points: `10` or `10分`."""
Share = Annotated[float, in_units(ratio=1), WRITTEN]
"""A share: `0.6` or `60%`."""


def _ends(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    read = (parse_quantity(end) if isinstance(end, str) else None for end in value)
    return tuple(end if found is None else found.value for end, found in zip(value, read, strict=True))


_End = Annotated[float, WRITTEN]
Pair = Annotated[tuple[_End, _End], BeforeValidator(_ends)]
"""[lowest, highest], with or without a unit; see `ends_in_unit`."""
Size = Annotated[float, BeforeValidator(lambda value: _ends([value])[0]), WRITTEN]
"""One number, with or without a unit; see `ends_in_unit`."""


def ends_in_unit(data: Any) -> Any:
    """Refuse a range or a step that is written in another unit than its model states. A validator of the model before it is built."""
    if isinstance(data, dict):
        stated = data.get("unit", "none")
        for key in ("range", "plausible", "step"):
            ends = data.get(key)
            for end in ends if isinstance(ends, list | tuple) else (ends,):
                quantity = parse_quantity(end) if isinstance(end, str) else None
                if quantity is not None and quantity.unit != stated:
                    raise ValueError(f"`{key}:` is written in {quantity.unit}, but `unit:` is {stated}")
    return data


def _id(text: str) -> str:
    return _without_fault(text, id_fault(text))


def _plan_number(text: str) -> str:
    return _without_fault(text, plan_number_fault(text))


def _without_fault(text: str, fault: str) -> str:
    if fault:
        raise PydanticCustomError("not_an_id", "{fault}", {"fault": fault})
    return text


def _told_apart(named: dict[str, T]) -> dict[str, T]:
    twice = repeated(named)
    if twice is not None:
        fault = f"it cannot be told from '{twice[1]}': case, width and composition of letters do not count"
        raise PydanticCustomError("not_an_id", "{fault}", {"fault": fault, "key": twice[0]})
    return named


PROVENANCE: Mapping[str, str] = {
    "missing_reasons": "VARCHAR",
    "source_file": "VARCHAR",
    "source_row": "BIGINT",
    "source_sheet": "VARCHAR",
}
"""Columns that intake adds to every clean table, with their SQL types. No table declares them."""


def _no_provenance(named: dict[str, T]) -> dict[str, T]:
    taken = next((name for name in named if folded(name) in PROVENANCE), None)
    if taken is not None:
        fault = "intake itself adds a column of this name to every table"
        raise PydanticCustomError("not_an_id", "{fault}", {"fault": fault, "key": taken})
    return named


Id = Annotated[str, AfterValidator(_id)]
"""A name in one strict form: letters of any script, digits and `_`."""
PlanNumber = Annotated[str, AfterValidator(_plan_number)]
"""A number of the plan (`二(四)1`) or the name of a place: a value, never a name of a column, relation or file."""
Ids = Annotated[dict[Id, T], AfterValidator(_told_apart)]
"""A mapping by id, in which no two ids fold to one."""
PlanNumbers = Annotated[dict[PlanNumber, T], AfterValidator(_told_apart)]
"""A mapping by number of the plan, in which no two fold to one."""


class Column(Strict):
    """A column of a table. 表的一列。"""

    type: ColumnType = Field(description="类型。 Type.")
    label: LabelField | None = Field(default=None, description="名称。 Label.")
    unit: Unit = Field(default="none", description="单位。 Unit.")
    range: Pair | None = Field(default=None, description="可能取值的下限与上限。 Lowest and highest possible value.")
    plausible: Pair | None = Field(
        default=None, description="通常的下限与上限,超出只提示。 Usual bounds; values outside are only said."
    )
    values: Items[str] = Field(default=(), description="类别取值。 The values of a category.")
    labels: dict[str, LabelField] = Field(
        default_factory=dict, description="取值的名称,报告里这样写。 What reports call the values."
    )
    synonyms: dict[str, Items[str]] = Field(
        default_factory=dict, description="取值 → 数据里的其他写法。 Value → further words for it in data."
    )
    match: Literal["whole", "inside"] = Field(
        default="whole",
        description="whole 整格相符;inside 词在较长文字之内也算(否定词仍然挡住)。 Whole cells, or words inside longer ones.",
    )
    required: bool = Field(default=False, description="缺此列则该表不可用。 The table is useless without it.")
    parse: Parser | None = Field(default=None, description="读入时的解析器。 The parser used at intake.")
    derived_from: str | None = Field(default=None, description="由哪一列推得。 Derived at intake from this column.")
    headers: Items[str] = Field(default=(), description="常见导出表头。 Usual export headers.")
    confidential: bool = Field(default=False, description="不随对外版本给出。 Left out of what is made for others.")

    _in_unit = model_validator(mode="before")(ends_in_unit)

    @model_validator(mode="after")
    def _words_of_values(self) -> Column:
        strange = [value for value in self.labels if value not in self.values]
        if strange:
            raise ValueError(
                f"labels of {', '.join(strange)}: no such value; known: {', '.join(self.values) or 'none'}"
            )
        strange = [value for value in self.synonyms if value not in self.values]
        if strange:
            raise ValueError(
                f"synonyms of {', '.join(strange)}: no such value; known: {', '.join(self.values) or 'none'}"
            )
        return self


class Table(Strict):
    """A table. 一张表。"""

    label: LabelField = Field(description="名称。 Label.")
    grain: LabelField = Field(description="一行代表什么。 What one row is.")
    key: Items[Id] = Field(description="键列。 Key columns.")
    parent: str | None = Field(default=None, description="主表。 The table whose rows own these.")
    fiscal_year: str | None = Field(default=None, description="会计年度列。 The fiscal-year column, if any.")
    confidential: bool = Field(
        default=False, description="整表不随对外版本给出。 The whole table is left out for others."
    )
    columns: Annotated[Ids[Column], AfterValidator(_no_provenance)] = Field(description="列。 Columns.")


Tables = Mapping[str, Table]

DECIMAL = (28, 10)
"""Digits of a number in a table, and how many of them stand behind the point: 2.99996% is not 3%."""

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "category": "VARCHAR",
    "integer": "BIGINT",
    "decimal": f"DECIMAL({DECIMAL[0]}, {DECIMAL[1]})",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
