"""Places a run may be started in: odd names and folders, streams that are closed, full or left, limits of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from screening.cli.console import Exit
from screening.cli.terminal import one_line, visible
from screening.resources import shipped
from screening.store import VARIABLE
from tests.cli.terminal import ROOT, command, environment, screen
from tests.run.shared import DEVICES, PACK, companies, two_companies

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and limits of POSIX")
NAME = "样例甲脑机科技有限公司"


def called(folder: Path, words: str, *arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `screen` in a shell, with what `words` say after the command (`>&-`, `| true`)."""
    return subprocess.run(
        ["/bin/bash", "-c", f'"$@" {words}', "bash", *command(), *map(str, arguments)],
        cwd=folder,
        env={**environment(), **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def runs(out: Path) -> list[str]:
    return [p.name for p in out.iterdir()] if out.exists() else []


STREAMS = {
    "both closed": (">&- 2>&-", Exit.FINE),
    "stdout closed": (">&-", Exit.FINE),
    "stderr full": ("2>/dev/full", Exit.FINE),
    "stdout full": (">/dev/full", Exit.FAILED),
    "a reader who leaves": ("| true; exit ${PIPESTATUS[0]}", Exit.FINE),
}


@posix
@pytest.mark.parametrize("streams", STREAMS)
def test_a_run_is_there_whatever_becomes_of_its_summary(streams: str, tmp_path: Path) -> None:
    words, code = STREAMS[streams]
    run_it = ("run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", "out", "--dossiers", "none")
    ended = called(tmp_path, words, *run_it, *(("--quiet",) if streams == "stdout closed" else ()))
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr and "Exception ignored" not in ended.stderr
    [run] = runs(tmp_path / "out")
    if streams == "stdout full":
        assert f"the run is whole: out/{run}" in ended.stderr
    if streams == "stdout closed":
        assert ended.stderr == ""


@posix
@pytest.mark.parametrize("arguments", [("--version",), ("check", PACK), ("sql", "--rules", PACK), ("run", "--help")])
def test_what_cannot_be_printed_ends_with_code_three(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = called(tmp_path, ">/dev/full", *arguments)
    assert ended.returncode == Exit.FAILED
    assert "Traceback" not in ended.stderr
    assert "No space left" in ended.stderr


@posix
@pytest.mark.parametrize("home", [None, "/dev/null/home"])
def test_a_home_that_is_missing_or_none(home: str | None, tmp_path: Path) -> None:
    words = "" if home else "; exit $?"
    # The cache folder is then looked for below the home.
    env = {"HOME": home, VARIABLE: ""} if home else {}
    before = os.environ.pop("HOME", None) if home is None else None
    try:
        ended = called(
            tmp_path, words, "run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", "out", **env
        )
    finally:
        if before is not None:
            os.environ["HOME"] = before
    assert ended.returncode == Exit.FINE, ended.stderr
    assert len(runs(tmp_path / "out")) == 1


def test_a_folder_whose_name_is_a_pattern_elsewhere(tmp_path: Path) -> None:
    """Read as a pattern, any part of the name would find another folder or none."""
    out = tmp_path / "out[1] [!a] {a,b} 结果 [第1次] a'b"
    ended = screen("run", "--rules", PACK, "--data", two_companies(tmp_path), "--out", out, "--json")
    assert ended.code == Exit.FINE, ended.err
    [run] = out.iterdir()
    assert screen("verify", run).code == Exit.FINE
    assert screen("explain", NAME, "--run", run).code == Exit.FINE
    assert screen("plan", "--rules", PACK, "--against", run).code == Exit.FINE


@pytest.mark.parametrize("option", ["--out", "--data", "--rules", "--overrides"])
def test_a_null_character_is_no_name(option: str, tmp_path: Path) -> None:
    ended = screen("run", option, f"{tmp_path}/a\0b")
    assert ended.code == Exit.USAGE
    assert "null character" in ended.err and "a\\x00b" in ended.err


@posix
@pytest.mark.parametrize("kilobytes", [300_000, 900_000, 1_500_000])
def test_too_little_address_space_is_said_before_a_library_gives_up(kilobytes: int, tmp_path: Path) -> None:
    limited = f'ulimit -v {kilobytes}; exec "$@"'
    ended = subprocess.run(
        [
            "/bin/bash",
            "-c",
            limited,
            "bash",
            *command(),
            "run",
            "--rules",
            PACK,
            "--data",
            str(two_companies(tmp_path)),
            "--out",
            "out",
        ],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == Exit.FAILED
    assert "run/address-space" in ended.stderr and "ulimit -v" in ended.stderr
    assert runs(tmp_path / "out") == []


def test_a_foreign_working_folder_lends_no_module(tmp_path: Path) -> None:
    """Whoever works in a folder of somebody's data must not run the programs that lie in it."""
    for module in ("click", "polars", "duckdb", "rich", "yaml", "json", "pathlib", "xlsxwriter"):
        (tmp_path / f"{module}.py").write_text(f"open('{module}.marker', 'w')\n", encoding="utf-8")
    two_companies(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "screening", "run", "--rules", PACK, "--data", "two.csv"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == Exit.FINE, ended.stderr
    assert list(tmp_path.glob("*.marker")) == []


def test_nothing_is_imported_after_data_are_touched_nor_anything_of_spark_or_notebooks(tmp_path: Path) -> None:
    """Data are touched where the first table is opened; the copy is a place that no run has kept."""
    looking = """
import sys
seen = set()
def hook(event, args):
    if event == "open" and str(args[0]).endswith((".csv", ".xlsx")) and "sample" in str(args[0]) and not seen:
        seen.update(sys.modules)
sys.addaudithook(hook)
from screening.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
late = sorted(set(sys.modules) - seen) if seen else "no table was opened"
import screening.engine.spark, screening.engine.partition
unasked = {"pyspark", "py4j", "pandas", "pyarrow", "IPython"} & {name.partition(".")[0] for name in sys.modules}
print(late, sorted(unasked), file=sys.stderr)
"""
    data = shutil.copytree(shipped("sample_data"), tmp_path / "sample")
    options = ("--data", str(data), "--out", str(tmp_path / "out"), "--quiet", "--dossiers", "1")
    ended = subprocess.run(
        [sys.executable, "-c", looking, "run", *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.stderr.splitlines()[-1] == "[] []", ended.stderr


ACTING = {
    "\x1b[2J\x1b]0;x\x07": "\\x1b[2J\\x1b]0;x\\x07",
    "a\rb": "a\\x0db",
    "\u202e甲\u2066": "\\u202e甲\\u2066",
    "零\u200b宽\ufeff": "零\\u200b宽\\ufeff",
    "\x9b31m": "\\x9b31m",
    "\U000e0041": "\\U000e0041",
    "\udcff": "\\udcff",
    "正常 text\tand\nlines": "正常 text\tand\nlines",
}


@pytest.mark.parametrize("text", ACTING)
def test_a_text_that_would_act_is_written_out(text: str) -> None:
    assert visible(text) == ACTING[text]
    assert "\n" not in one_line(text)


HOSTILE = "样例\x1b[31m甲\u202e乙\x9b\u200b有限公司"


def test_a_company_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    data = companies(tmp_path / "hostile.csv", (HOSTILE, DEVICES, "60"))
    shown = screen("run", "--rules", PACK, "--data", data, "--out", tmp_path / "out")
    [run] = (tmp_path / "out").iterdir()
    told = screen("explain", "样例", "--run", run)
    record = screen("explain", "样例", "--run", run, "--json")
    for ended in (shown, told, record, screen("terms", "--run", run, "脑机接口")):
        assert ended.code == Exit.FINE, ended.err
        assert not set(ended.out + ended.err) & set("\x1b\u202e\x9b\u200b")


@pytest.mark.parametrize("name", ["no\x1b[2Jsuch", "no\u202esuch", "no\nok  verified: the run is what it says it is"])
def test_neither_can_a_name_on_the_command_line(name: str, tmp_path: Path) -> None:
    for arguments in (
        ("verify", tmp_path / name),
        ("run", "--data", tmp_path / name),
        (name,),
        ("run", "--lang", name),
    ):
        ended = screen(*arguments)
        assert ended.code != Exit.FINE
        assert not set(ended.out + ended.err) & set("\x1b\u202e")
        if arguments[0] == "verify":
            assert not any(line.startswith("ok  verified") for line in (ended.out + ended.err).splitlines())
