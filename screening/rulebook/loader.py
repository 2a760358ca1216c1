"""Files of a pack -> one `RulePack`, or every problem with its place. The only I/O of the rule book."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from screening import trace
from screening.errors import Position, Problem, RulesError, did_you_mean
from screening.foreign_file import is_inside, is_regular, read_file
from screening.formula import unguarded
from screening.rulebook.ground import parts
from screening.rulebook.layers import merged
from screening.rulebook.messages import located
from screening.rulebook.model import RulePack
from screening.rulebook.written import as_written, expanded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from screening.rulebook.layers import Merged
    from screening.strict_yaml import Document

MAX_CATALOGUE_ROWS = 100_000
MAX_RULES: Mapping[str, int] = {"facts": 600, "gates": 150, "criteria": 300, "deductions": 100, "stages": 120}
MAX_CATALOGUE_BYTES = 10_000_000


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
    parsed: dict[datetime.date, Any] = field(default_factory=dict, repr=False, compare=False)
    """What `parse_pack` has made of it, by date."""
    upper: Document | None = field(default=None, repr=False, compare=False)
    """The topmost layer as it was written, None where nothing lies below it."""
    days: list[datetime.date] = field(default_factory=list, repr=False, compare=False)
    digests: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def stated_days(self) -> list[datetime.date]:
        """Return every day that the pack states, sorted: on which side of each a date lies decides which values and rules hold then."""
        if not self.days:
            said = (value for _, model in parts(self.pack) for value in model.__dict__.values())
            self.days.extend(sorted({datetime.date.min, *(v for v in said if isinstance(v, datetime.date))}))
        return self.days

    def section_digest(self, section: str) -> str:
        """Return a digest of what the pack says in one section; the codes of its catalogues belong to `catalogues`."""
        if section not in self.digests:
            said = [self.document.data.get(section), dict(self.catalogues) if section == "catalogues" else None]
            text = json.dumps(said, ensure_ascii=False, default=str)
            self.digests[section] = hashlib.sha256(text.encode()).hexdigest()
        return self.digests[section]

    def effective(self) -> dict[str, Any]:
        """Return the merged data as a pack that stands by itself: without the keys that only served to merge it."""
        return effective(self.document.data)


@dataclass(frozen=True, slots=True)
class MergedPack:
    """The files of a pack merged and its catalogues read, before anything is validated.

    `read` is the pack as its files write it; in `document` what they write once stands in every place that reads it.
    """

    document: Document
    read: Merged
    catalogues: Mapping[str, tuple[str, ...]]


def read_layers(path: str | Path, trusted: Sequence[Path] = ()) -> MergedPack:
    """Read the files of a pack, its layers and its tables. Raises RulesError when there is no such pack."""
    read = merged(path, trusted)
    catalogues = catalogues_of(read)
    return MergedPack(expanded(read.document), read, catalogues)


def load_pack(path: str | Path, trusted: Sequence[Path] = ()) -> LoadedPack:
    """Load a pack, its layers and its tables.

    Raises RulesError with every problem of syntax, schema and layering; whether rules make sense is for the checks.
    """
    return validated(read_layers(path, trusted))


def validated(given: MergedPack) -> LoadedPack:
    """Return the pack that its files state. Raises RulesError with every problem of reading and of form."""
    document = given.document
    problems = [p for p in document.problems if p.is_error]
    pack: RulePack | None = None
    try:
        pack = RulePack.model_validate(document.data)
    except ValidationError as error:
        problems.extend(located(error, document))
    if problems or pack is None:
        raise RulesError(_once(problems))
    problems = _too_many(pack, document)
    if problems:
        raise RulesError(problems)
    notices = tuple(p for p in document.problems if not p.is_error)
    digest = _digest(document.data, given.catalogues)
    read = given.read
    return LoadedPack(pack, document, digest, read.path, read.folders, given.catalogues, notices, upper=read.upper)


def _too_many(pack: RulePack, document: Document) -> list[Problem]:
    """Rules are compared with each other and computed together, so their number is bounded; the plan's pack has 70 facts."""
    held: tuple[tuple[str, int], ...] = (
        ("facts", len(pack.facts)),
        ("gates", len(pack.gates)),
        ("criteria", sum(1 for _ in pack.criteria_of())),
        ("deductions", len(pack.deductions.items) if pack.deductions else 0),
        ("stages", sum(len(axis.values) for axis in pack.stages.values())),
    )
    return [
        document.problem(
            "pack/too-many-rules",
            f"the pack has {number:,} {section}; the most is {MAX_RULES[section]}",
            (section,),
            remedy="a list of codes belongs in a catalogue, many alike rules in one with `lookup:` or `bands:`",
        )
        for section, number in held
        if number > MAX_RULES[section]
    ]


def _once(problems: list[Problem]) -> list[Problem]:
    """Sort by place and drop repeats."""
    unique = {(p.code, p.message, p.position): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.position or Position(""), p.code))


def catalogues_of(read: Merged) -> dict[str, tuple[str, ...]]:
    """Return the codes of every catalogue; what cannot be read is a problem of the document."""
    document, folders = read.document, read.folders
    section = document.data.get("catalogues")
    result: dict[str, tuple[str, ...]] = {}
    for catalogue_id, body in section.items() if isinstance(section, dict) else ():
        if not isinstance(body, dict) or not isinstance(body.get("file"), str):
            continue
        path = ("catalogues", catalogue_id, "file")
        here = next((f for f in reversed(folders) if is_regular(f / body["file"]) or _is_there(f / body["file"])), None)
        if here is None or not is_inside(here / body["file"], [here]):
            code, remedy = "catalogue/not-found", "give a path inside the pack's folder; links out of it do not count"
            message = f"the catalogue file '{body['file']}' is not in the pack's folder"
            document.refuse(code, message, path, remedy=remedy)
            continue
        try:
            rows = _rows(read_file(here / body["file"], most=MAX_CATALOGUE_BYTES, within=[here]))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            said = getattr(error, "strerror", None) or str(error)
            remedy = getattr(error, "remedy", "save it as UTF-8 CSV with a header row")
            document.refuse("catalogue/unreadable", f"cannot read it: {said}", path, remedy=remedy)
            continue
        column = str(body.get("column", ""))
        if rows and column not in rows[0]:
            document.refuse(
                "catalogue/no-column",
                f"the file has no column '{column}'",
                ("catalogues", catalogue_id, "column"),
                remedy=did_you_mean(column, [c for c in rows[0] if c])
                or f"columns: {', '.join(map(str, list(rows[0])[:8]))}",
            )
            continue
        if len(rows) > MAX_CATALOGUE_ROWS:
            document.refuse(
                "catalogue/too-large",
                f"it has more than {MAX_CATALOGUE_ROWS:,} rows",
                path,
                remedy="keep only the rows that rules refer to",
            )
            continue
        result[catalogue_id] = tuple(sorted({unguarded((row[column] or "").strip()) for row in rows} - {""}))
    return result


def _rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file, one more than the limit where there are more."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return list(itertools.islice(reader, MAX_CATALOGUE_ROWS + 1))


def _is_there(path: Path) -> bool:
    trace.looked(path)
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


CATALOGUE_COLUMN = "code"


def effective(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return merged data as a pack that needs no other file but its catalogues, which then lie in `catalogues/`."""
    result = as_written(data)
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
