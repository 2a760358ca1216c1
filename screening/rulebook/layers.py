"""The files of a pack, and of the packs below it, merged into one document. What lies outside the pack is not read.

A pack may name another one in its own folder, among its neighbours (the folder it lies in, and the `rules` folder around it),
among the shipped packs, and in folders that the analyst trusts. Links are followed first.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening import strict_yaml, trace
from screening.errors import Position, Problem, RulesError, did_you_mean
from screening.foreign_file import is_inside, is_regular, read_file
from screening.resources import shipped, shown_path
from screening.rulebook.functions import is_another_function
from screening.rulebook.written import rows_of, with_rows_by_track
from screening.strict_yaml import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.strict_yaml import Document

CASES = "cases"
HEAD = "pack.yaml"
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 << 20
MAX_FILES = 400
"""YAML files of one pack."""
MAX_ENTRIES = 5_000
"""Folders and files looked at below a pack."""
MAX_LAYERS = 12
MAX_VALUES = 60_000
"""Values of a pack with all its layers; the largest shipped pack has 9,400."""


@dataclass(slots=True)
class Merged:
    """The files of a pack merged, before anything is validated; problems of reading stand in `document`.

    `folders` are the pack folders from the base up. `upper` is the topmost layer as it was written, None where nothing lies below
    it, and `below` the pack that it extends.
    """

    document: Document
    path: Path
    folders: tuple[Path, ...]
    upper: Document | None = None
    below: Path | None = None


def find_pack(path: str | Path) -> Path:
    """Return the folder (or file) that `path` means: a path, or the name of a shipped pack.

    Raises RulesError when there is no such pack.
    """
    given = Path(path)
    for candidate in (given, shipped("rules") / given, shipped("rules") / "funds" / given):
        if _is_there(candidate):
            return candidate
    known = [p.parent.name for p in sorted(shipped("rules").rglob(HEAD))]
    remedy = did_you_mean(given.name, known) or f"shipped packs: {', '.join(known)}"
    raise RulesError.of("pack/not-found", f"there is no rule pack at '{given.as_posix()}'", remedy=remedy)


def _is_there(path: Path) -> bool:
    trace.looked(path)
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def merged(path: str | Path, trusted: Sequence[Path] = (), instead: Mapping[Path, str] | None = None) -> Merged:
    """Read and merge a pack, its layers and its tables; `instead` has texts to read in place of files of the topmost layer.

    Raises RulesError when there is no such pack.
    """
    found = find_pack(path)
    reading = _Reading(tuple(trusted), instead or {})
    document = reading.layer(found, seen=())
    return Merged(document, found, tuple(reading.folders), reading.upper, reading.below)


@dataclass(slots=True)
class _Reading:
    """One pack being read, from its top layer down."""

    trusted: tuple[Path, ...]
    instead: Mapping[Path, str]
    folders: list[Path] = field(default_factory=list)
    upper: Document | None = None
    below: Path | None = None
    values: int = 0

    def layer(self, path: Path, seen: tuple[Path, ...]) -> Document:
        trace.looked(path)
        resolved = path.resolve()
        if resolved in seen:
            return _problem(path, "pack/extends-itself", "the pack extends itself", "remove one `extends:`")
        if len(seen) >= MAX_LAYERS:
            return _problem(path, "pack/too-many", f"more than {MAX_LAYERS} packs on top of each other", "merge some")
        folder = path if path.is_dir() else path.parent
        document = self._files(path, folder)
        root = document.values.get((), document.keys.get(("pack",)))
        head = mapping(document.data.get("pack"))
        if "layers" in head and not _is_of_a_run(path):
            document.refuse(
                "pack/layers-written",
                "`layers:` is written by the program into the pack of a run; it cannot be claimed by hand",
                ("pack", "layers"),
                key=True,
                remedy="remove it and name the pack below with `extends:`; the pack of a run is used where it lies, unchanged",
            )
        base = strict_yaml.Document()
        lower = self._beside(document, folder, "extends", HEAD)
        if lower is not None:
            base = self.layer(lower, (*seen, resolved))
        tables = self._beside(document, folder, "tables", "")
        if tables is not None:
            document = strict_yaml.overlay(self._counted(strict_yaml.read(tables, shown_path(tables))), document)
        _root_at(document, root)
        self.folders.append(folder)
        if not base.data:
            document.problems.extend(p for p in base.problems if p not in document.problems)
            return document
        if not seen:
            self.upper, self.below = document, lower
        return _laid(base, document, head, root)

    def _files(self, path: Path, folder: Path) -> Document:
        """Read the files of one pack: the one file, or all that lie below its folder and below no other pack's."""
        if path.is_file() or not path.is_dir():
            return with_rows_by_track(self._counted(self._read(path)))
        if not is_regular(path / HEAD):
            return _problem(path, "pack/no-head", "the folder has no pack.yaml", "add pack.yaml with a `pack:` section")
        files = _files_below(path)
        if files is not None:
            files = sorted({*files, *(file for file in self.instead if file.is_relative_to(path))})
        if files is None:
            return _problem(
                path,
                "pack/too-many",
                f"the pack's folder holds more than {MAX_FILES} YAML files, or {MAX_ENTRIES:,} entries",
                "keep only the pack in it",
            )
        joined = strict_yaml.Document()
        for file in files:
            _join(joined, self._counted(self._read(file, [folder])))
        return with_rows_by_track(joined)

    def _read(self, file: Path, within: Sequence[Path] | None = None) -> Document:
        if file in self.instead:
            return strict_yaml.parse(self.instead[file], shown_path(file))
        return strict_yaml.read(file, shown_path(file), within=within)

    def _counted(self, document: Document) -> Document:
        """Return a document, empty once the pack as a whole has too many values."""
        self.values += len(document.values)
        if self.values <= MAX_VALUES:
            return document
        problem = Problem(
            "pack/too-large",
            f"the pack has more than {MAX_VALUES:,} values",
            document.values.get(()),
            "keep long lists of codes in a catalogue file, and leave out what the rules do not use",
        )
        return strict_yaml.Document(problems=[*document.problems, problem])

    def _beside(self, document: Document, folder: Path, key: str, marker: str) -> Path | None:
        """Return the pack (or, without a marker, the file) that the head names; None after noting why there is none."""
        reference = mapping(document.data.get("pack")).get(key)
        if not isinstance(reference, str) or not reference:
            return None
        allowed = (folder, *_neighbourhood(folder), shipped("rules"), *self.trusted)
        outside: Path | None = None
        rules = shipped("rules")
        for candidate in (folder / reference, rules / reference, rules / "standard" / Path(reference).name):
            is_pack = bool(marker) and is_regular(candidate / marker)
            if not (is_pack or (_is_there(candidate) and not candidate.is_dir())):
                continue
            if is_inside(candidate, allowed):
                return candidate
            outside = outside or candidate
        what = "pack to extend" if key == "extends" else "tables file"
        if outside is not None:
            document.refuse(
                "pack/outside",
                f"the {what} '{reference}' lies outside this pack's folder and its neighbours",
                ("pack", key),
                remedy="copy it beside this pack, or say `--trust FOLDER` if you know where it comes from",
            )
        else:
            document.refuse(
                "pack/not-found",
                f"the {what} is not at '{reference}'",
                ("pack", key),
                remedy="give a path relative to this file, or the name of a shipped pack"
                if key == "extends"
                else "usually ../standard/company.yaml",
            )
        return None


def _is_of_a_run(path: Path) -> bool:
    """True for the pack in a run folder whose manifest records this very file: what it says of its layers, the program wrote."""
    head = path / HEAD if path.is_dir() else path
    try:
        manifest = json.loads(read_file(head.parent.parent / _MANIFEST, most=_MOST_MANIFEST))
        recorded = manifest["files"][f"{head.parent.name}/{head.name}"]
        return bool(recorded == hashlib.sha256(read_file(head, most=strict_yaml.MAX_BYTES)).hexdigest())
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _files_below(path: Path) -> list[Path] | None:
    """Return the YAML files of a pack's folder in order, None where it holds more than a pack can."""
    files: list[Path] = []
    looked, waiting = 0, [path]
    while waiting:
        folder = waiting.pop()
        entries = list(itertools.islice(folder.iterdir(), MAX_ENTRIES + 1))
        trace.listed(folder, (entry.name for entry in entries))
        for entry in entries:
            looked += 1
            if looked > MAX_ENTRIES or len(files) > MAX_FILES:
                return None
            if entry.name.startswith("."):
                continue
            trace.looked(entry)
            if entry.is_dir():
                if not entry.is_symlink() and not _is_apart(entry):
                    waiting.append(entry)
            elif entry.suffix in (".yaml", ".yml"):
                files.append(entry)
    return sorted(files)


def _is_apart(folder: Path) -> bool:
    """Cases test a pack, and a folder with a head of its own is another pack."""
    return folder.name == CASES or _is_there(folder / HEAD)


def _neighbourhood(folder: Path) -> Iterator[Path]:
    resolved = folder.resolve()
    if resolved.parent != Path(resolved.anchor):
        yield resolved.parent
    around = next((p for p in resolved.parents if p.name == "rules"), None)
    if around is not None:
        yield around


def _problem(path: Path, code: str, message: str, remedy: str) -> Document:
    return strict_yaml.Document(problems=[Problem(code, message, Position(shown_path(path)), remedy)])


def _laid(base: Document, document: Document, head: Mapping[str, Any], root: Position | None) -> Document:
    """Lay the upper pack over the one below: removals first, then lifts, then everything key by key."""
    rules_below = _rule_ids(base)
    removals = head.get("remove") or []
    for number, target in enumerate(removals if isinstance(removals, list) else []):
        parts = tuple(str(target).split("."))
        if not _remove(base, parts):
            document.refuse(
                "pack/nothing-to-remove",
                f"there is no '{target}' in the pack below",
                ("pack", "remove", number),
                remedy=_similar_id(base, parts),
            )
    below = mapping(base.data.get("pack"))
    layers = [*(below.get("layers") or [below.get("id")]), head.get("id")]
    _inherit_lifts(base, document, removed=rules_below - _rule_ids(base))
    _head_of_upper(base, head)
    for half_id, pillar_id, criterion_id in rows_of(document.data):
        # The table of the upper pack takes the place of a plain weight below.
        entry = ("criteria", half_id, "pillars", pillar_id, *(("criteria", criterion_id) if criterion_id else ()))
        strict_yaml.remove(base, (*entry, "weight"))
    whole = strict_yaml.overlay(base, document, is_another_function)
    _root_at(whole, root)
    # The effective pack no longer says `extends:`; it must still be known for a fund's own pack.
    whole.data["pack"]["layers"] = layers
    return whole


def _root_at(document: Document, root: Position | None) -> None:
    """What the pack lacks as a whole is missing in its own file, not in the tables or the pack below."""
    if root is not None:
        document.values[()] = root


def _rule_ids(document: Document) -> set[str]:
    """Return the ids of the rules that a lift can name."""
    gates, halves, deductions = (document.data.get(section) for section in ("gates", "criteria", "deductions"))
    ids = {str(mapping(risk).get("gate")) for risk in mapping(document.data.get("risks")).values()}
    ids |= {str(gate_id) for gate_id in mapping(gates)} | {
        str(item_id) for item_id in mapping(mapping(deductions).get("items"))
    }
    for half in mapping(halves).values():
        for pillar in mapping(mapping(half).get("pillars")).values():
            ids |= {str(criterion_id) for criterion_id in mapping(mapping(pillar).get("criteria"))}
    return ids


def _inherit_lifts(base: Document, upper: Document, removed: set[str]) -> None:
    """Put the lifts of the pack below before those of the upper one, each with its place.

    A lift of a rule that the upper pack removes goes with it; one that the upper pack states anew is the upper pack's.
    """
    head, path = upper.data.get("pack"), ("pack", "lifts")
    lower, own = mapping(base.data.get("pack")).get("lifts"), mapping(head).get("lifts") or []
    if not isinstance(head, dict) or not isinstance(lower, list) or not isinstance(own, list):
        return
    stated = {(lift.get("rule"), lift.get("input")) for lift in map(mapping, own)}
    kept = [
        number
        for number, lift in enumerate(map(mapping, lower))
        if lift.get("rule") not in removed and (lift.get("rule"), lift.get("input")) not in stated
    ]
    if not kept:
        return
    head["lifts"] = [*(lower[number] for number in kept), *own]
    for target, source in ((upper.values, base.values), (upper.keys, base.keys)):
        moved = {
            (*path, p[2] + len(kept), *p[3:]): target.pop(p)
            for p in list(target)
            if p[:2] == path and len(p) > 2 and isinstance(p[2], int)
        }
        target.update(moved)
        target.update(
            {
                (*path, kept.index(p[2]), *p[3:]): where
                for p, where in source.items()
                if p[:2] == path and len(p) > 2 and p[2] in kept
            }
        )
        if path not in target and path in source:
            target[path] = source[path]


def _head_of_upper(base: Document, head: Mapping[str, Any]) -> None:
    """The upper pack names itself; the authority it inherits stays, its removals are its own."""
    for key in ("remove", "lifts", "extends"):
        strict_yaml.remove(base, ("pack", key))
    if "id" in head:
        strict_yaml.remove(base, ("pack", "label"))


def _remove(base: Document, parts: tuple[str, ...]) -> bool:
    """Remove `gates.x`, or a criterion by its short name `criteria.x` wherever it stands."""
    if strict_yaml.remove(base, parts):
        if parts[0] == "criteria":
            row = tuple(part for part in parts[1:] if part not in ("pillars", "criteria"))
            strict_yaml.remove(base, ("weights", *row))
        return True
    if parts[0] == "criteria" and len(parts) == 2:
        for half_id, half in base.data.get("criteria", {}).items():
            for pillar_id in list(half.get("pillars", {})):
                if strict_yaml.remove(base, ("criteria", half_id, "pillars", pillar_id, "criteria", parts[1])):
                    strict_yaml.remove(base, ("weights", half_id, pillar_id, parts[1]))
                    return True
    return False


def _similar_id(base: Document, parts: tuple[str, ...]) -> str:
    section = base.data.get(parts[0])
    for risk_id, risk in mapping(base.data.get("risks")).items():
        if parts in (("facts", risk_id), ("gates", mapping(risk).get("gate"))):
            return f"it is made by a risk: remove risks.{risk_id}"
    if isinstance(section, dict) and len(parts) > 1:
        return did_you_mean(parts[1], section) or f"'{parts[0]}' has: {', '.join(list(section)[:8])}"
    return did_you_mean(parts[0], base.data) or "write section.id, for example gates.listed"


def _join(whole: Document, part: Document) -> None:
    """Add the sections of one file. An id may stand in one file only: across files a repeat is a mistake, not a layer."""
    whole.lines.update(part.lines)
    whole.problems.extend(part.problems)
    repeated: set[tuple[str | int, ...]] = set()
    for section, body in part.data.items():
        merges = isinstance(body, dict) and isinstance(whole.data.get(section), dict)
        if section in whole.data and not merges:
            repeated.add((section,))
        for key in body if merges else ():
            if key in whole.data[section]:
                repeated.add((section, key))
        if merges:
            whole.data[section] |= {key: value for key, value in body.items() if (section, key) not in repeated}
        else:
            whole.data.setdefault(section, body)
    for path in sorted(repeated, key=list(part.keys).index):
        first, name = whole.keys.get(path), ".".join(map(str, path))
        message = f"'{name}' is also defined at {first}" if len(path) > 1 else f"section '{name}' is also at {first}"
        problem = part.problem("yaml/duplicate-id", message, path, key=True, remedy="keep one of the two")
        whole.problems.append(problem)
    for target, source in ((whole.values, part.values), (whole.keys, part.keys)):
        for path, where in source.items():
            if path and not (repeated and strict_yaml.is_under(path, repeated)):
                target.setdefault(path, where)
