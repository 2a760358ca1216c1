"""Rule packs: loaded, checked, tested, previewed, printed as SQL, migrated."""

from __future__ import annotations

import html
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.errors import Problem, RulesError, did_you_mean
from screening.run.options import DEFAULT_MEMORY, DEFAULT_PACK, Options

if TYPE_CHECKING:
    import datetime
    from collections.abc import Generator, Mapping, Sequence

    import polars as pl

    from screening.api.answers import Look, Migrated, Preview, Quotes, Report, Step
    from screening.report.wording import Lang
    from screening.rulebook import program
    from screening.rulebook.loader import LoadedPack
    from screening.run.options import Progress


@dataclass(frozen=True)
class Pack:
    """A checked rule pack. `notices` are its warnings; a pack with errors does not load."""

    loaded: LoadedPack = field(repr=False)
    notices: tuple[Problem, ...] = field(repr=False)
    as_of: datetime.date
    name: str

    @property
    def id(self) -> str:
        """Return the id."""
        return self.loaded.pack.pack.id

    @property
    def version(self) -> str:
        """Return the version."""
        return self.loaded.pack.pack.version

    @property
    def digest(self) -> str:
        """Return the digest over the merged values, not the layout of files."""
        return self.loaded.digest

    def rules(self) -> pl.DataFrame:
        """Return one row per rule: kind, file and line, what it reads and who reads it, as in the relation `program`."""
        from screening.engine.pipeline import program_frame
        from screening.rulebook.parsing import parse_pack

        return program_frame(parse_pack(self.loaded, self.as_of))

    def rule(self, rule_id: str) -> Rule:
        """Return one rule by its id. Raises RulesError when the pack has none of it, with near ids."""
        from screening.rulebook.parsing import parse_pack

        program = parse_pack(self.loaded, self.as_of).program
        found = program.of_id(rule_id)
        if not found:
            known = sorted({rule.id for rule in program.rules.values()})
            raise RulesError.of(
                "api/rule", f"there is no rule '{rule_id}'", remedy=did_you_mean(rule_id, known) or "see Pack.rules()"
            )
        return Rule(self, found[0])

    def names(self, lang: Lang = "zh") -> dict[str, str]:
        """Return what its rules, pillars, directions, stages and tiers are called, by id."""
        from screening.analysis.rulewords import names

        return names(self.loaded.pack, lang)

    def counts(self) -> Mapping[str, int]:
        """Return how many there are of each kind of rule."""
        from screening.rulebook.check.counts import counts

        return counts(self.loaded.pack)

    def effective(self, path: str = "") -> list[tuple[str, str, int, str]]:
        """Return (path, file, line, value) for every value under a path such as `gates.listed_company`, or for all.

        Raises RulesError where the pack has nothing there.
        """
        from screening.run.packfile import origins

        every = origins(self.loaded)
        rows = [row for row in every if not path or row[0] == path or row[0].startswith(f"{path}.")]
        if not rows:
            known = {".".join(row[0].split(".")[:2]) for row in every}
            raise RulesError.of(
                "check/no-such-path",
                f"the pack has nothing at '{path}'",
                remedy=did_you_mean(path, known) or "write section.id, such as gates.listed_company",
            )
        return rows

    def _repr_html_(self) -> str:
        label = html.escape(self.loaded.pack.pack.label.text("zh"))
        return f"<b>{label}</b> {html.escape(self.id)} {html.escape(self.version)} <code>{self.digest[:12]}</code>"


@dataclass(frozen=True)
class Rule:
    """One rule of a pack: where it stands, what it says, its clause, what it reads and who reads it."""

    pack: Pack = field(repr=False)
    inner: program.Rule = field(repr=False)

    def __repr__(self) -> str:
        return f"Rule({self.kind} {self.id!r}, {self.place})"

    @property
    def id(self) -> str:
        """Return the id."""
        return self.inner.id

    @property
    def kind(self) -> str:
        """Return what sort of rule it is: `fact`, `gate`, `criterion`…"""
        return self.inner.kind

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the ids of the rules that it reads."""
        return tuple(key.id for key in self.inner.reads)

    @property
    def readers(self) -> tuple[str, ...]:
        """Return the ids of the rules that read it."""
        return tuple(key.id for key in self.inner.readers)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that it reads itself, as `table.column`."""
        return self.inner.columns

    @property
    def place(self) -> str:
        """Return file and line."""
        return str(self.inner.position or "")

    def says(self) -> Any:
        """Return what the pack says of it, as plain data."""
        said: Any = self.pack.loaded.document.data
        for step in self.inner.path:
            said = said[step]
        return said

    def sql(self) -> str:
        """Return the SQL that decides it. Raises RulesError for a rule that no statement decides by itself."""
        from screening.run.statements import statement_of

        return statement_of(self.pack.name, self.pack.as_of, self.id).sql

    def _repr_html_(self) -> str:
        import yaml

        said = yaml.safe_dump(self.says(), allow_unicode=True, sort_keys=False, width=100)
        rows = [
            ("kind", self.kind),
            ("place", self.place),
            ("reads", ", ".join((*self.reads, *self.columns))),
            ("read by", ", ".join(self.readers)),
        ]
        told = "".join(f"<tr><th>{key}</th><td>{html.escape(value)}</td></tr>" for key, value in rows if value)
        return f"<b>{html.escape(self.id)}</b><table>{told}</table><pre>{html.escape(said)}</pre>"


@dataclass(frozen=True)
class Check:
    """What a check found. `pack` is None where the pack cannot be read at all; one with errors is there to be looked at only."""

    pack: Pack | None
    problems: tuple[Problem, ...]
    quotes: Quotes | None
    as_of: datetime.date

    @property
    def is_sound(self) -> bool:
        """True when there is no error."""
        return not any(p.is_error for p in self.problems)


def load_pack(
    name: str | Path = DEFAULT_PACK, as_of: datetime.date | None = None, *, trusted: Sequence[Path] = ()
) -> Pack:
    """Load and check a shipped pack by name, or a pack by path. Raises RulesError with every error."""
    from screening.resources import day_in_china
    from screening.run.checked import checked_pack

    day = as_of or day_in_china()
    loaded, notices = checked_pack(name, day, trusted)
    return Pack(loaded, notices, day, str(name))


def check(
    pack: str | Path = DEFAULT_PACK,
    *,
    source: str | Path | None = None,
    as_of: datetime.date | None = None,
    trusted: Sequence[Path] = (),
) -> Check:
    """Check a pack: all problems of form and of meaning at once. `source`: the plan's text, in which every quote is looked up.

    Raises RulesError for a text that cannot be read.
    """
    from screening.resources import day_in_china
    from screening.rulebook.check import check_pack, in_order
    from screening.rulebook.check.counts import quotes
    from screening.run.checked import plan_text

    day = as_of or day_in_china()
    loaded, problems = check_pack(pack, day, trusted)
    if loaded is None:
        return Check(None, tuple(problems), None, day)
    found = quotes(loaded, None if source is None else plan_text(Path(source)))
    told = tuple(in_order([*problems, *found.problems]))
    return Check(Pack(loaded, told, day, str(pack)), told, found, day)


def test(pack: str | Path = DEFAULT_PACK, containing: str = "", *, trusted: Sequence[Path] = ()) -> Report:
    """Run the cases beside a pack, those whose name contains a text; tell what differs and which rules no case tries."""
    from screening.rulebook.loader import load_pack as loaded
    from screening.run.cases import run_cases

    return run_cases(loaded(pack, trusted), containing)


def plan(
    pack: str | Path = DEFAULT_PACK,
    against: str | Path = "",
    data: str | Path | None = None,
    *,
    as_of: datetime.date | None = None,
    rank_move: int = 10,
    progress: Progress = lambda _: None,
) -> Preview:
    """Compare two packs, or a run's pack and one being edited, on the same data: who moves, and by which rule. Writes nothing.

    Raises RulesError or DatasetError with every problem.
    """
    import tempfile

    from screening.run.preview import Wanted, preview

    wanted = Wanted(str(pack), str(against), None if data is None else Path(data), as_of, rank_move)
    with tempfile.TemporaryDirectory(prefix="screen-plan-") as folder:
        return preview(wanted, Path(folder), progress)


def watch(
    pack: str | Path = DEFAULT_PACK,
    data: str | Path | None = None,
    *,
    as_of: datetime.date | None = None,
    top: int = 20,
    times: int | None = None,
    trusted: tuple[Path, ...] = (),
    threads: int | None = None,
    memory_limit: str = DEFAULT_MEMORY,
) -> Generator[Look]:
    """Yield the first ranks, then how they changed after each save of rules or data; `times` looks, or without end."""
    import tempfile

    from screening.run.watching import Watch

    chosen: dict[str, Any] = {"rules": str(pack), "as_of": as_of, "trusted": trusted, "memory_limit": memory_limit}
    chosen |= {} if data is None else {"data": Path(data)}
    chosen |= {} if threads is None else {"threads": threads}
    with (
        tempfile.TemporaryDirectory(prefix="screen-watch-") as folder,
        closing(Watch(Options(**chosen), top, Path(folder))) as watching,
    ):
        yield from watching.looks(times)


def statements(
    pack: str | Path = DEFAULT_PACK, *, rule: str = "", step: str = "", as_of: datetime.date | None = None
) -> list[Step]:
    """Return the steps with their SQL as they run when every table is there: all, one by name, or the part that decides one rule.

    Raises RulesError for an unknown rule or step.

    >>> [step.name for step in statements(step="stage")]
    ['stage']
    """
    from screening.resources import day_in_china
    from screening.run.statements import statement_of, way_of

    day = as_of or day_in_china()
    return [statement_of(str(pack), day, rule)] if rule else way_of(str(pack), day, step)


def migrate(pack: str | Path, *, write: bool = False, trusted: tuple[Path, ...] = ()) -> Migrated:
    """Rewrite a pack of an earlier form in today's, and only where every rule says the same; files are written where asked for.

    Raises RulesError when it cannot be read, or would not say the same.
    """
    from screening.resources import day_in_china
    from screening.rulebook.migration import migrated

    found = migrated(Path(pack), day_in_china(), trusted)
    if write:
        for file, text in found.changed().items():
            file.write_text(text[1], encoding="utf-8", newline="\n")
    return found


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """Return the JSON Schemas of packs, cases and `dataset.yaml` for an editor, by the names of their files."""
    from screening.run.workspace import schemas as known

    return known()


def init(folder: str | Path) -> list[Path]:
    """Lay out a workspace that runs at once and return its files. Raises RunError for a folder that holds anything."""
    from screening.run.workspace import lay_out

    return lay_out(Path(folder))
