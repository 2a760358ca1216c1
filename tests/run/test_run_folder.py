"""A run is there or it is not: what ends a run on its way leaves nothing behind, and says what to do."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from screening.errors import DatasetError, RulesError, RunError
from screening.run import manifest
from screening.run.folder import BUILDING, building, settle
from screening.run.opened import newest_run
from screening.run.options import Options
from screening.run.pages import page_names
from screening.run.screening import run
from tests.run.shared import DEVICES, PACK, companies, small, two_companies

BY_ROOT = os.geteuid() == 0 if hasattr(os, "geteuid") else False


def unfinished(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir() if p.name.startswith(BUILDING)] if folder.is_dir() else []


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(RunError) as ended:
        small(two_companies(tmp_path), tmp_path / "out")
    [problem] = ended.value.problems
    assert problem.code == "run/unwritable"
    assert "a file, not a folder" in problem.message
    assert problem.remedy


@pytest.mark.skipif(BY_ROOT, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(RunError) as ended:
        small(two_companies(tmp_path), tmp_path / "out")
    assert [p.code for p in ended.value.problems] == ["run/unwritable"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ValueError])
def test_whatever_ends_a_run_leaves_nothing(error: type[BaseException], tmp_path: Path) -> None:
    with pytest.raises((error, RunError)), building(tmp_path / "out") as work:
        (work / "half").write_text("x", encoding="utf-8")
        raise error
    assert list((tmp_path / "out").iterdir()) == []


def test_runs_of_one_second_stand_side_by_side(tmp_path: Path) -> None:
    places = []
    for _ in range(3):
        with building(tmp_path) as work:
            (work / "manifest.json").write_text("{}", encoding="utf-8")
            places.append(settle(work, tmp_path / "20240914T000000Z-00000000").name)
    assert places == ["20240914T000000Z-00000000", "20240914T000000Z-00000000-2", "20240914T000000Z-00000000-3"]
    assert unfinished(tmp_path) == []


def test_the_name_taken_between_the_look_and_the_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, looked = tmp_path / "run", Path.exists

    def late(path: Path) -> bool:
        """The other process takes the name just after this one saw it free."""
        there = looked(path)
        if path == target and not there:
            target.mkdir()
            (target / "manifest.json").write_text("{}", encoding="utf-8")
        return there

    with building(tmp_path) as work:
        (work / "manifest.json").write_text("{}", encoding="utf-8")
        monkeypatch.setattr(Path, "exists", late)
        place = settle(work, target)
        monkeypatch.undo()
    assert place.name == "run-2"


def test_odd_names_of_folders(tmp_path: Path) -> None:
    out = tmp_path / "a b'c\"结果;&%"
    finished = small(two_companies(tmp_path), out)
    assert finished.run_dir.parent == out
    assert (finished.run_dir / "report.html").is_file()


def test_nobody_in_scope_is_a_finished_run_that_says_so(tmp_path: Path) -> None:
    finished = small(companies(tmp_path / "meals.csv", ("样例丙餐饮有限公司", "餐饮服务", "3")), tmp_path / "out")
    assert finished.manifest["outcomes"] == {"out_of_scope": 1}
    assert "run/nobody-in-scope" in {n.code for n in finished.notices}
    assert (finished.run_dir / "ranking.csv").read_text(encoding="utf-8-sig").count("\n") == 2


def test_a_date_that_has_not_come_is_warned_of(tmp_path: Path) -> None:
    finished = small(two_companies(tmp_path), tmp_path / "out", as_of=datetime.date(2900, 1, 1))
    assert "run/date-ahead" in {n.code for n in finished.notices}
    assert finished.manifest["as_of"] == "2900-01-01"


def test_a_date_before_all_data(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as ended:
        small(two_companies(tmp_path), tmp_path / "out", as_of=datetime.date(1990, 1, 1))
    assert "after_as_of" in ended.value.problems[0].message
    assert list((tmp_path / "out").iterdir()) == []


def test_every_unknown_company_of_the_dossiers_is_told_before_the_work(tmp_path: Path) -> None:
    steps: list[str] = []
    with pytest.raises(RulesError) as ended:
        run(
            Options(
                rules=PACK,
                data=two_companies(tmp_path),
                out=tmp_path / "out",
                dossiers="样例甲脑机科技有限公司,无名,样例己,样例",
            ),
            steps.append,
        )
    assert [p.code for p in ended.value.problems] == ["company/not-found", "company/not-found", "company/several"]
    assert "classify" not in steps


HOSTILE = (
    "../../x",
    "CON",
    "con",
    "nul",
    "COM1",
    "a" * 300,
    "A1",
    "a1",
    "点 号",
    "x\ty",
    ".hidden",
    "x.",
    "-rf",
    "x-0123456789abcdef",
    "<b>",
    "B2",
)


def test_names_of_pages_are_safe_on_every_system() -> None:
    names = page_names(HOSTILE)
    assert len({n.casefold() for n in names.values()}) == len(HOSTILE)
    assert names["B2"] == "B2"
    devices = {"con", "prn", "aux", "nul", "com1", "lpt1"}
    for company_id, name in names.items():
        assert name.isascii() and len(name) <= 80 and not set(name) & set('<>:"/\\|?*. \t'), company_id
        assert name.casefold() not in devices
    assert names["x-0123456789abcdef"] != "x-0123456789abcdef", "an id must not be able to take the name of a hash"


def test_hostile_ids_make_dossiers_inside_the_run_only(tmp_path: Path) -> None:
    data = tmp_path / "hostile.csv"
    ids = [i for i in HOSTILE if i == i.strip() and "\t" not in i]
    data.write_text(
        "企业编号,企业名称,经营范围,员工人数,成立日期\n"
        + "".join(f'"{i}",样例{n}号<script>有限公司,{DEVICES},60,2025-01-02\n' for n, i in enumerate(ids)),
        encoding="utf-8",
    )
    finished = small(data, tmp_path / "out", dossiers="all")
    pages = sorted(p.name for p in (finished.run_dir / "dossiers").iterdir())
    assert len(pages) == 2 * len(ids)
    assert len({p.casefold() for p in pages}) == 2 * len(ids)
    assert [p.name for p in (tmp_path / "out").iterdir()] == [finished.run_dir.name]
    report, english = (
        (finished.run_dir / name).read_text(encoding="utf-8") for name in ("report.html", "report.en.html")
    )
    assert all(f'href="dossiers/{page}"' in (english if page.endswith(".en.html") else report) for page in pages)
    assert "号<script>有限" not in report


def test_the_newest_run_is_found_by_its_time_not_by_its_name(tmp_path: Path) -> None:
    first = small(two_companies(tmp_path), tmp_path / "out").run_dir
    first = first.rename(first.with_name("sample"))
    second = small(companies(tmp_path / "b.csv", ("样例丁脑机有限公司", DEVICES, "9")), tmp_path / "out").run_dir
    (tmp_path / "out" / f"{BUILDING}left").mkdir()
    (tmp_path / "out" / f"{BUILDING}left" / "manifest.json").write_text("{", encoding="utf-8")
    older, newer = sorted((first, second), key=newest_key)
    assert newest_run(tmp_path / "out") == newer != older


def newest_key(run: Path) -> str:
    return str(manifest.read(run)["run_id"])


def test_no_run_yet(tmp_path: Path) -> None:
    with pytest.raises(RunError) as ended:
        newest_run(tmp_path)
    assert ended.value.problems[0].code == "run/none"
