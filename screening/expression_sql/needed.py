"""A chain of statements with only the columns that its last one reads: what no one asks for is neither bound nor planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIALECT = "duckdb"
_WHOLE = ("distinct", "group", "having", "qualify")
"""Parts of a SELECT that make the rows depend on which columns there are."""


def needed(parts: Mapping[str, str], last: str, key: str) -> tuple[str, frozenset[str]]:
    """Return one statement, `last` over `parts`, each of which may read those before it by name; and every column read anywhere in it.

    A column is known by its bare name, wherever it stands: one that is kept needlessly harms nobody. The column `key` is kept everywhere.
    """
    statement = parse_one(last, dialect=_DIALECT)
    assert isinstance(statement, exp.Query)
    read = {key, *_named([statement])}
    kept: list[tuple[str, exp.Expr]] = []
    for name, sql in reversed([*parts.items()]):
        tree = parse_one(sql, dialect=_DIALECT)
        _narrow(tree, read)
        kept.append((name, tree))
    for name, tree in reversed(kept):
        statement = statement.with_(exp.TableAlias(this=exp.to_identifier(name, quoted=True)), as_=tree, copy=False)
    return statement.sql(_DIALECT, copy=False, comments=False), frozenset(read)


def _narrow(tree: exp.Expr, read: set[str]) -> None:
    """Take from a statement and its layers, the last first, what nobody has read so far; add what they read themselves."""
    if not isinstance(tree, exp.Select) or any(tree.args.get(each) for each in _WHOLE):
        read.update(_named([tree]))
        return
    told = [e for e in tree.expressions if e.is_star or e.alias_or_name in read]
    tree.set("expressions", told)
    beside = [part for name, part in tree.args.items() if name not in ("with_", "expressions")]
    read.update(_named([*told, *(each for part in beside for each in (part if isinstance(part, list) else [part]))]))
    for cte in reversed(tree.ctes):
        _narrow(cte.this, read)


def _named(parts: Iterable[object]) -> set[str]:
    found = [node for part in parts if isinstance(part, exp.Expr) for node in part.find_all(exp.Column, exp.Join)]
    joined = [each for node in found if isinstance(node, exp.Join) for each in node.args.get("using") or ()]
    return {each.name for each in (*joined, *(node for node in found if isinstance(node, exp.Column)))}
