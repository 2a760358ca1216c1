"""Validation errors of the models -> problems an analyst can act on, at the place in the file."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from screening.errors import Problem, did_you_mean
from screening.rulebook.model import FUNCTION_KINDS, RulePack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from screening.strict_yaml import Document

_EXPECTED: Mapping[str, str] = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number", "bool_type": "true or false",
    "dict_type": "a mapping (key: value)", "tuple_type": "a list", "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)", "int_from_float": "a whole number",
    "date_from_datetime_parsing": "a date like 2024-09-14", "date_parsing": "a date like 2024-09-14",
    "date_type": "a date like 2024-09-14", "dataclass_type": "a number", "dataclass_exact_type": "a number",
}


def located(error: ValidationError, document: Document, root: type[BaseModel] = RulePack) -> list[Problem]:
    """Return one problem per mistake, in file order.

    A failed item also makes its list or union fail; those echoes are dropped.
    """
    details = error.errors(include_url=False)
    problems: list[Problem] = []
    for detail in details:
        if _is_echo(detail, details):
            continue
        problems.append(_problem(detail, document, root))
    return problems


def _is_echo(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    loc = detail["loc"]
    deeper = any(len(d["loc"]) > len(loc) and d["loc"][: len(loc)] == loc for d in details)
    # A union reports each branch: keep the branch that fits best, that is, not the bare "must be a text".
    siblings = [d for d in details if d is not detail and d["loc"][:-1] == loc[:-1] and d["loc"] and loc
                and isinstance(loc[-1], str) and "[" in str(loc[-1])]
    return deeper or (detail["type"] == "string_type" and bool(siblings))


def _problem(detail: ErrorDetails, document: Document, root: type[BaseModel]) -> Problem:
    loc, kind = detail["loc"], detail["type"]
    path = tuple(p for p in loc)
    name = str(loc[-1]) if loc else ""
    given = detail.get("input")
    if kind == "extra_forbidden":
        known = _allowed_keys(root, loc[:-1])
        remedy = did_you_mean(name, known) or f"allowed here: {', '.join(sorted(known)[:14])}"
        return document.problem("schema/unknown-key", f"unknown key '{name}'{_within(loc)}", path, remedy=remedy, key=True)
    if kind == "missing":
        return document.problem("schema/missing-key", f"the key '{name}' is missing{_within(loc)}", path[:-1],
                                remedy=f"add `{name}:`", key=True)
    if kind == "literal_error":
        expected = [e.strip().strip("'") for e in str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ",").split(",")]
        remedy = did_you_mean(str(given), expected) or f"use one of: {', '.join(expected)}"
        return document.problem("schema/not-allowed", f"'{given}' is not allowed for '{name}'", path, remedy=remedy)
    if kind == "value_error":
        said = str(detail["msg"]).removeprefix("Value error, ")
        return document.problem("schema/incomplete", said, path, remedy="", key=True)
    if kind == "string_type" and isinstance(given, int | float) and not isinstance(given, bool):
        return document.problem("schema/text-needed", f"'{name}' must be text, but {given} is read as a number", path,
                                remedy=f"put it in quotes: \"{given}\" (codes lose leading zeros otherwise)")
    expected_text = _EXPECTED.get(kind)
    if expected_text:
        return document.problem("schema/wrong-type", f"'{_last_name(loc)}' must be {expected_text}, not {_shown(given)}", path,
                                remedy=f"write {expected_text}")
    return document.problem("schema/invalid", f"'{_last_name(loc)}': {detail['msg']} (got {_shown(given)})", path)


def _last_name(loc: Sequence[str | int]) -> str:
    names = [p for p in loc if isinstance(p, str) and "[" not in p and p not in FUNCTION_KINDS]
    return names[-1] if names else "this value"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _within(loc: Sequence[str | int]) -> str:
    parents = [str(p) for p in loc[:-1] if not (isinstance(p, str) and p in FUNCTION_KINDS)]
    return f" in '{'.'.join(parents)}'" if parents else ""


def _allowed_keys(root: type[BaseModel], loc: Sequence[str | int]) -> set[str]:
    current: Any = root
    for part in loc:
        current = _step(current, part)
        if current is None:
            return set()
    models = _models(current)
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _step(current: Any, part: str | int) -> Any:
    for model in _models(current):
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
    if isinstance(part, str) and part in FUNCTION_KINDS and FUNCTION_KINDS[part] in _models(current):
        return FUNCTION_KINDS[part]
    for option in _options(current):
        origin = typing.get_origin(option)
        arguments = typing.get_args(option)
        if origin is dict and isinstance(part, str):
            return arguments[1]
        if origin is tuple and isinstance(part, int):
            return arguments[0]
    return current if isinstance(part, str) else None


def _options(annotation: Any) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [option for argument in typing.get_args(annotation) for option in _options(argument)]
    return [annotation]


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [o for o in _options(annotation) if isinstance(o, type) and issubclass(o, BaseModel)]
