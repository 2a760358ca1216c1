"""Validation errors of the models -> problems an analyst can act on, at the place in the file.

A validator reports every branch of a union and every consequence of a slip. Here each slip is told once: the branch that
the analyst meant is kept, and what only follows from a typing slip or a wrong indent is dropped.
"""

from __future__ import annotations

import itertools
import re
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from screening.errors import Problem, did_you_mean, nearest
from screening.quantity import Quantity, parse_quantity
from screening.rulebook.earlier import today
from screening.rulebook.functions import FUNCTION_KINDS, Threshold
from screening.rulebook.model import RulePack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from screening.strict_yaml import Document

    Path_ = tuple[str | int, ...]

_EXPECTED: dict[str, str] = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "date_type": "a date like 2024-09-14",
    "date_parsing": "a date like 2024-09-14",
    "date_from_datetime_parsing": "a date like 2024-09-14",
    "date_from_datetime_inexact": "a date like 2024-09-14",
}
_KIND_KEYS = tuple(kind for kind in FUNCTION_KINDS if kind not in ("line", "threshold"))
_QUANTITY = "a number, a number with its unit (5%, 500万元) or the id of a parameter"
_MOST_NAMES = 14
_BRANCH = re.compile(r"[\w.,-]+\[.*\]", re.DOTALL)
_SCALES = "十百千万亿%％‰"
"""Signs that make a number another one: its digits alone would be wrong."""
MOST_TOLD = 500
"""A file with more mistakes than this was not written by a person."""
_HARMLESS = frozenset(
    ("yaml/duplicate-key", "yaml/duplicate-id", "yaml/number", "pack/list", "yaml/key", "pack/nothing-to-remove")
)
"""Problems of reading that leave the rest of the file readable."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One report of the validator: its place in the file, the model it stands in, and what was expected there."""

    path: Path_
    kind: str
    given: Any
    detail: ErrorDetails
    owner: type[BaseModel] | None
    expected: Any

    @property
    def name(self) -> str:
        return str(self.path[-1]) if self.path else ""

    @property
    def parent(self) -> Path_:
        return self.path[:-1]


def located(error: ValidationError, document: Document, root: type[BaseModel] = RulePack) -> list[Problem]:
    """Return one problem per mistake, in file order.

    A section is not called missing where a file could not be read: it may well stand in that file.
    """
    found = [_found(detail, root) for detail in error.errors(include_url=False)]
    told = _without_echoes(_without_consequences(found, document))
    if is_unread(document):
        told = [f for f in told if f.kind != "missing" or f.parent]
    shown = told[:MOST_TOLD]
    problems = [*_missing(shown, document), *(_problem(f, document, root) for f in shown if f.kind != "missing")]
    if len(told) > MOST_TOLD:
        problems.append(
            document.problem(
                "schema/too-many",
                f"{len(told) - MOST_TOLD:,} more mistakes of form are not listed",
                told[MOST_TOLD].path,
                remedy="mend the first ones, then check again",
            )
        )
    return problems


def is_unread(document: Document) -> bool:
    """True when some file of the document could not be read as a whole."""
    return any(
        p.code.startswith(("yaml/", "pack/")) and p.code not in _HARMLESS for p in document.problems if p.is_error
    )


def faults(error: ValidationError, root: type[BaseModel] = RulePack) -> list[tuple[Path_, bool]]:
    """Return the path of everything that the validator refused, and whether only an unknown key stands there."""
    return [(f.path, f.kind == "extra_forbidden") for f in (_found(d, root) for d in error.errors(include_url=False))]


# --- where a report stands -------------------------------------------------------------------------------------------


def _found(detail: ErrorDetails, root: type[BaseModel]) -> _Found:
    """Follow the validator's path along the types: it adds tags of unions, which stand in no file."""
    path: list[str | int] = []
    owner: type[BaseModel] | None = None
    current: Any = root
    for part in detail["loc"]:
        options = _options(current)
        if isinstance(part, str) and len(options) > 1 and FUNCTION_KINDS.get(part) in options:
            current = FUNCTION_KINDS[part]
            continue
        child, holder = _child(options, part)
        if child is None and _is_tag(part, options):
            continue
        path.append(part)
        owner, current = holder, child
    if "key" in detail.get("ctx", {}):
        path.append(detail["ctx"]["key"])
    return _Found(tuple(path), detail["type"], detail.get("input"), detail, owner, current)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model. Only here are the types that it names before they stand looked up: a sound pack needs them not."""
    model.model_rebuild()
    return model.model_fields


def _child(options: Iterable[Any], part: str | int) -> tuple[Any, type[BaseModel] | None]:
    """Return the type of what stands under `part`, and the model that holds it."""
    for option in options:
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, field in _fields(option).items():
                if part in (field.alias or name, name):
                    return field.annotation, option
            if isinstance(part, str):
                return None, option
        arguments = typing.get_args(option)
        if typing.get_origin(option) is dict and isinstance(part, str) and not _is_tag(part, [option]):
            return arguments[1], None
        if typing.get_origin(option) is tuple and isinstance(part, int):
            return arguments[0] if Ellipsis in arguments else arguments[min(part, len(arguments) - 1)], None
    return None, None


def _is_tag(part: str | int, options: Iterable[Any]) -> bool:
    """True for the names that the validator gives to the branches of a union: `float`, `dict[str,float]`, `Quantity`."""
    return isinstance(part, str) and (
        _BRANCH.fullmatch(part) is not None
        or part in {getattr(o, "__name__", "") for o in options} | {"str", "float", "int", "bool"}
    )


def _options(annotation: Any) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [option for argument in typing.get_args(annotation) for option in _options(argument)]
    return [] if annotation is None else [annotation]


# --- what is told ----------------------------------------------------------------------------------------------------


def _without_consequences(found: Sequence[_Found], document: Document) -> list[_Found]:
    """Drop what follows from another slip: the key that a misspelt or badly indented key was meant to be."""
    unknown = [f for f in found if f.kind == "extra_forbidden"]
    misspelt: dict[Path_, list[str]] = {}
    for f in unknown:
        misspelt.setdefault(f.parent, []).append(f.name)
    meant_for = _entries_before([*unknown, *filter(_is_stray_entry, found)], document)
    misread = {f.parent: f for f in unknown if f.owner is Threshold and _meant_kind(f)}
    kept: list[_Found] = []
    for f in found:
        above = [f.path[:length] for length in range(len(f.path))]
        cause = next((misread[path] for path in above if path in misread), None)
        if cause is not None and cause is not f:
            continue
        if f.kind == "missing" and (
            any(nearest(name, [f.name]) for name in misspelt.get(f.parent, ()))
            or any((path, f.name) in meant_for for path in above)
        ):
            continue
        kept.append(f)
    return kept


def _entries_before(strays: Iterable[_Found], document: Document) -> set[tuple[Path_, str]]:
    """Return, for each stray key, the entry that stands just above it and the key that this entry lacks."""
    above: dict[Path_, dict[str, str]] = {}
    result: set[tuple[Path_, str]] = set()
    for stray in strays:
        if stray.parent not in above:
            beside: Any = document.data
            for part in stray.parent:
                beside = beside.get(part) if isinstance(beside, dict) else None
            above[stray.parent] = (
                {after: before for before, after in itertools.pairwise(beside)} if isinstance(beside, dict) else {}
            )
        if stray.name in above[stray.parent]:
            result.add(((*stray.parent, above[stray.parent][stray.name]), stray.name))
    return result


def _is_stray_entry(found: _Found) -> bool:
    """A key of an entry that stands beside the entries: its value is no mapping, and its name is a key of theirs."""
    models = [o for o in _options(found.expected) if isinstance(o, type) and issubclass(o, BaseModel)]
    return found.kind == "model_type" and any(found.name in _keys(model) for model in models)


def _meant_kind(found: _Found) -> str | None:
    """A function without a known key is read as a threshold; a misspelt `bands` tells what was meant."""
    return None if nearest(found.name, _keys(Threshold)) else nearest(found.name, [*_KIND_KEYS, "to"])


def _without_echoes(found: Sequence[_Found]) -> list[_Found]:
    """Of several reports of one place (branches of a union) keep one; of a branch that goes deeper, the deeper."""
    result: list[_Found] = []
    branched = {f.path[:length] for f in found for length in range(len(f.path))}
    by_path: dict[Path_, list[_Found]] = {}
    for f in found:
        by_path.setdefault(f.path, []).append(f)
    for path, here in by_path.items():
        if path in branched and all(f.kind in _EXPECTED or f.kind.startswith("dataclass") for f in here):
            continue
        result.append(
            next((f for f in here if f.kind not in ("string_type", "dataclass_exact_type", "dataclass_type")), here[0])
        )
    return result


# --- the messages ----------------------------------------------------------------------------------------------------


def _missing(found: Sequence[_Found], document: Document) -> list[Problem]:
    """One message for all keys that one entry lacks."""
    by_parent: dict[Path_, list[str]] = {}
    for f in found:
        if f.kind == "missing":
            by_parent.setdefault(f.parent, []).append(f.name)
    problems = []
    for parent, names in by_parent.items():
        listed = ", ".join(f"'{n}'" for n in names)
        if names[0].isdigit():
            problems.append(
                document.problem(
                    "schema/wrong-type",
                    f"a pair needs two values{_within(parent)}",
                    parent,
                    remedy="write [value, points] or [lowest, highest]",
                )
            )
            continue
        what = f"the key {listed} is missing" if len(names) == 1 else f"the keys {listed} are missing"
        problems.append(
            document.problem(
                "schema/missing-key",
                f"{what}{_within(parent)}",
                parent,
                key=True,
                remedy=f"add {', '.join(f'`{n}:`' for n in names)}",
            )
        )
    return problems


def _problem(found: _Found, document: Document, root: type[BaseModel]) -> Problem:
    name, path, given = _last_name(found.path), found.path, found.given
    if found.kind == "extra_forbidden" and (now := today(found.path, given)):
        return document.problem(
            "schema/moved-key",
            f"'{found.name}' is a key of an earlier form",
            path,
            key=True,
            remedy=now,
        )
    if found.kind == "extra_forbidden":
        return document.problem(
            "schema/unknown-key",
            f"unknown key '{found.name}'{_within(found.parent)}",
            path,
            key=True,
            remedy=_key_remedy(found, root),
        )
    if _is_stray_entry(found):
        return document.problem(
            "schema/wrong-indent",
            f"'{found.name}' stands as an entry of '{found.parent[-1] if found.parent else 'the file'}'",
            path,
            key=True,
            remedy="indent it below the entry it belongs to, like the keys beside it",
        )
    if found.kind == "not_an_id":
        return document.problem(
            "name/not-an-id",
            f"{_shown(given if isinstance(given, str) else found.name)} is no id: {found.detail['msg']}",
            path,
            key=True,
            remedy="use letters of any script, digits and _, beginning with a letter, that no other name has",
        )
    if found.kind == "literal_error":
        allowed = _allowed_values(found)
        return document.problem(
            "schema/not-allowed",
            f"'{given}' is not allowed for '{name}'",
            path,
            remedy=did_you_mean(str(given), allowed) or f"use one of: {', '.join(allowed)}",
        )
    if found.kind == "value_error":
        return document.problem(
            "schema/incomplete",
            str(found.detail["msg"]).removeprefix("Value error, "),
            path,
            key=True,
            remedy=f"see '{name}' in the rules reference",
        )
    if found.kind == "string_type" and isinstance(given, int | float) and not isinstance(given, bool):
        return document.problem(
            "schema/text-needed",
            f"'{name}' must be text, but {given} is read as a number",
            path,
            remedy=f'put it in quotes: "{given}" (unquoted codes and versions lose zeros)',
        )
    expected = _expected(found)
    if expected:
        return document.problem(
            "schema/wrong-type",
            f"'{name}' must be {expected}, not {_shown(given)}",
            path,
            remedy=(_number_remedy(given) if found.kind in ("float_type", "int_type") else "") or f"write {expected}",
        )
    if found.kind in ("too_long", "too_short"):
        context = found.detail.get("ctx", {})
        return document.problem(
            "schema/wrong-length",
            f"'{name}' has {context.get('actual_length', len(given))} values, not "
            f"{context.get('max_length', context.get('min_length', ''))}",
            path,
            remedy="check the list",
        )
    return document.problem(
        "schema/invalid",
        f"'{name}': {str(found.detail['msg'])[:1].lower()}{str(found.detail['msg'])[1:]}, not {_shown(given)}",
        path,
        remedy=f"see '{name}' in the rules reference",
    )


def _key_remedy(found: _Found, root: type[BaseModel]) -> str:
    known = _keys(found.owner) if found.owner is not None else set()
    if found.owner is Threshold:
        kind = _meant_kind(found)
        return (
            f"did you mean '{kind}'?"
            if kind
            else did_you_mean(found.name, known)
            or (f"a scoring function has one of: {', '.join((*_KIND_KEYS, 'at_least'))}")
        )
    if any(sign in found.name for sign in "“”‘’"):
        return '“ ” ‘ ’ are no quotes to YAML: type " with the Chinese input off'
    remedy = did_you_mean(found.name, known)
    if not remedy and found.owner is root and found.name in _nested_keys(root):
        return "it belongs inside an entry: indent it like the keys beside it"
    listed = sorted(known)
    return remedy or f"allowed here: {', '.join(listed[:_MOST_NAMES])}{', …' if len(listed) > _MOST_NAMES else ''}"


def _nested_keys(root: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    for field in _fields(root).values():
        for option in _options(field.annotation):
            for inner in [option, *typing.get_args(option)]:
                for model in _options(inner):
                    if isinstance(model, type) and issubclass(model, BaseModel):
                        keys |= _keys(model)
    return keys


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in _fields(model).items()}


def _allowed_values(found: _Found) -> list[str]:
    for option in _options(found.expected):
        if typing.get_origin(option) is typing.Literal:
            return [str(value) for value in typing.get_args(option)]
    said = str(found.detail.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in said.replace(" or ", ",").split(",")]


def _expected(found: _Found) -> str:
    options = _options(found.expected)
    if Quantity in options:
        return _QUANTITY
    if float in options and any(typing.get_origin(o) is dict for o in options):
        return "a number, or a number for each track"
    return _EXPECTED.get(found.kind, "")


def _number_remedy(given: Any) -> str:
    """A text where a plain number belongs, such as `10分`, `10,0` or `1亿元`."""
    quantity = parse_quantity(given) if isinstance(given, str) else None
    if quantity is not None:
        return f"write {f'{quantity.value:.10f}'.rstrip('0').rstrip('.')}, without unit or quotes"
    digits = (
        "".join(itertools.takewhile(lambda c: c.isdigit() or c == ".", given.strip())) if isinstance(given, str) else ""
    )
    scaled = digits and any(sign in given for sign in _SCALES)
    return f"write {digits}, without unit or quotes" if digits and not scaled else ""


def _last_name(path: Path_) -> str:
    names = [p for p in path if isinstance(p, str)]
    return names[-1] if names else "this value"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _within(path: Path_) -> str:
    return f" in '{'.'.join(str(p) for p in path)}'" if path else ""
