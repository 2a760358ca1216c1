"""What every rule of a pack carries: numbers as analysts write them, a source or a stated basis, days in force."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from screening.catalog import Items, LabelField, Points, Strict
from screening.quantity import Quantity, parse_quantity

if TYPE_CHECKING:
    from screening.expression import Node


def _number(value: Any) -> Any:
    found = value if isinstance(value, Quantity) else parse_quantity(value)
    if found is None:
        return value
    if not math.isfinite(found.value):
        raise ValueError("a number must have an end")
    return found


Number = Annotated[Quantity | str, BeforeValidator(_number)]
"""A number, a number with its unit (`5%`, `500万元`) or the id of a parameter."""

Point = Annotated[tuple[Number, Points], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]

Expression = Annotated[str, Field(description="条件或算式(SQL 标量子集)。 A condition or formula (scalar SQL subset).")]

Date = Annotated[datetime.date, Field(strict=False)]


class Stated(Protocol):
    """What a scoring function asks of the pack it stands in: trees by their place, and the number that a rule states."""

    @property
    def nodes(self) -> Mapping[tuple[str | int, ...], Node]:
        """The typed expressions."""

    def number(self, value: Number) -> float:
        """Return a number, following a parameter's name."""


class Source(Strict):
    """Where a rule comes from: a clause of the plan with a quote, or another document. 规则的出处。"""

    clause: str = Field(
        default="", description="条款编号(本方案),或所引文件的条号。 Clause id of the plan, or the article."
    )
    quote: str = Field(
        default="", description="原文短句,须含承载规则的动词与宾语。 Short verbatim quote that bears the rule."
    )
    document: str = Field(
        default="", description="所引其他文件的文号;空表示本方案。 Another document; empty = the plan."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Source:
        if not self.document and not (self.clause and self.quote):
            raise ValueError("a source needs clause and quote, or a document")
        return self


class Ground(Strict):
    """What a rule rests on, and whose its numbers are: those of its source unless the fund set them. 规则的依据与数字的归属。"""

    source: Source | None = Field(
        default=None, description="出处;未写 set_by 时,数字也出自它。 Source; its numbers too, unless set_by."
    )
    set_by: Literal["fund"] | None = Field(
        default=None, description="数字由谁定: fund 基金自定。 Who set the numbers: the fund itself."
    )


def has_ground(rule: Any) -> Any:
    """Refuse a rule that rests on nothing. Raises ValueError."""
    values = getattr(rule, "values", ())
    dated = isinstance(values, tuple) and values and all(value.source is not None for value in values)
    if rule.source is None and rule.set_by is None and not dated:
        raise ValueError("add `source: {clause, quote}`, or `set_by: fund` for the fund's own number")
    return rule


class Grounded(Ground):
    """Numbers that must say whose they are. 必须写明依据的数字。"""

    _has_ground = model_validator(mode="after")(has_ground)


class Rule(Ground):
    """What every rule carries. 每条规则共有的内容。"""

    label: LabelField = Field(
        description="名称;只说一个事实(或一列)的规则可以不写,取其名称。 Label; a rule of one fact, or a fact of one column, may take its."
    )
    note: LabelField | None = Field(default=None, description="说明。 Note.")
    effective_from: Date | None = Field(default=None, description="生效日。 First day in force.")
    effective_to: Date | None = Field(default=None, description="失效日(含)。 Last day in force.")
    replaces: Items[str] = Field(default=(), description="旧编号。 Earlier ids of this rule.")


class Sourced(Rule):
    """A rule that must say what it rests on. 必须写明依据的规则。"""

    _has_ground = model_validator(mode="after")(has_ground)


_LEAVES = (str, int, float, datetime.date, Quantity, type(None))
"""Most of what stands in a pack, and no model inside."""


def parts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    """Yield every model in a pack, or in a part of one, with its path as written in the YAML."""
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, BaseModel):
        yield path, value
        said = value.__dict__
        inside = [(key, said[name]) for key, name in _keys(type(value))]
    elif isinstance(value, Mapping):
        inside = value.items()
    elif isinstance(value, tuple):
        inside = enumerate(value)
    for key, item in inside:
        if not isinstance(item, _LEAVES):
            yield from parts(item, (*path, key))


@functools.cache
def _keys(model: type[BaseModel]) -> list[tuple[str, str]]:
    """Return the fields of a model with their keys in the YAML."""
    return [(field.alias or name, name) for name, field in model.model_fields.items()]
