"""The functions of the language: arguments, result, unit. Nothing else can be called."""

from __future__ import annotations

import typing
from dataclasses import dataclass

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.catalog import Unit
    from screening.expression.tree import Kind

Parameter = typing.Literal["number", "date", "text", "same", "digits", "catalogue"]
"""`same`: of the kind of the first argument; `digits`: a written whole number; `catalogue`: a written catalogue id."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `unit` None keeps the unit of the arguments; `needed` arguments are compulsory."""

    usage: str
    parameters: tuple[Parameter, ...]
    result: Kind | typing.Literal["same"]
    unit: Unit | None = "none"
    needed: int = 0
    variadic: bool = False
    rows_only: bool = False

    @property
    def least_arguments(self) -> int:
        """How many arguments must be given."""
        return self.needed or len(self.parameters)


FUNCTIONS: Mapping[str, Function] = {
    "months_between": Function("months_between(start, end)", ("date", "date"), "number", "months"),
    "years_between": Function("years_between(start, end)", ("date", "date"), "number", "years"),
    "days_between": Function("days_between(start, end)", ("date", "date"), "number", "days"),
    "add_years": Function("add_years(date, number of years)", ("date", "number"), "date"),
    "add_months": Function("add_months(date, number of months)", ("date", "number"), "date"),
    "year": Function("year(date)", ("date",), "number"),
    "abs": Function("abs(number)", ("number",), "number", None),
    "least": Function("least(a, b, …)", ("same", "same"), "same", None, variadic=True),
    "greatest": Function("greatest(a, b, …)", ("same", "same"), "same", None, variadic=True),
    "round": Function("round(number, digits)", ("number", "digits"), "number", None, needed=1),
    "floor": Function("floor(number)", ("number",), "number", None),
    "ceil": Function("ceil(number)", ("number",), "number", None),
    "coalesce": Function("coalesce(a, b, …)", ("same", "same"), "same", None, variadic=True, rows_only=True),
    "first_known": Function("first_known(a, b, …)", ("same", "same"), "same", None, variadic=True),
    "length": Function("length(text)", ("text",), "number"),
    "contains": Function("contains(text, 'part')", ("text", "text"), "boolean"),
    "starts_with": Function("starts_with(text, 'beginning')", ("text", "text"), "boolean"),
    "lower": Function("lower(text)", ("text",), "text"),
    "upper": Function("upper(text)", ("text",), "text"),
    "in_catalogue": Function("in_catalogue(text, 'catalogue id')", ("text", "catalogue"), "boolean"),
}

OTHER_WAYS: Mapping[str, str] = {
    "if": "write case when … then … else … end",
    "iff": "write case when … then … else … end",
    "iif": "write case when … then … else … end",
    "ifnull": "use first_known(a, b), coalesce in a row filter, or `if_none:` of the fact",
    "nvl": "use first_known(a, b), coalesce in a row filter, or `if_none:` of the fact",
    "min": "use least(a, b) for values, `take: min` for rows",
    "max": "use greatest(a, b) for values, `take: max` for rows",
    "sum": "sum rows with a fact: `take: sum`",
    "avg": "average rows with a fact: `take: mean`",
    "mean": "average rows with a fact: `take: mean`",
    "count": "count rows with a fact: `take: count`",
    "ceiling": "use ceil(x)",
    "len": "use length(x)",
    "date_add": "use add_years(date, n) or add_months(date, n)",
    "dateadd": "use add_years(date, n) or add_months(date, n)",
    "edate": "use add_months(date, n)",
    "datediff": "use days_between, months_between or years_between",
    "like": "use contains or starts_with",
    "date_diff": "use days_between, months_between or years_between",
    "now": "use as_of",
    "today": "use as_of",
    "regexp_matches": "use contains or starts_with",
    "cast": "types are declared in the tables, never cast here",
    "exists": "use a fact over the child table: `take: any`",
    "substring": "use starts_with",
    "left": "use starts_with",
}
"""What to do instead of a function that people expect."""
