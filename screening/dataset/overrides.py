"""The analysts' overrides: a dated file that says, with reason and initials, what a company does.

YAML (`overrides:` a list) or CSV with a header row. A file is used whole or not at all: every mistake is reported with
its place. Whether a company or a direction exists is for the engine, which knows the data and the pack.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screening import strict_yaml
from screening.dataset.dates import day_written
from screening.dataset.encoding import kept_text
from screening.errors import DatasetError, Position, Problem, did_you_mean
from screening.resources import shown_path
from screening.result.contract import GRADES, IN_SCOPE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NO_DIRECTION = ("none", "无", "-")
"""What stands in `direction` when the company is in no direction."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "company": ("company", "企业", "企业名称", "公司", "统一社会信用代码", "company_id", "uscc", "name"),
    "direction": ("direction", "方向", "方向编号", "direction_id"),
    "grade": ("grade", "等级"),
    "reason": ("reason", "理由", "原因"),
    "initials": ("initials", "签名", "姓名缩写", "by"),
    "date": ("date", "日期", "on"),
}
"""Keys of an override and how a CSV header may write them."""

GRADE_WORDS: Mapping[str, str] = {
    "核心": "core",
    "相关": "related",
    "贸易": "trade",
    "贸易或服务": "trade",
    "名称": "name",
    "仅见于名称": "name",
    "套话": "boilerplate",
    "登记套话": "boilerplate",
    "无": "none",
    "未知": "unknown",
}
"""How the pages call the grades in Chinese: an override may say it so."""

LONGEST_REASON = 2_000
LONGEST_INITIALS = 12
MOST_OVERRIDES = 100_000
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Override:
    """One judgement of an analyst.

    `company` is an id, a credit code or a name as written; `direction` the id or name of a direction or domain, None for
    none of them; `grade` one of the contract's grades. `override_id` is `o` + its number in the file, from 1.
    """

    override_id: str
    company: str
    direction: str | None
    grade: str
    reason: str
    initials: str
    date: datetime.date
    position: Position | None = None

    @property
    def in_scope(self) -> bool:
        """True when the analyst puts the company in a direction."""
        return self.grade in IN_SCOPE


@dataclass(frozen=True, slots=True)
class _Entry:
    """One override as written, with the place of each value."""

    values: Mapping[str, str]
    places: Mapping[str, Position | None]
    place: Position


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read the file.

    Raises DatasetError with every problem: unreadable file, unknown or missing keys, grades, dates, missing reasons, and a
    company judged twice on one day.
    """
    problems: list[Problem] = []
    entries = list(_csv_entries(path, problems) if path.suffix.lower() == ".csv" else _yaml_entries(path, problems))
    if len(entries) > MOST_OVERRIDES:
        raise DatasetError.of(
            "override/too-many",
            f"{len(entries):,} overrides; the limit is {MOST_OVERRIDES:,}",
            Position(shown_path(path)),
            "correct the lexicon instead of single companies",
        )
    overrides = [_override(number, entry, problems) for number, entry in enumerate(entries, start=1)]
    kept = [override for override in overrides if override is not None]
    seen: dict[tuple[str, datetime.date], Override] = {}
    for override in kept:
        first = seen.setdefault((override.company, override.date), override)
        if first is not override:
            problems.append(
                Problem(
                    "override/twice",
                    f"'{override.company}' is also judged on {override.date} at {first.position}",
                    override.position,
                    "keep one, or date the later one later",
                )
            )
    if any(problem.is_error for problem in problems):
        raise DatasetError(sorted(problems, key=lambda p: (p.position or Position(""), p.code)))
    return tuple(kept)


def _yaml_entries(path: Path, problems: list[Problem]) -> Iterator[_Entry]:
    document = strict_yaml.read(path, shown_path(path))
    problems.extend(document.problems)
    listed: Any = document.data.get("overrides")
    for key in document.data:
        if key != "overrides":
            problems.append(
                document.problem(
                    "override/unknown-key",
                    f"unknown key '{key}'",
                    (key,),
                    key=True,
                    remedy="the file holds one key, `overrides:`, with a list",
                )
            )
    if not document.problems and not isinstance(listed, list):
        problems.append(
            Problem(
                "override/no-list",
                "there is no list `overrides:`",
                Position(shown_path(path)),
                "start with `overrides:` and one `- company: …` per judgement",
            )
        )
    for number, item in enumerate(listed if isinstance(listed, list) else []):
        at: strict_yaml.Path_ = ("overrides", number)
        place = document.position(at) or Position(shown_path(path))
        if not isinstance(item, dict):
            problems.append(
                document.problem(
                    "override/not-a-mapping",
                    "an override is a mapping of keys",
                    at,
                    remedy="write `- company: …` and the other keys below it",
                )
            )
            continue
        for key in item:
            if key not in FIELDS:
                problems.append(
                    document.problem(
                        "override/unknown-key",
                        f"unknown key '{key}'",
                        (*at, key),
                        key=True,
                        remedy=did_you_mean(key, FIELDS) or f"keys: {', '.join(FIELDS)}",
                    )
                )
        yield _Entry(
            {key: "" if value is None else str(value).strip() for key, value in item.items()},
            {key: document.position((*at, key)) for key in item},
            place,
        )


def _csv_entries(path: Path, problems: list[Problem]) -> Iterator[_Entry]:
    shown = shown_path(path)
    try:
        text = kept_text(path, shown, MAX_BYTES)
    except OSError as error:
        problems.append(
            Problem(
                "override/unreadable",
                f"cannot read the file: {error.strerror or error}",
                Position(shown),
                getattr(error, "remedy", "check the path"),
            )
        )
        return
    except UnicodeDecodeError as error:
        problems.append(
            Problem(
                "override/encoding",
                f"the file is neither UTF-8 nor GB 18030 (byte {error.start})",
                Position(shown),
                "save it as UTF-8 CSV",
            )
        )
        return
    reader = csv.reader(io.StringIO(text), strict=True)
    names: list[str | None] = []
    try:
        for row in reader:
            place = Position(shown, reader.line_num)
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = [_field(cell.strip(), place, problems) for cell in row]
                continue
            if len(row) != len(names):
                problems.append(
                    Problem(
                        "override/cells",
                        f"{len(row)} cells where the header has {len(names)}",
                        place,
                        "quote a text that contains a comma",
                    )
                )
                continue
            values = {name: cell.strip() for name, cell in zip(names, row, strict=True) if name}
            yield _Entry(values, dict.fromkeys(values, place), place)
    except csv.Error as error:
        problems.append(
            Problem(
                "override/csv",
                f"cannot read the row: {error}",
                Position(shown, reader.line_num),
                "check the quotation marks",
            )
        )


def _field(header: str, place: Position, problems: list[Problem]) -> str | None:
    for field, spellings in FIELDS.items():
        if header in spellings or header.lower() in spellings:
            return field
    problems.append(
        Problem(
            "override/unknown-key",
            f"unknown column '{header}'",
            place,
            did_you_mean(header, FIELDS) or f"columns: {', '.join(FIELDS)}",
        )
    )
    return None


def _override(number: int, entry: _Entry, problems: list[Problem]) -> Override | None:
    found = len(problems)

    def refuse(code: str, message: str, remedy: str, *, key: str) -> None:
        problems.append(Problem(code, message, entry.places.get(key) or entry.place, remedy))

    for key in FIELDS:
        if not entry.values.get(key):
            refuse(
                "override/missing",
                f"'{key}' is missing",
                "every override names company, direction, grade, reason, initials and date; direction may be none",
                key=key,
            )
    grade, written = entry.values.get("grade", ""), entry.values.get("direction", "")
    grade = GRADE_WORDS.get(grade, grade)
    if grade and grade not in GRADES:
        refuse(
            "override/grade",
            f"unknown grade '{grade}'",
            did_you_mean(grade, GRADES) or f"grades: {', '.join(GRADES)}",
            key="grade",
        )
    direction = None if written in NO_DIRECTION else written
    if grade in IN_SCOPE and written and direction is None:
        refuse(
            "override/no-direction",
            f"grade '{grade}' needs a direction or a domain",
            "name the direction, or give the grade none",
            key="direction",
        )
    if len(entry.values.get("reason", "")) > LONGEST_REASON:
        refuse("override/long", f"the reason has more than {LONGEST_REASON:,} characters", "shorten it", key="reason")
    if len(entry.values.get("initials", "")) > LONGEST_INITIALS:
        refuse(
            "override/long",
            f"the initials have more than {LONGEST_INITIALS} characters",
            "initials only, no full names",
            key="initials",
        )
    date = None
    if entry.values.get("date"):
        date = day_written(entry.values["date"])
        if date is None:
            refuse("override/date", f"'{entry.values['date']}' is not a date", "write it as 2025-03-31", key="date")
    if len(problems) > found or date is None:
        return None
    return Override(
        f"o{number}",
        entry.values["company"],
        direction,
        grade,
        entry.values["reason"],
        entry.values["initials"],
        date,
        entry.place,
    )
