"""While rules and data are edited the head of the ranking is that of a cold run, and what moved is told with its rule."""

from __future__ import annotations

import datetime
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from screening.cli import group
from screening.resources import shipped
from screening.run.options import Options
from screening.run.watching import Look, Watch
from tests.run.shared import DEVICES, MEALS, PACK, companies, result_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = datetime.date(2026, 6, 30)
ONE, TWO, THREE = ("样例甲脑机科技有限公司", "样例乙脑机科技有限公司", "样例丙餐饮有限公司")
ROWS = [(ONE, DEVICES, "60"), (TWO, DEVICES, "20"), (THREE, MEALS, "90")]


class Desk:
    """A copy of the small pack, data beside it, and a watch on both."""

    def __init__(self, folder: Path, top: int = 10) -> None:
        self.folder = folder
        shutil.copytree(PACK, folder / "pack")
        shutil.copytree(shipped("rules") / "standard", folder / "standard")
        companies(folder / "data.csv", *ROWS)
        (folder / "work").mkdir()
        self.options = Options(rules=str(folder / "pack"), data=folder / "data.csv", as_of=DAY, threads=1)
        self.watch = Watch(self.options, top, folder / "work")
        self.colds = 0

    def edit(self, old: str, new: str) -> None:
        """Edit the head of the pack, at the first place where the words stand."""
        path = self.folder / "pack" / "pack.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def cold(self) -> list[tuple[Any, ...]]:
        """The head of a run that knows nothing of the watch."""
        self.colds += 1
        chosen = {"rules": self.options.rules, "as_of": DAY}
        _, ranking = result_of(self.folder / "data.csv", self.folder / f"cold{self.colds}", **chosen)
        ranked = ranking.drop_nulls("rank").sort("rank", "company_id").head(self.watch.top)
        return ranked.select("company_id", "rank", "score", "outcome", "tier").rows()

    def look(self) -> Look:
        """Look, and hold the head against a cold run."""
        found = self.watch.look()
        if found.is_sound:
            head = [(r.company_id, *(r.state[k] for k in ("rank", "score", "outcome", "tier"))) for r in found.head]
            assert head == self.cold()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.watch.close()


def test_edits_of_points_gates_words_and_data_one_after_the_other(desk: Desk) -> None:
    first = desk.look()
    assert [r.name for r in first.head] == [ONE, TWO]
    assert not first.shifts

    desk.edit("{from: 10, to: 50, points: 5}", "{from: 10, to: 50, points: 10}")
    desk.edit("fit: 0.4, merit: 0.6", "fit: 0.3, merit: 0.7")
    lifted = desk.look()
    assert lifted.is_sound, lifted.problems
    assert len(lifted.edits) == 3
    assert [(s.way, s.name, s.before["rank"], s.after["rank"]) for s in lifted.shifts] == [("moved", TWO, 2, 1)]
    assert {c.rule_id for s in lifted.shifts for c in s.causes} >= {"staff_points"}

    desk.edit("staff_count > 1000", "staff_count > 50")
    stopped = desk.look()
    [left] = stopped.shifts
    assert (left.way, left.name, left.causes[0].rule_id) == ("left", ONE, "too_many")

    desk.edit("strong: [脑机接口]", "strong: [脑机接口, 餐饮]")
    desk.edit("staff_count > 50", "staff_count > 1000")
    reading = desk.look()
    assert {s.name for s in reading.shifts if s.way == "entered"} >= {ONE}

    companies(desk.folder / "data.csv", *ROWS[1:])
    fewer = desk.look()
    assert ("left", ONE) in {(s.way, s.name) for s in fewer.shifts}
    assert not fewer.edits


def test_an_error_is_told_at_its_place_and_the_head_stays(desk: Desk) -> None:
    before = desk.look()
    desk.edit("fit: 0.4, merit: 0.6", "fit: 0.4, merit: 0.9")
    broken = desk.look()
    assert not broken.is_sound
    assert any(p.is_error and p.position and p.position.line for p in broken.problems)
    assert broken.head == before.head
    desk.edit("merit: 0.9", "merit: [")
    assert not desk.look().is_sound
    desk.edit("merit: [", "merit: 0.6")
    mended = desk.look()
    assert mended.is_sound
    assert not mended.shifts


def test_a_save_is_seen_while_it_watches(desk: Desk) -> None:
    found: list[Look] = []
    watching = threading.Thread(target=lambda: found.extend(desk.watch.looks(2)))
    watching.start()
    while not found:
        time.sleep(0.05)
    desk.edit("staff_count > 1000", "staff_count > 50")
    watching.join(60)
    assert len(found) == 2
    assert ("left", ONE) in {(s.way, s.name) for s in found[1].shifts}


def test_the_command_writes_a_page_that_asks_for_nothing_but_itself(desk: Desk) -> None:
    page = desk.folder / "watch.html"
    words = ["watch", "--rules", desk.options.rules, "--data", str(desk.options.data), "--as-of", "2026-06-30"]
    done = CliRunner().invoke(group, [*words, "--times", "1", "--page", str(page)])
    assert done.exit_code == 0, done.output
    assert ONE in done.output
    html = page.read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' in html
    assert ONE in html
    assert "default-src 'none'" in html.replace("&#39;", "'")
    assert not {"http://", "https://", "<script"} & {w for w in ("http://", "https://", "<script") if w in html}
