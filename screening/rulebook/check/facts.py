"""Facts: ranges, values, questions, and whether what is taken fits what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.errors import did_you_mean
from screening.expression import names, type_of, unit_of
from screening.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.expression import Node
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack, Path_

NUMERIC = ("decimal", "integer")
YES_NO_TAKES = ("any", "every")
COUNTS = ("count", "distinct")
GROWTHS = ("growth", "mean_growth", "cagr")


def check_facts(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield facts whose parts do not fit each other."""
    asked = _asked(parsed)
    for fact_id, fact in parsed.pack.facts.items():
        path: Path_ = ("facts", fact_id)
        yield from _range_and_values(parsed, fact, path)
        yield from _take(parsed, fact, path)
        yield from _origin(parsed, fact, path)
        yield from _if_none(parsed, fact, path)
        if fact_id in asked and fact.asked() is None:
            yield parsed.loaded.document.problem(
                "fact/no-question",
                f"'{fact_id}' decides gates or points, but nobody is told what to ask when it is missing",
                path,
                key=True,
                severity="warning",
                remedy="add `question: {zh: …, en: …}`",
            )
    for parameter_id, parameter in parsed.pack.parameters.items():
        yield from _parameter(parsed, parameter_id, parameter.range)


def _asked(parsed: ParsedPack) -> set[str]:
    """Return the facts whose absence is felt: read by gates and criteria, themselves or through derived facts."""
    felt: set[str] = set()
    for path, node in parsed.nodes.items():
        if path[0] in ("gates", "criteria"):
            felt |= names(node)
    return {f for f in felt & set(parsed.pack.facts) if not _is_derived(parsed, f)}


def _is_derived(parsed: ParsedPack, fact_id: str) -> bool:
    """A fact computed from facts asks nothing itself: they do."""
    node = parsed.nodes.get(("facts", fact_id, "expr"))
    return node is not None and bool(names(node) & (set(parsed.pack.facts) - {fact_id}))


def _range_and_values(parsed: ParsedPack, fact: Fact, path: Path_) -> Iterator[Problem]:
    document = parsed.loaded.document
    if fact.range is not None and fact.range[0] > fact.range[1]:
        yield document.problem(
            "fact/range-inverted",
            f"the range begins at {fact.range[0]:g} and ends at {fact.range[1]:g}",
            (*path, "range"),
            remedy="write [lowest, highest]",
        )
    elif fact.range is not None and fact.type not in NUMERIC:
        yield document.problem(
            "fact/range-unused",
            f"a {fact.type} fact has no range",
            (*path, "range"),
            key=True,
            severity="warning",
            remedy="remove it, or declare a numeric type",
        )
    if fact.unit == "ratio" and fact.range is not None and fact.range[0] <= fact.range[1] == 100:
        yield document.problem(
            "fact/range-percent",
            "the unit is ratio, so a range up to 100 means 10000%",
            (*path, "range"),
            severity="warning",
            remedy="shares are fractions: 100% is 1",
        )
    if fact.type == "category" and not fact.values:
        yield document.problem(
            "fact/no-values", "a category needs its values", path, key=True, remedy="add `values: [a, b, …]`"
        )
    if fact.type != "category" and fact.values:
        yield document.problem(
            "fact/values-unused",
            f"`values:` means nothing for the type {fact.type}",
            (*path, "values"),
            key=True,
            severity="warning",
            remedy="declare `type: category`, or remove it",
        )


def _take(parsed: ParsedPack, fact: Fact, path: Path_) -> Iterator[Problem]:
    document = parsed.loaded.document
    wanted: tuple[str, ...] = ()
    if fact.take in YES_NO_TAKES:
        wanted = ("boolean",)
    elif fact.take in COUNTS or fact.take in GROWTHS or fact.take in ("sum", "mean"):
        wanted = NUMERIC
    if wanted and fact.type not in wanted:
        yield document.problem(
            "fact/take-type",
            f"`take: {fact.take}` yields {'yes or no' if wanted == ('boolean',) else 'a number'}, "
            f"but the type is {fact.type}",
            (*path, "take"),
            remedy=f"write `type: {wanted[0]}`, or take something else",
        )
    if fact.take == "best" and not fact.order:
        yield document.problem(
            "fact/no-order", "`take: best` needs `order:`, best first", (*path, "take"), remedy="add `order: [best, …]`"
        )
    elif fact.take == "best" and fact.if_none is None:
        yield document.problem(
            "fact/best-without-none",
            "a company of which no row matches stays missing, not without any",
            (*path, "take"),
            severity="warning",
            remedy="add a value such as `none` to `values:`, and `if_none: none`",
        )
    if fact.order and fact.take != "best":
        yield document.problem(
            "fact/order-unused",
            "`order:` only serves `take: best`",
            (*path, "order"),
            key=True,
            severity="warning",
            remedy="remove it, or write `take: best`",
        )
    if not fact.table and (used := [k for k in ("take", "of", "where", "window") if getattr(fact, k) is not None]):
        yield document.problem(
            "fact/no-table", f"`{used[0]}:` needs a child table", (*path, used[0]), key=True, remedy="add `from: table`"
        )


def _origin(parsed: ParsedPack, fact: Fact, path: Path_) -> Iterator[Problem]:
    """The unit and type of what is taken against those declared."""
    key = "expr" if fact.expr is not None else "of"
    node = parsed.nodes.get((*path, key))
    if node is None or fact.take in (*COUNTS, *YES_NO_TAKES):
        return
    document = parsed.loaded.document
    found = "ratio" if fact.take in GROWTHS else unit_of(node)
    # A quotient of two amounts may stand for months or persons once it is scaled, so a ratio says little.
    if (
        fact.type in NUMERIC
        and _numeric(node)
        and found != "none"
        and fact.unit not in ("none", found)
        and found != "ratio"
    ):
        yield document.problem(
            "unit/mismatch",
            f"the fact is in {fact.unit}, but its value is in {found}",
            (*path, "unit"),
            remedy=f"write `unit: {found}`, or convert the value",
        )
    elif fact.type in NUMERIC and not _numeric(node) and fact.table:
        yield document.problem(
            "fact/take-type",
            f"the type is {fact.type}, but what is taken is a {type_of(node)}",
            (*path, key),
            remedy="take a number, or change the type",
        )


def _numeric(node: Node) -> bool:
    return type_of(node) == "number"


def _if_none(parsed: ParsedPack, fact: Fact, path: Path_) -> Iterator[Problem]:
    value = fact.if_none
    if value is None:
        return
    document = parsed.loaded.document
    remedy = "write true or false" if fact.type == "boolean" else "write a number or a parameter's id"
    fits = isinstance(value, bool) == (fact.type == "boolean")
    if fits and fact.type in NUMERIC and isinstance(value, str):
        fits = value in parsed.numbers
    elif fact.type == "category" and fact.values:
        fits = str(value) in fact.values
        remedy = (
            did_you_mean(str(value), fact.values) or f"add it to `values:`, or use one of: {', '.join(fact.values)}"
        )
    elif fact.type in ("category", "text", "date"):
        remedy = f"write a {'date' if fact.type == 'date' else 'text'}"
    if not fits:
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        yield document.problem(
            "fact/if-none-type",
            f"`if_none: {shown}` is no value of a {fact.type} fact",
            (*path, "if_none"),
            remedy=remedy,
        )
    elif isinstance(value, Quantity) and fact.range is not None and not fact.range[0] <= value.value <= fact.range[1]:
        yield document.problem(
            "fact/outside-range",
            f"`if_none: {value}` lies outside the range",
            (*path, "if_none"),
            remedy="widen the range, or correct the value",
        )


def _parameter(parsed: ParsedPack, parameter_id: str, allowed: tuple[float, float] | None) -> Iterator[Problem]:
    document, value = parsed.loaded.document, parsed.numbers.get(parameter_id)
    if allowed is None or value is None:
        return
    if allowed[0] > allowed[1]:
        yield document.problem(
            "fact/range-inverted",
            f"the range begins at {allowed[0]:g} and ends at {allowed[1]:g}",
            ("parameters", parameter_id, "range"),
            remedy="write [lowest, highest]",
        )
    elif not allowed[0] <= value.value <= allowed[1]:
        yield document.problem(
            "fact/outside-range",
            f"{value} lies outside the allowed range [{allowed[0]:g}, {allowed[1]:g}]",
            ("parameters", parameter_id, "value"),
            remedy="correct the value, or widen the range",
        )
