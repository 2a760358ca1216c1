"""Arguments are held to what a call states before it starts: one look at its annotations, for every call of the API."""

from __future__ import annotations

import ast
import collections.abc
import functools
import importlib
import inspect
import typing
from typing import Any, TypeVar

from screening.errors import Problem, RunError
from screening.translation import told

T = TypeVar("T")

_ALIASES = {"Lang": "screening.translation", "TermKind": "screening.rulebook.lexicon"}
"""Names of closed lists of words, and where they stand."""
_LONGEST = 80


def holding(thing: T) -> T:
    """Return a function, or a class with all that it offers, that refuses what its annotations do not allow. Raises RunError."""
    if not inspect.isclass(thing):
        return _held(thing) if inspect.isfunction(thing) else thing
    for name, offered in list(vars(thing).items()):
        if inspect.isfunction(offered) and (name == "__init__" or not name.startswith("_")):
            setattr(thing, name, _held(offered))
    return thing


def _held(function: Any) -> Any:
    @functools.cache
    def stated() -> tuple[inspect.Signature, dict[str, ast.expr]]:
        signature = inspect.signature(function)
        texts = {name: parameter.annotation for name, parameter in signature.parameters.items()}
        return signature, {n: ast.parse(t, mode="eval").body for n, t in texts.items() if isinstance(t, str)}

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        signature, annotations = stated()
        # Whoever leaves out an argument, or gives one too many, is told so by Python in its own words.
        given = signature.bind(*args, **kwargs).arguments
        problems = [
            _refusal(function.__qualname__.removesuffix(".__init__"), name, value, annotations[name])
            for name, value in given.items()
            if name in annotations
            and (not _fits(value, annotations[name]) or _lacks(value, signature.parameters[name], function))
        ]
        if problems:
            error = RunError(problems)
            error.args = ("\n".join(f"{';'.join(told(p, 'zh'))}\n{p.message}; {p.remedy}" for p in problems),)
            raise error
        return function(*args, **kwargs)

    return call


def _lacks(value: object, parameter: inspect.Parameter, function: Any) -> bool:
    """Tell whether nothing is given where something must be: nobody to write of, nothing to compare."""
    asks = function.__name__ != "__init__" and "Sequence[" in parameter.annotation
    needed = asks and parameter.default is parameter.empty
    return needed and _is_sequence(value) and not value


def _refusal(call: str, name: str, value: object, annotation: ast.expr) -> Problem:
    said, words = repr(value), ast.unparse(annotation)
    for alias in _ALIASES.keys() & {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}:
        words = words.replace(alias, " | ".join(map(repr, _words(alias))))
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    return Problem("api/argument", f"'{name}' of {call}() is {said}", remedy=f"give: {words}")


def _words(alias: str) -> tuple[str, ...]:
    return typing.get_args(getattr(importlib.import_module(_ALIASES[alias]), alias))


def _fits(value: object, annotation: ast.expr) -> bool:
    """Tell whether a value is what an annotation says. Nothing is imported to know it: of a class that is not loaded there is no object."""
    match annotation:
        case ast.BinOp(left, ast.BitOr(), right):
            return _fits(value, left) or _fits(value, right)
        case ast.Constant(None):
            return value is None
        case ast.Subscript(ast.Name("Literal"), words):
            return value in ast.literal_eval(words) if isinstance(words, ast.Tuple) else False
        case ast.Subscript(ast.Name("Sequence" | "tuple" | "list"), inner):
            first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
            return _is_sequence(value) and all(_fits(each, first) for each in typing.cast("Any", value))
        case ast.Subscript(ast.Name("Mapping"), _):
            return isinstance(value, collections.abc.Mapping)
        case ast.Name("Any" | "object"):
            return True
        case ast.Name("Progress"):
            return callable(value)
        case ast.Name(name) if name in _ALIASES:
            return value in _words(name)
        case ast.Name("int"):
            return hasattr(value, "__index__") and not isinstance(value, bool)
        case ast.Name("Decimal"):
            return _is_of("Decimal", value) or type(value) is int
        case ast.Attribute(_, "date"):
            # A moment is a date to Python; the day that it falls on depends on a zone.
            return _is_of("date", value) and not _is_of("datetime", value)
        case ast.Name(name) | ast.Attribute(_, name):
            return _is_of(name, value)
    return True


def _is_of(name: str, value: object) -> bool:
    return any(kind.__name__ == name for kind in type(value).__mro__)


def _is_sequence(value: object) -> bool:
    return isinstance(value, collections.abc.Sequence) and not isinstance(value, str | bytes)
