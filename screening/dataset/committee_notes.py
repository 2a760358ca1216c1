"""Notes of analysts and the committee: a dated file that travels from run to run, shown beside the score and never in it.

YAML (`notes:` a list). A file is used whole or not at all: every mistake is reported with its place.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from screening import strict_yaml
from screening.errors import DatasetError, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.strict_yaml import Document, Path_

REASONS = ("pass", "watch", "meet", "proceed", "verify")
"""The closed list of reasons: not invested, followed, to be met, taken further, to be verified."""

KEYS = ("company", "by", "on", "reason", "text")
LONGEST = {"company": 200, "by": 12, "text": 2_000}
MOST = 100_000


def read_notes(path: Path) -> list[dict[str, str]]:
    """Return the notes of a file as plain texts, in its order. Raises DatasetError with every mistake and its place."""
    document = strict_yaml.read(path)
    problems, notes = list(document.problems), []
    listed = document.data.get("notes")
    if not problems and (not isinstance(listed, list) or len(listed) > MOST or set(document.data) != {"notes"}):
        problems.append(
            Problem(
                "notes/form",
                "the file must hold one list `notes:`",
                document.position(()),
                remedy="write `notes:` and under it `- {company: …, by: …, on: 2026-07-01, reason: watch, text: …}`",
            )
        )
    if not problems:
        for i, entry in enumerate(listed or ()):
            found = list(_mistakes(entry, ("notes", i), document))
            problems += found
            if not found:
                notes.append({key: str(entry[key]).strip() for key in KEYS if key in entry})
    if problems:
        raise DatasetError(problems)
    return notes


def _mistakes(entry: Any, path: Path_, document: Document) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield Problem(
            "notes/form", "a note must be a mapping", document.position(path), remedy=f"give {', '.join(KEYS)}"
        )
        return
    for key in entry:
        if key not in KEYS:
            remedy = did_you_mean(str(key), KEYS) or f"the keys are {', '.join(KEYS)}"
            yield Problem("notes/key", f"a note has no key '{key}'", document.position((*path, key)), remedy=remedy)
    for key in ("company", "by", "on", "text"):
        if not str(entry.get(key) or "").strip():
            yield Problem("notes/missing", f"the note lacks `{key}`", document.position(path), remedy=f"add `{key}:`")
    for key, most in LONGEST.items():
        if len(str(entry.get(key) or "")) > most:
            at = document.position((*path, key))
            yield Problem("notes/long", f"`{key}` is longer than {most} characters", at, remedy="make it shorter")
    reason = entry.get("reason")
    if reason is not None and reason not in REASONS:
        at = document.position((*path, "reason"))
        yield Problem("notes/reason", f"'{reason}' is no reason", at, remedy=f"the reasons are {', '.join(REASONS)}")
    try:
        datetime.date.fromisoformat(str(entry.get("on") or "2000-01-01"))
    except ValueError:
        at = document.position((*path, "on"))
        yield Problem(
            "notes/date", f"'{entry['on']}' is not a date", at, remedy="write year-month-day, like 2026-07-01"
        )
