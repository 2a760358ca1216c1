"""What the dataset lacks that rules need: which rule, which column or table, and what still works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.rulewords import names
from screening.engine.inputs import MAIN
from screening.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.engine.inputs import Inputs
    from screening.rulebook.program import Program, Rule
    from screening.rulebook.scope import ParsedPack

_SHOWN = 6
_TOLD = ("entity_kind",)
"""Columns that intake tells from others."""


def gaps(parsed: ParsedPack, inputs: Inputs) -> list[Problem]:
    """Return one notice per missing table or column with the rules that wait for it."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for rule in parsed.program.rules.values():
        if rule.kind in ("gate", "criterion") and rule.in_force:
            for source in _lacking(rule, parsed.program, inputs):
                waiting.setdefault(source, []).append(rule.id)
    known = {lang: names(parsed.pack, lang) for lang in ("zh", "en")}
    missing = [_notice(table, column, rules, known) for (table, column), rules in sorted(waiting.items())]
    return [*missing, *_unfilled(parsed)]


def _unfilled(parsed: ParsedPack) -> list[Problem]:
    """Return one notice per slot that no pack fills: its points are open, or it plays no part."""
    return [
        Problem(
            "pack/slot-unfilled",
            f"the slot '{pillar_id}' is not filled: its points are open",
            remedy="fill it in a pack that extends this one",
            severity="notice",
            details=(("slot", pillar.label.zh), ("id", pillar_id)),
        )
        for half in parsed.pack.criteria.values()
        for pillar_id, pillar in half.pillars.items()
        if pillar.slot and not pillar.criteria
    ]


def _notice(table: str, column: str, rules: list[str], known: Mapping[str, Mapping[str, str]]) -> Problem:
    source, shown, more = f"{table}.{column}" if column else table, rules[:_SHOWN], len(rules) - _SHOWN
    zh, en = (
        [*(called.get(rule, rule) for rule in shown), *([f"+{more}"] if more > 0 else [])] for called in known.values()
    )
    return Problem(
        "data/not-collected",
        f"the data have no {'column' if column else 'table'} '{source}'; not decided without it: {'; '.join(en)}",
        remedy="add it to the dataset; everything else works and these points stay open",
        severity="notice",
        details=(
            ("source", source),
            ("count", str(len(rules))),
            ("rules", ",".join([*shown, *(["…"] if more > 0 else [])])),
            ("rules_zh", "".join(f"“{name}”" for name in zh)),
        ),
    )


def _lacking(rule: Rule, program: Program, inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """Return (table, column) that a rule rests on and that the dataset lacks; column empty: the whole table.

    What a company does and where it is can be told from any of several columns: none of them is waited for.
    """
    found: dict[tuple[str, str], None] = {}
    for source in program.sources(rule.key, ("fact", "axis")):
        table, _, column = source.partition(".")
        if not inputs.has_table(table):
            found[table, ""] = None
        elif table == MAIN and column not in _TOLD and not inputs.has_column(table, column):
            found[table, column] = None
    return tuple(found)
