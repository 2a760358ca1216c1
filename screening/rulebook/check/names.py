"""Names: one word, one meaning, wherever expressions and result columns can meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.expression import FUNCTIONS, names
from screening.expression.words import KEYWORDS
from screening.rulebook.scope import AS_OF, CLASSIFIED, PLACED, TOTALS, Path_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.model import RulePack
    from screening.rulebook.scope import ParsedPack

RESERVED = frozenset((AS_OF.id, "entity_kind", "company_id", "deduction", *CLASSIFIED, *PLACED, *TOTALS))
"""Names that the engine itself gives values to."""


def check_names(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield ids that cannot be told apart, or cannot be written in an expression.

    Facts, parameters, stage axes and pillars are names of expressions, criteria of the verdict's only; gates, criteria,
    deductions and pillars name columns of the result, where facts and axes stand too. A parameter has no column, so a
    criterion may share its name as long as the verdict does not ask for it.
    """
    document = parsed.loaded.document
    columns: dict[str, Path_] = {}
    asked = frozenset[str]().union(*(names(node) for path, node in parsed.nodes.items() if path[0] == "verdict"))
    for kind, id_, path in _named(parsed.pack):
        in_expressions = kind not in ("gate", "deduction")
        if in_expressions and id_.lower() in KEYWORDS | set(FUNCTIONS):
            yield document.problem(
                "name/not-a-word",
                f"'{id_}' is a word of the expression language",
                path,
                key=True,
                remedy=f"add a word, such as {id_}_{kind.split()[-1]}",
            )
        if kind in ("pillar", "criterion") and (id_ in PLACED or id_ in parsed.pack.parameters):
            if id_ in asked:
                yield document.problem(
                    "name/shadowed",
                    f"inside `verdict:` '{id_}' means this {kind}, elsewhere something else",
                    path,
                    key=True,
                    severity="warning",
                    remedy=f"rename the {kind}, so that nobody takes one for the other",
                )
        elif id_ in RESERVED:
            yield document.problem(
                "name/reserved",
                f"'{id_}' is a name of the engine's own, so no {kind} may be called so",
                path,
                key=True,
                remedy=f"add a word, such as {id_}_{kind.split()[-1]}",
            )
        first = columns.get(id_)
        if first is not None and not _apart(first, path):
            yield document.problem(
                "name/used-twice",
                f"the {kind} '{id_}' has the name of another rule or fact",
                path,
                key=True,
                remedy=f"rename one; the other stands at {document.position(first, key=True)}",
            )
        columns.setdefault(id_, path)
    yield from _renamed(parsed)


def _apart(one: Path_, other: Path_) -> bool:
    """A parameter beside a rule: the first is only a name of expressions, the second only of columns."""
    kinds = {_space(one), _space(other)}
    return "parameter" in kinds and "rule" in kinds


def _space(path: Path_) -> str:
    if path[0] == "parameters":
        return "parameter"
    return "rule" if path[0] in ("gates", "deductions") or (path[0] == "criteria" and len(path) == 6) else "name"


def _named(pack: RulePack) -> Iterator[tuple[str, str, Path_]]:
    for kind, section in (("parameter", "parameters"), ("fact", "facts"), ("stage axis", "stages")):
        for id_ in getattr(pack, section):
            yield kind, id_, (section, id_)
    for half_id, half in pack.criteria.items():
        for pillar_id in half.pillars:
            yield "pillar", pillar_id, ("criteria", half_id, "pillars", pillar_id)
    for gate_id in pack.gates:
        yield "gate", gate_id, ("gates", gate_id)
    for half_id, pillar_id, criterion_id, _ in pack.criteria_of():
        yield "criterion", criterion_id, ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
    for item_id in pack.deductions.items if pack.deductions else ():
        yield "deduction", item_id, ("deductions", "items", item_id)


def _renamed(parsed: ParsedPack) -> Iterator[Problem]:
    """An earlier id of a rule must not be the id of another rule of its section."""
    pack = parsed.pack
    for section in ("parameters", "facts", "gates", "measures", "targets"):
        rules = getattr(pack, section)
        for rule_id, rule in rules.items():
            for number, old in enumerate(rule.replaces):
                if old in rules:
                    yield parsed.loaded.document.problem(
                        "name/still-used",
                        f"'{old}' is said to be an earlier id of '{rule_id}', but it still exists",
                        (section, rule_id, "replaces", number),
                        remedy="remove it from `replaces:`, or remove the old rule",
                    )
