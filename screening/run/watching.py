"""`screen watch`: rules and data are edited, and the changed head of the ranking is told, with the rules that moved it."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from screening import trace
from screening.engine.session import session
from screening.engine.standing import Standing
from screening.errors import ScreeningError
from screening.resources import day_in_china
from screening.rulebook.check import check_pack
from screening.rulebook.parsing import parse_pack
from screening.run.mapped import mapped_headers
from screening.run.moves import SHOWN, Cause, compare
from screening.run.rule_changes import Change, Reach, changes
from screening.run.screening import inputs_from
from screening.run.taken_in import taken_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from screening.dataset.model import Dataset
    from screening.errors import Problem
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Options

Way = Literal["entered", "left", "moved"]
_COMPARED = ("ranking", "gates", "criteria", "stage")
_PAUSE = 0.2
"""Seconds between two looks at the times of files; what has changed is decided by their content."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One company of the head: `state` holds the columns of `SHOWN`."""

    company_id: str
    name: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """A company that came into the head, left it, or stands elsewhere in it. A state is None where it was not ranked at all."""

    way: Way
    company_id: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. With errors among `problems` the head is that of the last sound state, and nothing is compared.

    `seconds`: from the edit being seen to here.
    """

    problems: tuple[Problem, ...]
    head: tuple[Ranked, ...]
    outcomes: Mapping[str, int]
    edits: tuple[Change, ...]
    shifts: tuple[Shift, ...]
    seconds: float

    @property
    def is_sound(self) -> bool:
        """True when pack and data could be used."""
        return not any(p.is_error for p in self.problems)


class Watch:
    """Looks at a pack and data again and again. Close it at the end: it holds a database and a folder."""

    def __init__(self, options: Options, top: int, folder: Path) -> None:
        self.options, self.top, self.folder = options, top, folder
        self._number = 0
        self._stack = ExitStack()
        self._standing: Standing | None = None
        self._loaded: LoadedPack | None = None
        self._data: tuple[object, dict[str, Any] | None, Dataset] | None = None
        self._head: tuple[Ranked, ...] = ()
        self._outcomes: Mapping[str, int] = {}
        self._paths: set[str] = set()

    def close(self) -> None:
        """Let go of the database."""
        self._stack.close()

    def looks(self, times: int | None = None) -> Iterator[Look]:
        """Look, then again whenever a file that was looked at has changed; `times`: end after so many looks."""
        while times is None or times > 0:
            stands = self._times()
            yield self.look()
            times = None if times is None else times - 1
            if times == 0:
                return
            stands = self._times() if not stands else {name: stands.get(name, self._time(name)) for name in self._paths}
            while self._times() == stands:
                time.sleep(_PAUSE)

    def look(self) -> Look:
        """Look once."""
        began = time.perf_counter()
        found: Look
        with trace.traced() as seen:
            try:
                found = self._look()
            except ScreeningError as error:
                found = Look(error.problems, self._head, self._outcomes, (), (), 0.0)
            finally:
                self._paths |= {*seen.files, *seen.names, *seen.folders}
        return replace(found, seconds=time.perf_counter() - began)

    def _look(self) -> Look:
        today = day_in_china()
        loaded, problems = check_pack(self.options.rules, self.options.as_of or today, self.options.trusted)
        if loaded is None or any(p.is_error for p in problems):
            return Look(tuple(problems), self._head, self._outcomes, (), (), 0.0)
        problems += mapped_headers(loaded, self.options.data, self.options.as_of or today)
        dataset = self._dataset(loaded)
        parsed = parse_pack(loaded, dataset.as_of)
        if any(p.is_error for p in parsed.problems):
            return Look(parsed.problems, self._head, self._outcomes, (), (), 0.0)
        before, earlier = self._standing, self._stack
        same = before is not None and before.tables is dataset.tables and before.again(parsed)
        if not same:
            self._stack = ExitStack()
            work = dataset.tables["companies"].parent.parent
            running = self._stack.enter_context(
                session(work, threads=self.options.threads, memory_limit=self.options.memory_limit)
            )
            self._standing = Standing(running, parsed, inputs_from(dataset), dataset.tables)
        assert self._standing is not None
        was, self._head, old = self._head, self._ranked(), self._loaded
        self._outcomes = dict(
            self._standing.session.rows("SELECT outcome, count(*) FROM ranking GROUP BY outcome ORDER BY outcome")
        )
        edits: tuple[Change, ...] = ()
        shifts: tuple[Shift, ...] = ()
        if before is not None and old is not None:
            edits = tuple(changes(old, loaded))
            programs = parse_pack(old, dataset.as_of).program, parsed.program
            shifts = tuple(self._shifts(before, was, Reach(*programs, list(edits))))
        if not same and before is not None:
            earlier.close()
        self._loaded = loaded
        return Look(tuple(problems), self._head, self._outcomes, edits, shifts, 0.0)

    def _dataset(self, loaded: LoadedPack) -> Dataset:
        """Return the data, those of the last look while no file of theirs and nothing that declares them has changed."""
        said = loaded.document.data
        declared = said.get("tables"), said.get("places")
        if self._data is not None:
            known, record, dataset = self._data
            if known == declared and record is not None and trace.stands(record):
                trace.absorb(record)
                return dataset
        self._number += 1
        work = self.folder / str(self._number)
        work.mkdir()
        with trace.traced() as seen:
            dataset = taken_in(loaded, self.options.data, self.options.as_of, work, today=day_in_china())
        self._data = declared, seen.record(), dataset
        return dataset

    def _ranked(self) -> tuple[Ranked, ...]:
        assert self._standing is not None
        columns = ", ".join(f'"{name}"' for name in SHOWN)
        rows = self._standing.session.rows(
            f"SELECT company_id, name, {columns} FROM ranking WHERE rank IS NOT NULL ORDER BY rank, company_id LIMIT ?",  # noqa: S608
            [self.top],
        )
        return tuple(Ranked(row[0], row[1] or row[0], dict(zip(SHOWN, row[2:], strict=True))) for row in rows)

    def _shifts(self, before: Standing, was: tuple[Ranked, ...], reach: Reach) -> Iterator[Shift]:
        """Compare the companies of both heads, and only these."""
        assert self._standing is not None
        old, new = {r.company_id: r for r in was}, {r.company_id: r for r in self._head}
        ids = [*new, *(i for i in old if i not in new)]
        same = before is self._standing
        folders = [self.folder / "before", self.folder / "after"]
        for folder, standing, earlier in zip(folders, (before, self._standing), (same, False), strict=True):
            folder.mkdir(exist_ok=True)
            for name in _COMPARED:
                standing.rows(name, ids, before=earlier).write_parquet(folder / f"{name}.parquet")
        moves, _ = compare(folders[0], folders[1], reach, 0)
        by_id = {move.company_id: move for move in moves}
        for company_id in ids:
            move = by_id.get(company_id)
            way: Way = "left" if company_id not in new else "entered" if company_id not in old else "moved"
            if move is not None or way != "moved":
                shown = new.get(company_id) or old[company_id]
                yield Shift(
                    way,
                    company_id,
                    shown.name,
                    move.before if move else old[company_id].state if company_id in old else {},
                    move.after if move else new[company_id].state if company_id in new else {},
                    move.causes if move else (),
                )

    def _times(self) -> dict[str, object]:
        return {name: self._time(name) for name in self._paths}

    @staticmethod
    def _time(name: str) -> object:
        try:
            found = os.stat(name)  # noqa: PTH116 - a path that is no path must not fail
        except (OSError, ValueError):
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
