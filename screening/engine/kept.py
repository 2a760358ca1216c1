"""Relations of earlier runs, found again by all they were made from: a step runs only when its text or what it reads is new.

The identity of a clean table is the hash of its file; that of a step's relation is the hash of its text and of the identities of
what it reads; so a relation is never that of other data, other rules or another program. What has no identity is worked out anew.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from screening.engine.classify import CLASSIFYING, READS, statement
from screening.engine.export import write
from screening.result.contract import RELATIONS
from screening.rulebook.lexicon import OF_WORDS
from screening.rulebook.program import CLASSIFICATION_SECTIONS
from screening.store import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from screening.engine.session import Session
    from screening.engine.steps import Step
    from screening.rulebook.scope import ParsedPack
    from screening.store import Store

KIND = "relation"
OUTCOMES = "override_outcomes"
CLASSES = ("profile", "classification", "spans", "patent_directions", OUTCOMES)
"""What classification leaves behind, all of it or nothing."""

_EXPORTED = {relation.name: relation for relation in RELATIONS}
_CHANGED_BY_FILES = ("DOUBLE", "HUGEINT")
"""Kinds of columns that a file of the contract holds as another kind."""
_CHUNK = 1 << 20


class Kept:
    """The relations that one run can take from earlier ones, and gives to later ones.

    `result` is the folder where the run writes its relations; what is taken lies there, or in `aside`, as it was written.
    """

    def __init__(self, store: Store, result: Path, aside: Path) -> None:
        self.store, self.result, self.aside = store, result, aside
        self.identities: dict[str, str] = {}
        self.made: set[str] = set(CLASSES)
        self.taken: set[str] = set()
        self.classified = False
        self.touched: list[str] | None = None
        """The companies that were classified again while the others were not; None: all were, or none."""
        self._base, self._same_words, self._whole, self._before = "", "", "", ""
        self._words: object = None
        self._texts: dict[str, str] = {}
        self._tables: Mapping[str, Path] = {}

    def tables(self, tables: Mapping[str, Path]) -> None:
        """Give the clean tables their identities."""
        self._tables = tables
        for name, path in tables.items():
            self.identities[name] = _hash(path)

    def lookups(self, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Give the small tables of the pack their identities."""
        for name, content in rows.items():
            self.identities[name] = key("lookup", [list(row) for row in content])

    def classes(self, parsed: ParsedPack, overrides: Sequence[Any]) -> None:
        """Give what classification makes its identities."""
        reads = [self.identities.get(name) for name in READS]
        if reads[0] is None:
            return
        data = parsed.loaded.document.data
        said = [data.get(section) for section in CLASSIFICATION_SECTIONS]
        texts = [statement(name) for name in CLASSIFYING]
        self.classified = True
        self._whole = key("classes", said, texts, reads, parsed.as_of.isoformat(), [repr(each) for each in overrides])
        for name in CLASSES:
            self.identities[name] = key(self._whole, name)
        if not overrides:
            others = [data.get(section) for section in CLASSIFICATION_SECTIONS if section != "lexicon"]
            # All that an entry says but for its words, so that what entries may say one day is among it.
            said_of = {i: e.model_dump(exclude=OF_WORDS, exclude_defaults=True) for i, e in parsed.pack.lexicon.items()}
            classes = {entry_id: said for entry_id, said in said_of.items() if said}
            self._base = key("classes but for words", others, classes, texts, reads, parsed.as_of.isoformat())
            self._same_words = key("classes but for data", said, texts, parsed.as_of.isoformat())
            self._texts = {name: self.identities[name] for name in READS if name in self.identities}

    def but_for_words(self, words: object) -> Any:
        """Return the words of the latest classification that differs in these alone, None where there is none."""
        self._words = words
        said = self.store.read(KIND, self._base) if self._base else None
        if said is None:
            return None
        self._before, before = json.loads(said)
        return before

    def but_for_data(self) -> dict[str, tuple[Path, Path]] | None:
        """Return the clean tables, as they are and as they were, of the latest classification by the same rules of other data; None where
        there is none.
        """
        said = self.store.read(KIND, self._same_words) if self._same_words else None
        if said is None:
            return None
        self._before, before = json.loads(said)
        if before.keys() != self._texts.keys():
            return None
        pairs = {name: (self._tables[name], self.aside / f"{name} before.parquet") for name in before}
        there = all(self.store.fetch_file(before[name], path) for name, (_, path) in pairs.items())
        return pairs if there else None

    def as_before(self, session: Session) -> bool:
        """Take the relations of that classification as they are, where nothing that it reads is other; tell whether they are there."""
        self._whole = self._before
        self.identities |= {name: key(self._before, name) for name in CLASSES}
        return self.take(session, CLASSES)

    def earlier(self) -> dict[str, Path] | None:
        """Return the relations of that classification, but for those of overrides; None where they are not there any more."""
        found = {name: self.aside / f"{name} before.parquet" for name in CLASSES if name != OUTCOMES}
        there = [self.store.fetch(KIND, key(self._before, name), path) for name, path in found.items()]
        return found if all(there) else None

    def without_classes(self) -> None:
        """The same for a pack without directions, which tells nothing of texts."""
        companies = self.identities.get("companies")
        if companies is not None:
            for name in CLASSES:
                self.identities[name] = key("no classes", companies, name)

    def step(self, step: Step) -> None:
        """Give the relation of a step its identity, where all it reads has one; a table that the data lack is always empty."""
        self.made.add(step.name)
        reads = {name: self.identities.get(name) for name in step.reads}
        if all(reads.values()):
            self.identities[step.name] = key("step", step.sql, reads)

    def take(self, session: Session, names: Iterable[str]) -> bool:
        """Make relations readable as they were kept, all of them or none; tell whether they were."""
        found: list[tuple[str, Path]] = []
        for name in names:
            identity = self.identities.get(name)
            path = self._path(name)
            if identity is None or not self.store.fetch(KIND, identity, path):
                for _, fetched in found:
                    fetched.unlink(missing_ok=True)
                return False
            found.append((name, path))
        for name, path in found:
            session.view(name, path)
            self.taken.add(name)
        return True

    def keep(self, session: Session, names: Iterable[str] | None = None) -> None:
        """Keep what was worked out, all of it or some; what has not been written to `result` is written now."""
        for name in self.identities if names is None else names:
            identity = self.identities.get(name)
            if identity is None or name not in self.made - self.taken or (name in CLASSES and not self.classified):
                continue
            if any(kind in _CHANGED_BY_FILES for _, kind in session.columns(name)):
                continue
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if name not in _EXPORTED:
                session.connection.table(name).write_parquet(str(path), compression="zstd")
            elif not path.exists():
                write(session, _EXPORTED[name], path)
            self.store.adopt(KIND, identity, path)
        if self._words is not None:
            self.store.write(KIND, self._base, json.dumps([self._whole, self._words]).encode())
        if self._same_words and all(self.store.keep_file(self._tables[n], sha256) for n, sha256 in self._texts.items()):
            self.store.write(KIND, self._same_words, json.dumps([self._whole, self._texts]).encode())

    def _path(self, name: str) -> Path:
        return (self.result if name in _EXPORTED else self.aside) / f"{name}.parquet"


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
