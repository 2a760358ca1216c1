"""`screen plan`: what an edit of the rules changes. Two packs on the same data, and every company that moves, with the rule
that moved it.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening import trace
from screening.errors import RulesError
from screening.resources import day_in_china, shipped
from screening.rulebook.layers import find_pack
from screening.rulebook.parsing import parse_pack
from screening.run import manifest as manifests
from screening.run.checked import checked_pack
from screening.run.folder import building, copied
from screening.run.mapped import mapped_headers
from screening.run.moves import Move, MoveCounts, compare
from screening.run.opened import RunFolder, reading, run_folder
from screening.run.options import Options
from screening.run.renames import Renames, renames
from screening.run.rule_changes import Change, Reach, changes
from screening.run.screening import computed, inputs_from
from screening.run.taken_in import taken_in

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from screening.engine.inputs import Inputs
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Progress

RANK_MOVE = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a preview is asked: the working pack, what to hold it against, on which data.

    `against` is a pack or a run folder; without one, the pack that the working one extends, else the shipped pack of its id.
    """

    rules: str
    against: str = ""
    data: Path | None = None
    as_of: datetime.date | None = None
    rank_move: int = RANK_MOVE
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Preview:
    """The effect of an edit: the values that differ, the companies that move, the counts."""

    working: str
    against: str
    as_of: datetime.date
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    tally: MoveCounts

    @property
    def changes_something(self) -> bool:
        """True when a company stands elsewhere than before."""
        return bool(self.moves)


@dataclass(frozen=True, slots=True)
class _Data:
    """Clean tables as both packs read them."""

    inputs: Inputs
    tables: Mapping[str, Path]


def preview(wanted: Wanted, work_parent: Path, progress: Progress = lambda _: None) -> Preview:
    """Run both packs on the same data and compare.

    Raises RulesError or DatasetError with every problem. Nothing is left behind.
    """
    progress("check")
    run = _as_run(wanted.against)
    working = _checked(wanted.rules, wanted.as_of)
    other = run.pack() if run else _checked(wanted.against or _default_against(working), wanted.as_of)
    overrides = run.overrides() if run else ()
    with building(work_parent) as work:
        results: list[Path] = []
        as_of = None
        read: _Data | None = None
        for name, loaded in (("before", other), ("after", working)):
            progress(name)
            folder = work / name
            folder.mkdir()
            # Two packs that declare the same tables and places read the same data in the same way.
            alike = read is not None and _declared(other) == _declared(working)
            with (
                nullcontext(_Data(read.inputs, copied(read.tables, folder)))
                if read and alike
                else _data(wanted, loaded, run, folder) as data
            ):
                read, as_of = data, data.inputs.as_of
                results.append(computed(folder, loaded, data.inputs, data.tables, overrides, wanted.options))
        progress("compare")
        assert as_of is not None
        programs = parse_pack(other, as_of).program, parse_pack(working, as_of).program
        named = renames(other, working, programs)
        found = changes(other, working, named)
        reach = Reach(*programs, found, named)
        moves, tally = compare(results[0], results[1], reach, wanted.rank_move, (named, Renames()))
    shown = f"run {run.path.name}" if run else f"{other.pack.pack.id} {other.pack.pack.version}"
    return Preview(
        f"{working.pack.pack.id} {working.pack.pack.version}", shown, as_of, tuple(found), tuple(moves), tally
    )


def _checked(rules: str, as_of: datetime.date | None) -> LoadedPack:
    return checked_pack(rules, as_of or day_in_china())[0]


def _as_run(against: str) -> RunFolder | None:
    folder = Path(against) if against else None
    if folder is not None:
        trace.looked(folder / manifests.NAME)
    return run_folder(folder) if folder is not None and (folder / manifests.NAME).exists() else None


def _default_against(working: LoadedPack) -> str:
    extends = working.document.data["pack"].get("extends")
    if len(working.folders) > 1:
        return str(working.folders[-2])
    named = shipped("rules") / working.pack.pack.id
    trace.looked(named)
    if named.is_dir() and named.resolve() != find_pack(working.path).resolve():
        return str(named)
    raise RulesError.of(
        "plan/nothing-to-compare",
        f"'{working.pack.pack.id}' extends no pack and is not an edited copy of a shipped one"
        f"{f' ({extends})' if extends else ''}",
        remedy="say what to compare with: --against PACK, or --against RUN",
    )


@contextmanager
def _data(wanted: Wanted, loaded: LoadedPack, run: RunFolder | None, folder: Path) -> Iterator[_Data]:
    """The tables of an earlier run when one is given, else the source, ingested as the pack declares its tables."""
    if run is not None and wanted.data is None:
        tables = copied(run.clean_tables(), folder)
        with reading(run.path):
            yield _Data(run.inputs, tables)
        return
    mapped_headers(loaded, wanted.data or wanted.options.data, wanted.as_of or day_in_china())
    source = wanted.data or wanted.options.data
    dataset = taken_in(loaded, source, wanted.as_of, folder, today=day_in_china())
    yield _Data(inputs_from(dataset), dataset.tables)


def _declared(loaded: LoadedPack) -> object:
    """What of a pack decides how data are read."""
    return loaded.pack.tables, loaded.pack.geography


def record(result: Preview) -> dict[str, Any]:
    """Return a preview as plain data."""
    return {
        "working": result.working,
        "against": result.against,
        "as_of": result.as_of.isoformat(),
        "changes": [
            {"path": ".".join(map(str, c.path)), "old": c.old, "new": c.new, "place": str(c.place) if c.place else None}
            for c in result.changes
        ],
        "counts": result.tally.as_record(),
        "moves": [m.as_record() for m in result.moves],
    }
