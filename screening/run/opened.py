"""A run folder that came from anywhere, opened: its entries, manifest, pack and relations are looked at before anything is asked."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from screening import trace
from screening.analysis.rundata import RunData, open_run
from screening.engine.inputs import MAIN, inputs_of
from screening.errors import RulesError, RunError, ScreeningError
from screening.expression_sql.pieces import column as named
from screening.result.contract import EXTERNAL, OUTCOMES, RELATIONS
from screening.run import manifest as manifests
from screening.run.folder import BUILDING, entries, sha256
from screening.run.packfile import read_effective_pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screening.engine.inputs import Inputs
    from screening.rulebook.loader import LoadedPack

BEARING = ("pack/", "tables/", "result/", "quality.json", "overrides.")
"""How the names of files begin that are opened again."""

_SHOWN = 4


def find_run(named: str, here: Path | None = None) -> Path:
    """Return the run that a reader means: a run folder, a file in it, or a run id, from wherever the reader stands.

    An id is looked for in `here` (the working folder), in `reports`, in the folders inside, and upwards: a dossier's own folder
    will do. Raises RunError naming what was looked for.
    """
    given = Path(named)
    if given.is_file():
        found = next((p for p in given.resolve().parents if (p / manifests.NAME).is_file()), None)
        if found is not None:
            return _shown(found)
    elif given.is_dir():
        return given
    here = here or Path()
    if given.name == named:
        for parent in (here, *here.resolve().parents):
            if parent.name == named and (parent / manifests.NAME).is_file():
                return _shown(parent)
            if (parent / named / manifests.NAME).is_file():
                return _shown(parent / named)
        for pattern in (f"*/{named}", f"*/*/{named}"):
            for place in sorted(here.glob(pattern)):
                if (place / manifests.NAME).is_file():
                    return place
    raise RunError.of(
        "run/none",
        f"there is no run '{named}' here, below here or above",
        remedy="give the run folder, a page inside it, or stand in the folder that holds the runs",
    )


def _shown(path: Path) -> Path:
    """Return a path relative to the working folder where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run folder whose entries and manifest are sound: every file that is opened again is there and is a regular file."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def inputs(self) -> Inputs:
        """What the dataset of the run offered to the rules."""
        return inputs_of(self.manifest)

    @property
    def tables(self) -> dict[str, Path]:
        """The clean tables, by name."""
        return {p.stem: p for p in sorted((self.path / "tables").glob("*.parquet"))}

    def clean_tables(self) -> dict[str, Path]:
        """Return the clean tables for the engine. Raises RunError when a company stands in them twice or without its id: the
        steps join one row per company, and rows that repeat would multiply with every step.
        """
        import polars as pl  # noqa: PLC0415 - a question to the result needs neither this nor intake

        tables = self.tables
        with reading(self.path):
            ids = pl.read_parquet(tables[MAIN], columns=["company_id"], glob=False)["company_id"]
            if ids.null_count() or ids.n_unique() != len(ids):
                raise _broken(self.path, f"{MAIN} has a company without an id, or several rows for one")
            for path in tables.values():
                pl.scan_parquet(path, glob=False).collect_schema()
        return tables

    @property
    def overrides_file(self) -> Path | None:
        """The analysts' overrides as used, None without any."""
        return next(iter(sorted(self.path.glob("overrides.*"))), None)

    def overrides(self) -> Sequence[Any]:
        """Read the overrides. Raises DatasetError for a file that cannot be read."""
        if self.overrides_file is None:
            return ()
        from screening.dataset.overrides import read_overrides  # noqa: PLC0415

        return read_overrides(self.overrides_file)

    def pack(self) -> LoadedPack:
        """Load the pack as used. Raises RunError when it is damaged."""
        try:
            return read_effective_pack(self.path / "pack")
        except RulesError as error:
            said = "; ".join(dict.fromkeys(p.message for p in error.problems))
            raise _unusable(self, ["pack/pack.yaml"], f"its pack cannot be used: {said}") from error


def run_folder(path: Path) -> RunFolder:
    """Look at a run folder without opening any file but its manifest.

    Raises RunError for a folder that is no run, an incomplete copy, or one in which links or special files lie.
    """
    manifest = manifests.read(path)
    if manifest.get("audience") == EXTERNAL:
        raise RunError.of(
            "run/made-for-others",
            f"'{path.as_posix()}' was made for others (audience: external): it has the pages and results, but not the "
            "tables that this question needs",
            remedy="ask the internal run; its run id differs (`screen run` without --audience external makes one)",
        )
    found = entries(path)
    foreign = [f"{name} ({what})" for name, what in found.foreign if what != "an empty folder"]
    if foreign:
        raise _broken(path, f"it holds what no run holds: {_some(foreign)}", "do not open it; ask whoever sent it")
    lacking = sorted(f for f in manifest["files"] if f.startswith(BEARING) and f not in set(found.files))
    # A large relation is a folder of files.
    there = {*found.files, *(name.rpartition("/")[0] for name in found.files)}
    lacking += [
        name
        for name in ("pack/pack.yaml", "tables/companies.parquet", *(f"result/{r.name}.parquet" for r in RELATIONS))
        if name not in there and name not in lacking
    ]
    if lacking:
        said = {*manifest["files"], *(name.rpartition("/")[0] for name in manifest["files"])}
        if not said & set(lacking):
            raise _of_another_version(path, f"it never had {_some(lacking)}")
        raise _broken(path, f"an incomplete copy, {len(lacking)} of its files are missing: {_some(lacking)}")
    if trace.is_open():
        trace.listed_below(path)
        for name in found.files:
            trace.read_by_library(path / name, sha256(path / name))
    return RunFolder(path, manifest)


def newest_run(parent: Path) -> Path:
    """Return the newest run below a folder, by the time in its run id. Raises RunError when there is none."""
    if trace.is_open():
        places = list(parent.glob("*"))
        trace.looked(parent)
        trace.listed(parent, (place.name for place in places))
        for place in places:
            trace.looked(place / manifests.NAME)
    runs = [p.parent for p in parent.glob(f"*/{manifests.NAME}") if not p.parent.name.startswith(BUILDING)]
    # One made for others answers no question; where nothing else lies there, that is said.
    runs = [run for run in runs if manifests.read(run).get("audience") != EXTERNAL] or runs
    if not runs:
        raise RunError.of(
            "run/none",
            f"there is no run in '{parent.as_posix()}'",
            remedy="run `screen run` first, or give the run folder with --run",
        )
    # Not by the name of the folder: a run may have been given another.
    return max(runs, key=lambda run: (str(manifests.read(run)["run_id"]), run.name))


@contextmanager
def opened(run_dir: Path | None, parent: Path = Path("reports")) -> Iterator[RunData]:
    """Open a run folder with the pack it used; without a folder, the newest run of `parent`.

    Raises RunError with what is damaged. Whatever a question trips over in a foreign run is told so too: its relations may hold
    values that no run writes.
    """
    found = run_folder(run_dir or newest_run(parent))
    with reading(found.path):
        loaded = found.pack()
        with open_run(found.path, loaded, found.manifest) as data:
            _sound(data, found)
            yield data


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Tell an error of reading a run folder as what it is: a run that is not as a run is written."""
    try:
        yield
    except RunError as error:
        # An error of the database without advice of its own is one of the files it read.
        if any(problem.remedy for problem in error.problems):
            raise
        raise _broken(path, str(error)) from error
    except ScreeningError:
        raise
    except (OSError, MemoryError):
        raise
    except Exception as error:
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at is not None else ""
        said = " ".join(str(error).split())[:300]
        raise _broken(path, f"{type(error).__name__} at {place}: {said}") from error


def _sound(data: RunData, folder: RunFolder) -> None:
    """Compare the relations with the contract: columns and types, one row per key, known outcomes."""
    wrong: list[str] = []
    where: list[str] = []
    for relation in RELATIONS:
        before = len(wrong)
        table = data.connection.table(relation.name)
        found = {c: _kind(str(t)) for c, t in zip(table.columns, table.types, strict=True)}
        for column, kind in relation.columns:
            if column not in found:
                wrong.append(f"{relation.name} has no column '{column}'")
            elif found[column] != _kind(kind):
                wrong.append(f"{relation.name}.{column} is {found[column]}, not {_kind(kind)}")
        if len(wrong) > before:
            where.append(f"result/{relation.name}.parquet")
    if wrong:
        raise _unusable(folder, where, _some(wrong))
    wrong = [
        *(f"{name} has several rows for one company" for name in (*_SINGLE, MAIN) if _repeats(data, name)),
        *(
            f"ranking has the unknown outcome '{row['outcome']}'"
            for row in data.select(exp.select(named("outcome")).distinct().from_(exp.to_table("ranking")))
            if row["outcome"] not in OUTCOMES
        ),
    ]
    if wrong:
        raise _broken(folder.path, _some(wrong))


_SINGLE = tuple(r.name for r in RELATIONS if r.key == ("company_id",))


def _repeats(data: RunData, relation: str) -> bool:
    """Rows that repeat a key would multiply in every question that joins them."""
    key = named("company_id")
    more = exp.Sub(this=exp.Count(this=exp.Star()), expression=exp.Count(this=exp.Distinct(expressions=[key])))
    [row] = data.select(exp.select(exp.alias_(more, "more")).from_(exp.to_table(relation)))
    return bool(row["more"])


def _kind(written: str) -> str:
    return written.replace(" ", "")


def _some(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")


def _unusable(folder: RunFolder, names: Sequence[str], why: str) -> RunError:
    """What cannot be read and stands as it was written is of another version of the program, and not damaged."""
    told: Mapping[str, str] = folder.manifest["files"]
    own = [name for name in told if name in names or name.rpartition("/")[0] in names]
    if own and all(sha256(folder.path / name) == told[name] for name in own):
        return _of_another_version(folder.path, why)
    return _broken(folder.path, why)


def _of_another_version(path: Path, why: str) -> RunError:
    return RunError.of(
        "run/other-version",
        f"the run in '{path.as_posix()}' was made by another version of this program and cannot be opened by this one: {why}",
        remedy="nothing is damaged: run the screening again on the same data, or ask it with the version that made it",
    )


def _broken(
    path: Path,
    why: str,
    remedy: str = "`screen verify` names what was changed; take the run from a complete copy, or run the screening again",
) -> RunError:
    return RunError.of("run/damaged", f"the run in '{path.as_posix()}' cannot be read: {why}", remedy=remedy)
