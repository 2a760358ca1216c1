"""What goes where: results on stdout, progress and messages on stderr, one JSON object, on consoles of every kind."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import click
import pytest

from screening.cli import group
from screening.cli.console import Exit, guarded, rendered
from screening.cli.summary import _widths
from screening.cli.terminal import breaks, width
from screening.errors import Position, Problem
from tests.cli.terminal import command, environment, screen, started
from tests.run.shared import DEVICES, PACK, companies, two_companies

if TYPE_CHECKING:
    from pathlib import Path

NAME = "样例甲脑机科技有限公司"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two companies and one finished run of them in `reports`."""
    folder = tmp_path_factory.mktemp("output")
    ended = screen("run", "--rules", PACK, "--data", two_companies(folder), "--out", folder / "reports", "--quiet")
    assert ended.code == Exit.FINE
    assert ended.err == ""
    return folder


def test_json_is_one_object_with_what_was_promised(tmp_path: Path) -> None:
    ended = screen("run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", tmp_path / "out", "--json")
    assert ended.code == Exit.FINE
    assert ended.json.keys() >= {"run_dir", "rows", "outcomes"}
    assert ended.json["outcomes"] == {"out_of_scope": 1, "shortlisted": 1}
    assert (tmp_path / "out" / ended.json["run_id"] / "report.html").is_file()
    assert ended.err == ""


def test_progress_goes_to_stderr_and_the_summary_to_stdout(tmp_path: Path) -> None:
    ended = screen("run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", tmp_path / "out", "--lang", "en")
    assert "Reading data" in ended.err
    assert "read 2 = clean 2 + set aside 0" in ended.out
    assert NAME in ended.out
    assert "report.html" in ended.out
    assert "Reading data" not in ended.out


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
def test_consoles_that_cannot_show_chinese(encoding: str, tmp_path: Path) -> None:
    data = companies(tmp_path / "一.csv", (NAME, DEVICES, "60"))
    shown = screen("run", "--rules", PACK, "--data", data, "--out", tmp_path / "结果", encoding=encoding)
    assert shown.code == Exit.FINE
    assert "Reading data" in shown.err
    told = screen("explain", NAME, "--run", next((tmp_path / "结果").iterdir()), "--json", encoding=encoding)
    assert told.code == Exit.FINE
    assert told.json["company"]["name"] == NAME, "an object is never spoilt by the console"


def test_a_terminal_line_that_is_too_narrow_cuts_no_number() -> None:
    rows = [
        ["#", "Company", "City", "Direction", "Outcome", "Tier", "Score [low, high]", "Cover"],
        [
            "1",
            "很长的名称" * 9,
            "深圳市",
            "Brain science and brain-computer interfaces",
            "Long list",
            "—",
            "67.00 [22.32, 100.00]",
            "28%",
        ],
    ]
    widths = _widths(rows, 110)
    assert sum(widths) + 2 * 7 == 110
    for number in (0, 2, 4, 5, 6, 7):
        assert widths[number] == max(width(row[number]) for row in rows)
    assert min(widths[1], widths[3]) >= 14
    assert all(_widths(rows, 20)[number] >= width(rows[1][number]) for number in (0, 6, 7)), "not even then"


def test_a_problem_reads_like_one_of_a_compiler() -> None:
    problem = Problem(
        "bands/gap",
        "nothing covers 40 to 50",
        Position("pack.yaml", 7, 5),
        "close the gap",
        line_text="    中文: {from: 10}",
    )
    assert rendered(problem) == (
        "pack.yaml:7:5: bands/gap: nothing covers 40 to 50\n      7 | 中文: {from: 10}\n        | ^\n        = close the gap"
    )


def test_advice_that_several_notices_share_is_printed_once(tmp_path: Path) -> None:
    ended = screen(
        "run",
        "--data",
        companies(tmp_path / "one.csv", (NAME, DEVICES, "60")),
        "--out",
        tmp_path / "out",
        "--dossiers",
        "none",
    )
    assert ended.code == Exit.FINE
    assert ended.err.count("data/not-collected") > 5
    assert ended.err.count("add it to the dataset") == 1


def test_explain_verify_and_terms_on_a_run(folder: Path) -> None:
    [run] = (folder / "reports").iterdir()
    assert NAME in screen("explain", NAME, "--run", run).out
    assert NAME in screen("explain", "甲脑机", "--run", run, "--lang", "en").out
    verified = screen("verify", run, "--json")
    assert (verified.code, verified.json["verified"]) == (Exit.FINE, True)
    assert "脑机接口" in screen("terms", "--run", run).out
    assert screen("terms", "--run", run, "--json").json["terms"][0]["term"] == "脑机接口"
    missing = screen("explain", "样例", "--run", run, "--json")
    assert (missing.code, missing.codes) == (Exit.PROBLEMS, ["company/several"])


def test_explain_finds_the_newest_run_of_the_working_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert NAME in screen("explain", NAME).out


def test_a_changed_run_is_told_and_ends_with_code_one(folder: Path, tmp_path: Path) -> None:
    [run] = (folder / "reports").iterdir()
    shutil.copytree(run, tmp_path / "run")
    with (tmp_path / "run" / "report.html").open("a", encoding="utf-8") as page:
        page.write(" ")
    ended = screen("verify", tmp_path / "run")
    assert ended.code == Exit.PROBLEMS
    assert "不符 FAIL  report.html: 此文件在运行后被改动 the file was changed after the run" in ended.out
    assert "NOT verified" in ended.out


def test_sql_prints_each_step_and_one_rule(tmp_path: Path) -> None:
    every = screen("sql", "--rules", PACK)
    assert next(line for line in every.out.splitlines() if line.startswith("-- step: ")) == "-- step: companies"
    assert "staff_points" in screen("sql", "--rules", PACK, "--rule", "staff_points").out
    assert screen("sql", "--rules", PACK, "--out", tmp_path / "sql").out == ""
    assert (tmp_path / "sql" / "criteria.sql").is_file()
    assert screen("sql", "--rules", PACK, "--step", "criterai").code == Exit.PROBLEMS


def test_a_fault_of_the_program_is_no_problem_of_the_data() -> None:
    @click.command()
    @click.option("--json", "as_json", is_flag=True)
    @guarded
    def faulty(*, as_json: bool) -> None:
        raise ZeroDivisionError("by nothing")

    group.add_command(faulty, "faulty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(group), "get_command", lambda *_: faulty)
        patch.setattr("screening.cli.names.COMMANDS", {"faulty": ""})
        ended = screen("faulty", "--json")
    del group.commands["faulty"]
    assert ended.code == Exit.FAILED
    assert ended.codes == ["program/fault"]
    assert "Traceback" in ended.err, "what to send with the report"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes by other means")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_stopped_leaves_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped where the clean tables stand and the screening begins."""
    number = getattr(signal, name)
    under_way: list[Path] = []

    def stopped(*_: object) -> None:
        under_way.extend((tmp_path / "out").glob("*/tables/*.parquet"))
        signal.raise_signal(number)

    monkeypatch.setattr("screening.run.screening.screen", stopped)
    before = signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
    try:
        ended = screen("run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", tmp_path / "out", "--json")
    finally:
        signal.signal(number, before)
    assert under_way
    assert (ended.code, ended.codes) == (Exit.FAILED, ["run/stopped"])
    assert "Traceback" not in ended.err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes by other means")
def test_a_process_that_is_stopped_from_outside_leaves_nothing(tmp_path: Path) -> None:
    with started(tmp_path, "run", "--out", tmp_path / "out", "--json") as process:
        deadline = time.monotonic() + 60
        # The work is under way once the clean tables stand in the unfinished folder.
        while not list((tmp_path / "out").glob("*/tables/*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == Exit.FAILED, err.decode()
    assert b'"run/stopped"' in out
    assert b"Traceback" not in err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows do not break so")
def test_a_reader_who_leaves(folder: Path) -> None:
    """`screen sql | head -1` ends without a traceback."""
    with started(folder, "sql") as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(timeout=60) == Exit.FAILED
    assert "Traceback" not in err and "Exception ignored" not in err


def test_two_runs_at_once_into_one_folder(tmp_path: Path) -> None:
    data = two_companies(tmp_path)
    arguments = ("run", "--rules", PACK, "--data", data, "--out", tmp_path / "out", "--quiet")
    with started(tmp_path, *arguments) as one, started(tmp_path, *arguments) as other:
        for process in (one, other):
            _, err = process.communicate(timeout=120)
            assert process.returncode == Exit.FINE, err.decode()
    runs = list((tmp_path / "out").iterdir())
    assert len(runs) == 2
    assert all((run / "manifest.json").is_file() for run in runs)


def test_the_command_from_another_folder(tmp_path: Path) -> None:
    """As a user starts it: the entry point, a foreign working folder, relative paths; its exit code is that of the process."""
    two_companies(tmp_path)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command(), *arguments],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=200,
        )

    made = call("run", "--rules", PACK, "--data", "two.csv")
    assert made.returncode == Exit.FINE, made.stderr
    [run] = (tmp_path / "reports").iterdir()
    assert f"reports/{run.name}/report.html" in made.stdout
    assert call("run", "--data", "nothing.csv").returncode == Exit.PROBLEMS


@pytest.mark.parametrize("room", [10, 21, 40, 110])
def test_a_chinese_line_is_broken_where_a_reader_would_and_nothing_is_lost(room: int) -> None:
    line = "55 家满足入围条件，列入名单（暂列 41 家）；居首的是样例甲海洋装备有限公司，得分 90.54。58 家被否决。"
    ends = [0, *breaks(line, room), len(line)]
    parts = [line[a:b] for a, b in itertools.pairwise(ends)]
    assert "".join(parts) == line
    assert all(width(part.rstrip()) <= room for part in parts)
    assert not any(part.startswith(tuple("，。；）")) or part.endswith("（") for part in parts)
    assert not any(part.startswith("家") for part in parts), "a number keeps its unit"
