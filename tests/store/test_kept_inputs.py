"""Rules and data that were read before: whatever is edited in the files, the run is the one of a cold start."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening import trace
from screening.resources import shipped
from screening.result.contract import RELATIONS
from screening.rulebook.check import check_pack
from screening.run.options import Options
from screening.run.screening import assemble
from screening.store import VARIABLE, Store
from tests.run.shared import DEVICES, MEALS, PACK, companies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

DAY = datetime.date(2026, 6, 30)
NAMES = ("样例甲科技有限公司", "样例乙餐饮有限公司", "样例丙科技有限公司")
Rows = list[tuple[str, str, str]]
START: Rows = [(NAMES[0], DEVICES, "60"), (NAMES[1], MEALS, "3")]


def _set_rows(rows: Rows) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        companies(folder / "data.csv", *rows)

    return edit


def _in_pack(old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        for file in sorted((folder / "pack").glob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            if old in text:
                file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


EDITS = st.one_of(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES), st.sampled_from([DEVICES, MEALS]), st.sampled_from(["60", "3", "约60人", ""])
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda row: row[0],
    ).map(_set_rows),
    st.sampled_from(["# 注\n", ""]).map(lambda head: _in_pack("pack:", f"{head}pack:")),
    st.sampled_from(
        [
            ("points: 5}", "points: 6}"),
            ("fit: 0.4, merit: 0.6", "fit: 0.5, merit: 0.5"),
            ("fit: 0.5", "fit: 0.7"),
            ("strong: [脑机接口]", "strong: [餐饮]"),
            ("staff_count > 1000", "staff_count > 50"),
        ]
    ).map(lambda words: _in_pack(*words)),
)


def outcome(folder: Path, cache: str, work: Path) -> Any:
    """Everything that a run says of its inputs: relations by digest, manifest, quality, problems of the pack."""
    before = os.environ[VARIABLE]
    os.environ[VARIABLE] = cache
    work.mkdir()
    try:
        options = Options(rules=str(folder / "pack"), data=folder / "data.csv", as_of=DAY, dossiers="none", threads=1)
        try:
            loaded, record, notices = assemble(options, work, lambda _: None)
        except Exception as error:
            return repr(error)
        record.pop("run_id")
        files = {
            name: trace.sha256_of(str(work / name))
            for name in (
                "pack/pack.yaml",
                "pack/origins.csv",
                "quality.json",
                *(f"tables/{t}.parquet" for t in loaded.pack.tables),
            )
        }
        plain = json.loads(json.dumps(record, default=str))
        return files, plain, [repr(n) for n in notices], loaded.document.values, sorted(r.name for r in RELATIONS)
    finally:
        os.environ[VARIABLE] = before
        shutil.rmtree(work, ignore_errors=True)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, min_size=2, max_size=3))
def test_any_walk_of_edits_of_the_files_gives_what_cold_runs_give(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Callable[[Path], None]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(PACK, folder / "pack")
    shutil.copytree(shipped("rules") / "standard", folder / "standard")
    _set_rows(START)(folder)
    cold: dict[str, Any] = {}
    for number, edit in enumerate([lambda _: None, *edits, lambda _: None]):
        edit(folder)
        state = "".join(
            file.read_text(encoding="utf-8") for file in (*sorted((folder / "pack").glob("*")), folder / "data.csv")
        )
        if state not in cold:
            cold[state] = outcome(folder, "off", folder / f"cold{number}")
        assert outcome(folder, str(folder / "cache"), folder / f"warm{number}") == cold[state]


def test_data_are_taken_in_once(tmp_path: Path) -> None:
    _set_rows(START)(tmp_path)
    shutil.copytree(PACK, tmp_path / "pack")
    time.sleep(0.1)
    cache = tmp_path / "cache"
    first = outcome(tmp_path, str(cache), tmp_path / "one")
    kept = {k.kind: k.count for k in Store(cache).kept()}
    assert kept["intake"] == 1
    assert {"check", "file"} <= set(kept)
    assert outcome(tmp_path, str(cache), tmp_path / "two") == first


def test_a_pack_whose_lines_moved_has_its_problems_at_their_new_lines(tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path / "pack")
    shutil.copytree(shipped("rules") / "standard", tmp_path / "standard")
    _in_pack("gates:", "facts_unused:\ngates:")(tmp_path)
    _, first = check_pack(tmp_path / "pack", DAY)
    head = tmp_path / "pack" / "pack.yaml"
    head.write_text("# 注\n" + head.read_text(encoding="utf-8"), encoding="utf-8")
    _, moved = check_pack(tmp_path / "pack", DAY)
    placed = [
        (p.position.line if p.position else 0) for p in first if p.position and p.position.file.endswith("pack.yaml")
    ]
    assert [
        (p.position.line if p.position else 0) for p in moved if p.position and p.position.file.endswith("pack.yaml")
    ] == [line + 1 for line in placed]
    assert placed
