"""What a rule rests on: it says so, its quote bears it, and numbers of the plan stand in the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from screening.expression import Literal, walk
from screening.quantity import Quantity
from screening.rulebook.ground import Rule, Source, parts
from screening.rulebook.scope import Path_, bounds, functions
from screening.rulebook.sources import fold, sources
from screening.strict_yaml import leaves, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack

SHORTEST_QUOTE = 4
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_SCALES = (1.0, 12.0, 100.0, 1e4, 1e8, 1 / 12, 0.01)
"""A quote may say years for months, percent for shares, 万 and 亿 for yuan."""
_RULES = frozenset("parameters stages gates criteria deductions verdict measures targets ladder".split())  # noqa: SIM905
"""Sections whose numbers are those of their source."""
_PRESENCE = (0.0, 1.0)
"""None and one: whether there is any. The plan need not write them."""


def check_grounds(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield rules without a ground, quotes too short to bear a rule, and numbers that the plan does not hold."""
    document, pack = parsed.loaded.document, parsed.pack
    for path, source in sources(pack):
        if not source.document and len(fold(source.quote)) < SHORTEST_QUOTE:
            yield document.problem(
                "source/quote-too-short",
                f"the quote '{source.quote}' is too short to bear a rule",
                (*path, "quote"),
                remedy="quote the words with the verb and the object",
            )
    for path, rule in _rules(pack):
        if rule.source is None or rule.source.document or rule.set_by is not None:
            continue
        said = _numbers_of(
            rule.source, pack.clauses[rule.source.clause].opening if rule.source.clause in pack.clauses else ""
        )
        for place, number in _numbers(parsed, path):
            if number not in _PRESENCE and not any(abs(number - n * scale) < 1e-9 for n in said for scale in _SCALES):
                yield document.problem(
                    "policy/number-not-in-plan",
                    f"the plan's clause {rule.source.clause} does not say {number:g}",
                    place,
                    severity="warning",
                    remedy="write `set_by: fund` if the number is the fund's own, or cite its document",
                )
                break
    yield from _same_opening(parsed)


def _rules(pack: RulePack) -> Iterator[tuple[Path_, Rule]]:
    for path, part in parts(pack):
        if isinstance(part, Rule) and path[0] in _RULES:
            yield path, part


def _numbers(parsed: ParsedPack, path: Path_) -> Iterator[tuple[Path_, float]]:
    """Yield the numbers of a rule: in conditions and bounds, its value, its points. Parameters carry their own ground."""
    data = value_at(parsed.loaded.document.data, path)
    for place, text in leaves(data, path):
        node = parsed.nodes.get(place)
        if node is None or not isinstance(text, str):
            continue
        written = {float(n) for n in _DIGITS.findall(text)}
        for leaf in walk(node):
            if isinstance(leaf, Literal) and isinstance(leaf.value, float) and leaf.value in written:
                yield place, leaf.value
    if path[0] == "targets":
        yield (*path, "value"), float(data["value"])
    if path[0] == "parameters" and isinstance(quantity := parsed.pack.parameters[str(path[1])].value, Quantity):
        yield (*path, "value"), quantity.value
    if path[0] in ("criteria", "deductions"):
        yield from _scored_numbers(parsed, path)


def _scored_numbers(parsed: ParsedPack, path: Path_) -> Iterator[tuple[Path_, float]]:
    rule: Any = parsed.pack
    for part in path:
        rule = rule[part] if isinstance(rule, dict) else getattr(rule, str(part))
    for inner_path, function in functions(rule.score, (*path, "score")):
        for place, bound in bounds(function, inner_path):
            if isinstance(bound, Quantity):
                yield place, bound.value
    data = value_at(parsed.loaded.document.data, path)
    for place, value in leaves(data.get("score", {}), (*path, "score")):
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield place, float(value)


def _numbers_of(source: Source, opening: str) -> set[float]:
    """Return the numbers that a quote, or its clause by its id and opening words, says in digits or in Chinese."""
    text = fold(f"{source.quote} {opening} {source.clause}")
    found = {float(n) for n in _DIGITS.findall(text)}
    for run in re.findall(r"[零一二两三四五六七八九十百千]+", text):
        found.add(float(_han(run)))
    return found


def _han(run: str) -> int:
    """Return a small Chinese numeral.

    >>> _han("二十"), _han("三百零五"), _han("十二")
    (20, 305, 12)
    """
    total, digit = 0, 0
    for sign in run:
        if sign in _HAN:
            digit = _HAN[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit


def _same_opening(parsed: ParsedPack) -> Iterator[Problem]:
    for key in ("opening", "alias"):
        seen: dict[str, str] = {}
        for clause_id, clause in parsed.pack.clauses.items():
            value = fold(getattr(clause, key))
            if value and (other := seen.setdefault(value, clause_id)) != clause_id:
                yield parsed.loaded.document.problem(
                    "source/same-clause",
                    f"clauses '{other}' and '{clause_id}' have the same {key}",
                    ("clauses", clause_id, key),
                    remedy="write more of the opening words" if key == "opening" else "each alias once",
                )
