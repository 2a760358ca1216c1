"""Files of a pack -> one `RulePack`, or every problem with its place. The only I/O of the rule book."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening import strict_yaml
from screening.errors import Position, Problem, RulesError, did_you_mean
from screening.formula import unguarded
from screening.resources import shipped, shown_path
from screening.rulebook.messages import located
from screening.rulebook.model import RulePack

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from screening.rulebook.scope import ParsedPack
    from screening.strict_yaml import Document

CASES = "cases"
MAX_CATALOGUE_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack with all its layers merged.

    `document` keeps the file and line of every effective value; `digest` is over the merged values and the catalogues,
    not over layout or comments; `folders` are the pack folders from the base up.
    """

    pack: RulePack
    document: Document
    digest: str
    path: Path
    folders: tuple[Path, ...]
    catalogues: Mapping[str, tuple[str, ...]]
    notices: tuple[Problem, ...] = ()
    parsed: dict[datetime.date, ParsedPack] = field(default_factory=dict, repr=False, compare=False)
    """What `parse_pack` has made of it, by date."""

    def effective(self) -> dict[str, Any]:
        """Return the merged data as a pack that stands by itself: without the keys that only served to merge it."""
        return effective(self.document.data)


def find_pack(path: str | Path) -> Path:
    """Return the folder (or file) that `path` means: a path, or the name of a shipped pack.

    Raises RulesError when there is no such pack.
    """
    given = Path(path)
    if given.exists():
        return given
    for candidate in (shipped("rules") / given, shipped("rules") / "funds" / given):
        if candidate.exists():
            return candidate
    known = [p.parent.name for p in sorted(shipped("rules").rglob("pack.yaml"))]
    remedy = did_you_mean(given.name, known) or f"shipped packs: {', '.join(known)}"
    raise RulesError([Problem("pack/not-found", f"there is no rule pack at '{given.as_posix()}'", remedy=remedy)])


@dataclass(frozen=True, slots=True)
class Layers:
    """The files of a pack merged, before anything is validated; problems of reading stand in `document`."""

    document: Document
    path: Path
    folders: tuple[Path, ...]
    catalogues: Mapping[str, tuple[str, ...]]


def read_layers(path: str | Path) -> Layers:
    """Read the files of a pack, its layers and its tables. Raises RulesError when there is no such pack."""
    found = find_pack(path)
    folders: list[Path] = []
    document = _layer(found, folders, seen=())
    return Layers(document, found, tuple(folders), _catalogues(document, folders))


def load_pack(path: str | Path) -> LoadedPack:
    """Load a pack, its layers and its tables.

    Raises RulesError with every problem of syntax, schema and layering; whether rules make sense is for the checks.
    """
    layers = read_layers(path)
    document = layers.document
    problems = [p for p in document.problems if p.is_error]
    pack: RulePack | None = None
    try:
        pack = RulePack.model_validate(document.data)
    except ValidationError as error:
        problems.extend(located(error, document))
    if problems or pack is None:
        raise RulesError(_once(problems))
    notices = tuple(p for p in document.problems if not p.is_error)
    digest = _digest(document.data, layers.catalogues)
    return LoadedPack(pack, document, digest, layers.path, layers.folders, layers.catalogues, notices)


def _once(problems: list[Problem]) -> list[Problem]:
    """Sort by place and drop repeats."""
    unique = {(p.code, p.message, p.position): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.position or Position(""), p.code))


def _layer(path: Path, folders: list[Path], seen: tuple[Path, ...]) -> Document:
    resolved = path.resolve()
    if resolved in seen:
        return _problem(path, "pack/extends-itself", "the pack extends itself", "remove one `extends:`")
    document = _read_folder(path)
    root = document.values.get((), document.keys.get(("pack",)))
    head = document.data.get("pack")
    head = head if isinstance(head, dict) else {}
    base = strict_yaml.Document()
    folder = path if path.is_dir() else path.parent
    if isinstance(head.get("extends"), str) and head["extends"]:
        lower = _beside(folder, head["extends"], "pack.yaml")
        if lower is None:
            document.problems.append(
                document.problem(
                    "pack/not-found",
                    f"the pack to extend is not at '{head['extends']}'",
                    ("pack", "extends"),
                    remedy="give a path relative to this file, or the name of a shipped pack",
                )
            )
        else:
            base = _layer(lower, folders, (*seen, resolved))
    if isinstance(head.get("tables"), str) and head["tables"]:
        tables = _beside(folder, head["tables"], "")
        if tables is None:
            document.problems.append(
                document.problem(
                    "pack/not-found",
                    f"the tables file is not at '{head['tables']}'",
                    ("pack", "tables"),
                    remedy="usually ../standard/company.yaml",
                )
            )
        else:
            document = strict_yaml.overlay(strict_yaml.read(tables, shown_path(tables)), document)
    _root_at(document, root)
    folders.append(folder)
    if not base.data:
        return document
    rules_below = _rule_ids(base)
    removals = head.get("remove") or []
    for number, target in enumerate(removals if isinstance(removals, list) else []):
        parts = tuple(str(target).split("."))
        if not _remove(base, parts):
            document.problems.append(
                document.problem(
                    "pack/nothing-to-remove",
                    f"there is no '{target}' in the pack below",
                    ("pack", "remove", number),
                    remedy=_similar_id(base, parts),
                )
            )
    below = base.data.get("pack", {})
    layers = [*(below.get("layers") or [below.get("id")]), head.get("id")]
    _inherit_lifts(base, document, removed=rules_below - _rule_ids(base))
    _head_of_upper(base, head)
    merged = strict_yaml.overlay(base, document)
    _root_at(merged, root)
    # The effective pack no longer says `extends:`; it must still be known for a fund's own pack.
    merged.data["pack"]["layers"] = layers
    return merged


def _root_at(document: Document, root: Position | None) -> None:
    """What the pack lacks as a whole is missing in its own file, not in the tables or the pack below."""
    if root is not None:
        document.values[()] = root


def _rule_ids(document: Document) -> set[str]:
    """Return the ids of the rules that a lift can name."""
    gates, halves, deductions = (document.data.get(section) for section in ("gates", "criteria", "deductions"))
    ids = {str(gate_id) for gate_id in _mapping(gates)} | {
        str(item_id) for item_id in _mapping(_mapping(deductions).get("items"))
    }
    for half in _mapping(halves).values():
        for pillar in _mapping(_mapping(half).get("pillars")).values():
            ids |= {str(criterion_id) for criterion_id in _mapping(_mapping(pillar).get("criteria"))}
    return ids


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _inherit_lifts(base: Document, upper: Document, removed: set[str]) -> None:
    """Put the lifts of the pack below before those of the upper one, each with its place.

    A lift of a rule that the upper pack removes goes with it; one that the upper pack states anew is the upper pack's.
    """
    head, path = upper.data.get("pack"), ("pack", "lifts")
    lower, own = _mapping(base.data.get("pack")).get("lifts"), _mapping(head).get("lifts") or []
    if not isinstance(head, dict) or not isinstance(lower, list) or not isinstance(own, list):
        return
    stated = {(lift.get("rule"), lift.get("input")) for lift in map(_mapping, own)}
    kept = [
        number
        for number, lift in enumerate(map(_mapping, lower))
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
        return True
    if parts[0] == "criteria" and len(parts) == 2:
        for half_id, half in base.data.get("criteria", {}).items():
            for pillar_id in list(half.get("pillars", {})):
                if strict_yaml.remove(base, ("criteria", half_id, "pillars", pillar_id, "criteria", parts[1])):
                    return True
    return False


def _similar_id(base: Document, parts: tuple[str, ...]) -> str:
    section = base.data.get(parts[0])
    if isinstance(section, dict) and len(parts) > 1:
        return did_you_mean(parts[1], section) or f"'{parts[0]}' has: {', '.join(list(section)[:8])}"
    return did_you_mean(parts[0], base.data) or "write section.id, for example gates.listed"


def _beside(folder: Path, reference: str, marker: str) -> Path | None:
    candidates = [
        folder / reference,
        shipped("rules") / reference,
        shipped("rules") / "standard" / Path(reference).name,
    ]
    for candidate in candidates:
        if candidate.is_dir() and marker and (candidate / marker).is_file():
            return candidate
        if candidate.is_file():
            return candidate
    return None


def _problem(path: Path, code: str, message: str, remedy: str) -> Document:
    return strict_yaml.Document(problems=[Problem(code, message, Position(shown_path(path)), remedy)])


def _read_folder(path: Path) -> Document:
    if path.is_file():
        return strict_yaml.read(path, shown_path(path))
    files = sorted(
        p
        for p in path.rglob("*.y*ml")
        if p.suffix in {".yaml", ".yml"}
        and CASES not in p.relative_to(path).parts
        and not p.name.startswith(".")
        and not any(
            (parent / "pack.yaml").is_file() for parent in p.parents if parent != path and path in parent.parents
        )
    )
    if path / "pack.yaml" not in files:
        return _problem(path, "pack/no-head", "the folder has no pack.yaml", "add pack.yaml with a `pack:` section")
    joined = strict_yaml.Document()
    for file in files:
        _join(joined, strict_yaml.read(file, shown_path(file)))
    return joined


def _join(whole: Document, part: Document) -> None:
    """Add the sections of one file. An id may stand in one file only: across files a repeat is a mistake, not a layer."""
    whole.lines.update(part.lines)
    whole.problems.extend(part.problems)
    taken: set[tuple[str | int, ...]] = set()
    for section, body in part.data.items():
        if section not in whole.data:
            whole.data[section] = body
            taken.add((section,))
        elif isinstance(body, dict) and isinstance(whole.data[section], dict):
            for key, value in body.items():
                if key in whole.data[section]:
                    first = whole.keys.get((section, key))
                    whole.problems.append(
                        part.problem(
                            "yaml/duplicate-id",
                            f"'{section}.{key}' is also defined at {first}",
                            (section, key),
                            key=True,
                            remedy="keep one of the two",
                        )
                    )
                    continue
                whole.data[section][key] = value
                taken.add((section, key))
        else:
            first = whole.keys.get((section,))
            whole.problems.append(
                part.problem(
                    "yaml/duplicate-id",
                    f"section '{section}' is also at {first}",
                    (section,),
                    key=True,
                    remedy="keep one of the two",
                )
            )
    for target, source in ((whole.values, part.values), (whole.keys, part.keys)):
        target.update({p: where for p, where in source.items() if strict_yaml.is_under(p, taken)})


def _catalogues(document: Document, folders: list[Path]) -> dict[str, tuple[str, ...]]:
    section = document.data.get("catalogues")
    result: dict[str, tuple[str, ...]] = {}
    for catalogue_id, body in section.items() if isinstance(section, dict) else ():
        if not isinstance(body, dict) or not isinstance(body.get("file"), str):
            continue
        path = ("catalogues", catalogue_id, "file")
        file = next((f / body["file"] for f in reversed(folders) if (f / body["file"]).is_file()), None)
        if file is None or not any(file.resolve().is_relative_to(f.resolve()) for f in folders):
            document.problems.append(
                document.problem(
                    "catalogue/not-found",
                    f"the catalogue file '{body['file']}' is not in the pack's folder",
                    path,
                    remedy="give a path inside the pack's folder",
                )
            )
            continue
        try:
            with file.open(encoding="utf-8-sig", newline="") as handle:
                rows = list(csv.DictReader(handle))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            document.problems.append(
                document.problem(
                    "catalogue/unreadable",
                    f"cannot read it: {error}",
                    path,
                    remedy="save it as UTF-8 CSV with a header row",
                )
            )
            continue
        column = str(body.get("column", ""))
        if rows and column not in rows[0]:
            document.problems.append(
                document.problem(
                    "catalogue/no-column",
                    f"the file has no column '{column}'",
                    ("catalogues", catalogue_id, "column"),
                    remedy=did_you_mean(column, [c for c in rows[0] if c])
                    or f"columns: {', '.join(map(str, rows[0]))}",
                )
            )
            continue
        if len(rows) > MAX_CATALOGUE_ROWS:
            document.problems.append(
                document.problem(
                    "catalogue/too-large",
                    f"{len(rows):,} rows; the limit is {MAX_CATALOGUE_ROWS:,}",
                    path,
                    remedy="keep only the rows that rules refer to",
                )
            )
            continue
        result[catalogue_id] = tuple(sorted({unguarded((row[column] or "").strip()) for row in rows} - {""}))
    return result


CATALOGUE_COLUMN = "code"


def effective(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return merged data as a pack that needs no other file but its catalogues, which then lie in `catalogues/`."""
    result = dict(data)
    result["pack"] = {k: v for k, v in data["pack"].items() if k not in ("extends", "tables", "remove")}
    if data.get("catalogues"):
        result["catalogues"] = {
            catalogue_id: {**body, "file": f"catalogues/{catalogue_id}.csv", "column": CATALOGUE_COLUMN}
            for catalogue_id, body in data["catalogues"].items()
        }
    return result


def _digest(data: Mapping[str, Any], catalogues: Mapping[str, tuple[str, ...]]) -> str:
    canonical = json.dumps(
        [effective(data), dict(catalogues)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
