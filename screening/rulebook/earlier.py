"""Keys of earlier forms of a pack: what stands in their place today. Told where one is still written; `screen migrate` rewrites them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.strict_yaml import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.strict_yaml import Document

Path_ = tuple[str | int, ...]

Renamed = list[tuple[Path_, str | None]]
"""The path of a key in an earlier form, and its name today; None: it is left out."""

OWN = "set_by"
_CLASSIFICATION = "classification"
_STANDING = {
    ("lead", "factor"): "leading",
    ("lead", "items"): "items",
    ("opening", "within"): "opening",
    ("opening", "fields"): "prose",
    ("opening", "beyond"): "beyond",
    ("opening", "statements"): "statements",
    ("opening", "repeated"): "repeated",
}
"""What was said of leading items and of openings stands in `classification.standing`."""
_WITHOUT_SUCCESSOR = (
    ("dilution",),
    ("lead", "within"),
    ("thresholds", "told"),
    ("thresholds", "thin"),
    ("thresholds", "corroborated"),
    ("thresholds", "second_share"),
)
"""Texts are read item by item now (docs/classification.md): nothing is thinned out, and no grade has a second threshold."""


def today(path: Path_, value: Any) -> str:
    """Return what to write in place of a key, empty where it is no key of an earlier form.

    >>> today(("gates", "x", "basis"), "fund")
    'write `set_by: fund`; `screen migrate PACK` rewrites it'
    >>> today(("classification", "fields"), {})
    ''
    """
    if path[-1:] == ("basis",) and value in ("plan", "document", "fund"):
        if value == "fund":
            return "write `set_by: fund`; `screen migrate PACK` rewrites it"
        return (
            "leave it out: a number that is not the fund's own is that of `source:`; `screen migrate PACK` rewrites it"
        )
    if path[:1] == (_CLASSIFICATION,):
        if path[1:] in (("lead",), ("opening",)):
            return "write it in `classification.standing`; `screen migrate PACK` rewrites it"
        if path[1:] in _WITHOUT_SUCCESSOR:
            return "leave it out: texts are read item by item now, see docs/classification.md; `screen migrate PACK` rewrites it"
    return ""


def renewed(document: Document) -> tuple[Renamed, dict[str, Any]]:
    """Rewrite the data of a document; return the keys with their new name (None: left out), and the `standing` that was made."""
    changes: Renamed = []
    for path, holder in list(_holders(document.data, ())):
        given = holder.pop("basis")
        if given == "fund":
            holder[OWN] = given
        changes.append(((*path, "basis"), OWN if given == "fund" else None))
    settings = document.data.get(_CLASSIFICATION)
    standing: dict[str, Any] = {}
    if isinstance(settings, dict):
        for (section, key), now in _STANDING.items():
            if key in mapping(settings.get(section)):
                standing[now] = settings[section][key]
        for gone in (*_WITHOUT_SUCCESSOR, ("lead",), ("opening",)):
            holder = settings if len(gone) == 1 else mapping(settings.get(gone[0]))
            if holder.pop(gone[-1], None) is not None:
                changes.append(((_CLASSIFICATION, *gone), None))
        if standing:
            settings["standing"] = {**standing, **mapping(settings.get("standing"))}
    return changes, standing


def lost(changes: Renamed) -> list[str]:
    """Return the names of the keys that were left out without a successor."""
    return [".".join(map(str, p)) for p, _ in changes if p[:1] == (_CLASSIFICATION,) and p[1:] in _WITHOUT_SUCCESSOR]


def _holders(value: Any, path: Path_) -> Iterator[tuple[Path_, dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("basis") in ("plan", "document", "fund"):
            yield path, value
        for key, inner in value.items():
            yield from _holders(inner, (*path, key))
