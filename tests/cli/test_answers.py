"""A question put again is answered again without work, and never with what no longer holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screening import trace
from screening.cli import answers
from screening.resources import shipped
from screening.store import VARIABLE, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINES = ("pydantic", "yaml", "sqlglot")


class Desk:
    """A working folder with a copy of a pack, and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder, folder / "cache"
        for name in ("innovative-sme-2022", "standard"):
            shutil.copytree(shipped("rules") / name, folder / "rules" / name)
        self.pack = folder / "rules" / "innovative-sme-2022"

    def ask(self, *words: str, cache: str | None = None) -> tuple[int, str, set[str]]:
        """Put a question in a process of its own; return its exit code, its words and the packages that were imported."""
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "screening", *words],
            cwd=self.folder,
            env={**os.environ, VARIABLE: cache or str(self.cache), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        imported = {
            line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line
        }
        return done.returncode, done.stdout, imported

    def kept(self) -> int:
        """How many answers are kept."""
        return sum(k.count for k in Store(self.cache).kept() if k.kind == "answer")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_same_question_costs_nothing_and_an_edit_is_seen(desk: Desk) -> None:
    words = ("check", "rules/innovative-sme-2022")
    code, first, _ = desk.ask(*words)
    assert (code, desk.kept()) == (0, 1)
    code, again, imported = desk.ask(*words)
    assert (code, again) == (0, first)
    assert not imported & set(ENGINES)
    head = desk.pack / "pack.yaml"
    text = head.read_text(encoding="utf-8")
    assert "version:" in text
    head.write_text(text.replace("version: ", "version: 9", 1).replace('version: 9"', 'version: "9'), encoding="utf-8")
    edited = desk.ask(*words)[1]
    assert edited != first
    assert edited == desk.ask(*words, cache="off")[1]
    head.write_text(text, encoding="utf-8")
    assert desk.ask(*words)[1] == first


def test_an_answer_with_problems_and_one_that_writes_are_not_kept(desk: Desk) -> None:
    assert desk.ask("check", "rules/nowhere")[0] == 1
    assert desk.ask("sql", "--rules", "rules/innovative-sme-2022", "--step", "gates", "--out", "sql")[0] == 0
    assert desk.kept() == 0
    shutil.rmtree(desk.folder / "sql")
    assert desk.ask("sql", "--rules", "rules/innovative-sme-2022", "--step", "gates", "--out", "sql")[0] == 0
    assert list((desk.folder / "sql").iterdir())


def test_a_file_laid_into_the_pack_is_seen(desk: Desk) -> None:
    words = ("sql", "--rules", "rules/innovative-sme-2022", "--step", "gates")
    assert desk.ask(*words)[0] == 0
    assert desk.kept() == 1
    (desk.pack / "zz.yaml").write_text("gates:\n  broken\n", encoding="utf-8")
    assert desk.ask(*words)[0] == 1


@pytest.fixture
def elsewhere() -> Iterator[Desk]:
    """A desk that does not lie in the system's folder for scratch, as nobody's does."""
    with tempfile.TemporaryDirectory(prefix=".desk-", dir=Path(__file__).parent) as folder:
        yield Desk(Path(folder))


def test_what_clears_its_scratch_away_is_told_again_wherever_one_works(elsewhere: Desk) -> None:
    words = ("test", "rules/innovative-sme-2022")
    code, said, _ = elsewhere.ask(*words)
    assert (code, elsewhere.kept()) == (0, 1)
    _, again, imported = elsewhere.ask(*words)
    assert again == said
    assert not imported & set(ENGINES)


def test_a_folder_that_was_looked_into_untold_is_noticed(elsewhere: Desk) -> None:
    looked_into = [str(elsewhere.pack)]
    with trace.traced() as seen:
        assert not answers._all_traced([], looked_into, seen, Store(elsewhere.cache))
        trace.listed(elsewhere.pack, (p.name for p in elsewhere.pack.iterdir()))
        assert answers._all_traced([], looked_into, seen, Store(elsewhere.cache))
