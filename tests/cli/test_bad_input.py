"""Bad input ends in one clear message with its place and what to do, the designed exit code, and no half-written run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from screening.cli.console import Exit
from tests.cli.terminal import Ended, screen
from tests.run.shared import DEVICES, HEADERS, MEALS, PACK, companies, two_companies

HEAD = ",".join(HEADERS) + "\n"
ROW = f"样例甲脑机科技有限公司,,2025-01-02,500万元,深圳,{DEVICES},60\n"


def run(data: Path, *more: object, out: Path | None = None) -> Ended:
    ended = screen("run", "--rules", PACK, "--data", data, "--out", out or data.parent / "out", "--quiet", *more)
    left = out or data.parent / "out"
    if ended.code != Exit.FINE and left.is_dir():
        assert list(left.iterdir()) == [], "nothing half-written is left"
    return ended


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "data/empty-file"),
    "binary": (bytes(range(256)) * 20, "data/binary"),
    "a picture named CSV": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "data/format"),
    "no column for the name": (f"成立日期,经营范围\n2025-01-02,{DEVICES}\n".encode(), "data/required-column"),
    "every row set aside": (f"{HEAD},,2025-01-02,,深圳,{MEALS},3\n合计,,,,,,\n".encode(), "data/nothing-left"),
}


@pytest.mark.parametrize("what", FILES)
def test_files_that_cannot_be_used(what: str, tmp_path: Path) -> None:
    content, code = FILES[what]
    (tmp_path / "companies.csv").write_bytes(content)
    ended = run(tmp_path / "companies.csv", "--json")
    assert ended.code == Exit.PROBLEMS
    assert ended.json["exit_code"] == Exit.PROBLEMS
    [problem] = ended.json["problems"]
    assert problem["code"].split("/")[0] == "data"
    if code != "data/format":
        assert problem["code"] == code
    assert problem["message"] and problem["remedy"]
    assert problem["code"] in ended.err, "a person reads it too"
    assert "Traceback" not in ended.err


def test_a_list_without_companies_is_screened_as_such(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_bytes(HEAD.encode())
    ended = run(tmp_path / "none.csv", "--json")
    assert ended.code == Exit.FINE
    assert ended.json["rows"] == {"read": 0, "clean": 0, "set_aside": 0, "set_aside_by_reason": {}}
    assert not any(ended.json["outcomes"].values())
    page = (Path(ended.json["run_dir"]) / "report.html").read_text(encoding="utf-8")
    assert "有表头而没有一行数据" in page
    assert 'id="funnel"' not in page and 'id="quality"' in page
    assert screen("verify", ended.json["run_dir"]).code == Exit.FINE


def test_one_row_and_another_encoding_are_no_problem(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes((HEAD + ROW).encode("gb18030"))
    ended = run(tmp_path / "one.csv", "--json")
    assert ended.code == Exit.FINE
    assert ended.json["rows"] == {"read": 1, "clean": 1, "set_aside": 0, "set_aside_by_reason": {}}
    assert ended.json["outcomes"] == {"shortlisted": 1}


def test_nothing_at_the_path(tmp_path: Path) -> None:
    assert run(tmp_path / "nothing.csv", "--json").codes == ["data/no-file"]


def test_a_folder_without_a_manifest_is_told_how_to_get_one(tmp_path: Path) -> None:
    two_companies(tmp_path)
    ended = run(tmp_path, out=tmp_path / "out")
    assert ended.code == Exit.PROBLEMS
    assert "dataset.yaml" in ended.err and "screen inspect" in ended.err


MISTAKES_IN_DATA = """\
dataset: {id: ten, label: 十处错误, as_of: 2025-06-30}
tables:
  companies:
    file: two.csv
    columns: {nmae: 企业名称, adress: 注册地址}
    units: {registered_capital: 光年, staff: 万人}
  financials: {file: ../outside.csv}
  patents: {file: patents.csv, columns: {patent_number: 专利号}}
  teams: {file: team.csv}
  risk_evnts: {file: two.csv}
  deal: {file: /etc/hostname}
"""


def test_a_manifest_with_ten_mistakes_names_all_ten(tmp_path: Path) -> None:
    two_companies(tmp_path)
    (tmp_path / "dataset.yaml").write_text(MISTAKES_IN_DATA, encoding="utf-8")
    ended = run(tmp_path, "--json", out=tmp_path / "out")
    assert ended.code == Exit.PROBLEMS
    found = {(p["line"], p["code"]) for p in ended.json["problems"]}
    assert found >= {
        (5, "dataset/unknown-column"),
        (6, "dataset/unit"),
        (7, "dataset/outside"),
        (8, "dataset/no-file"),
        (8, "dataset/unknown-column"),
        (9, "dataset/unknown-table"),
        (9, "dataset/no-file"),
        (10, "dataset/unknown-table"),
        (11, "dataset/outside"),
    }
    assert len(ended.json["problems"]) >= 10
    assert all(p["file"].endswith("dataset.yaml") and p["column"] for p in ended.json["problems"])
    assert "did you mean 'name'?" in ended.err


MISTAKES_IN_RULES = (
    ("label: {zh: 小规则包, en: Small pack}", "lable: {zh: 小规则包}"),
    ("effective_from: 2024-01-01", "effective_from: 2024-13-01"),
    ("expr: staff,", "expr: staf,"),
    ("range: [0, 100000]", "range: [9, 1]"),
    ("fails_when: staff_count > 1000", "fails_when: staff_cuont > 1000"),
    ("effect: reject", "effect: rejct"),
    ("on_unknown: review", "on_unknwon: review"),
    ("- {from: 10, to: 50, points: 5}", "- {from: 10, to: 50, pionts: 5}"),
    ("of: fit_grade", "of: fit_grad"),
    ("weights: {fit: 0.4, merit: 0.6}", "weights: {fit: 0.4, merits: 0.6}"),
    ("shortlist_when: fit >= 60 and merit >= 50", "shortlist_when: fit >= 60 and marit >= 50"),
)


def broken_pack(folder: Path, mistakes: tuple[tuple[str, str], ...]) -> Path:
    shutil.copytree(PACK, folder)
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    for right, wrong in mistakes:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return folder


def test_rules_with_ten_mistakes_name_them_all_at_once(tmp_path: Path) -> None:
    """Mistakes of form and of meaning together, each at its line with the line itself; the data are not even read."""
    pack = broken_pack(tmp_path / "pack", MISTAKES_IN_RULES)
    ended = screen("run", "--rules", pack, "--data", tmp_path / "nothing.csv", "--out", tmp_path / "out", "--json")
    assert ended.code == Exit.PROBLEMS
    lines = {p["line"] for p in ended.json["problems"] if p["severity"] == "error"}
    text = (pack / "pack.yaml").read_text(encoding="utf-8").splitlines()
    # What rests on a rule that could not be read is told once that rule is mended: here the verdict and one band.
    named = [wrong for _, wrong in MISTAKES_IN_RULES if any(wrong in text[line - 1] for line in lines if line)]
    assert len(named) >= 8, ended.err
    assert len([p for p in ended.json["problems"] if p["severity"] == "error"]) >= 8
    assert "nothing.csv" not in ended.err


@pytest.mark.parametrize("mistake", MISTAKES_IN_RULES, ids=lambda m: m[1][:24])
def test_each_mistake_alone_is_found_at_its_line(mistake: tuple[str, str], tmp_path: Path) -> None:
    pack = broken_pack(tmp_path / "pack", (mistake,))
    ended = screen("run", "--rules", pack, "--data", tmp_path / "nothing.csv", "--out", tmp_path / "out", "--json")
    assert ended.code == Exit.PROBLEMS
    text = (pack / "pack.yaml").read_text(encoding="utf-8").splitlines()
    near = [
        p for p in ended.json["problems"] if p["line"] and mistake[1].split(":")[0].strip("- {") in text[p["line"] - 1]
    ]
    assert near, ended.err
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    ended = screen("run", "--rules", "guangdong-2042", "--out", tmp_path / "out")
    assert ended.code == Exit.PROBLEMS
    assert "did you mean 'guangdong-2024'?" in ended.err


USAGE = {
    "no threads": ("--threads", "0"),
    "a language nobody speaks here": ("--lang", "fr"),
    "a date that is none": ("--as-of", "2025-02-30"),
    "another order of the date": ("--as-of", "14/09/2024"),
    "no amount of memory": ("--memory-limit", "lots"),
    "less than no memory": ("--memory-limit", "-5GB"),
    "memory without a unit": ("--memory-limit", "2000"),
    "none of it": ("--memory-limit", "0GB"),
    "an option that is none": ("--dosiers", "3"),
    "an option without its value": ("--out",),
}


@pytest.mark.parametrize("what", USAGE)
def test_a_command_line_that_cannot_be_read(what: str) -> None:
    ended = screen("run", "--json", *USAGE[what])
    assert ended.code == Exit.USAGE
    assert ended.json["exit_code"] == Exit.USAGE
    assert ended.codes == ["usage"]
    assert "%Y" not in ended.err
    assert "Error: " in ended.err


def test_usage_errors_print_nothing_to_stdout_without_json() -> None:
    ended = screen("run", "--threads", "0")
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert screen("rum").code == Exit.USAGE
    assert "did you mean 'run'?" in screen("rum").err


def test_an_output_folder_that_is_a_file(tmp_path: Path) -> None:
    data = two_companies(tmp_path)
    ended = run(data, "--json", out=data)
    assert ended.code == Exit.FAILED
    assert ended.codes == ["run/unwritable"]
    assert data.read_text(encoding="utf-8").startswith("企业名称")


def test_too_little_memory_says_which_option_gives_more(tmp_path: Path) -> None:
    ended = run(two_companies(tmp_path), "--memory-limit", "1KB")
    assert ended.code == Exit.FAILED
    assert "run/memory" in ended.err
    assert "--memory-limit" in ended.err


def test_companies_that_nobody_knows(tmp_path: Path) -> None:
    ended = run(two_companies(tmp_path), "--dossiers", "样例甲脑机科技有限公司,样例丁", "--json")
    assert ended.code == Exit.PROBLEMS
    assert ended.codes == ["company/not-found"]


def test_overrides_that_are_not_there(tmp_path: Path) -> None:
    ended = run(two_companies(tmp_path), "--overrides", tmp_path / "none.csv", "--json")
    assert ended.code == Exit.PROBLEMS
    assert ended.codes == ["override/unreadable"]


def test_a_column_of_hostile_cells_does_no_harm(tmp_path: Path) -> None:
    """Markup of the terminal, of pages and of tables in the name of a company that is ranked first."""
    data = companies(tmp_path / "hostile.csv", ("[/bold]样例[red]=甲</script>{{7*7}}有限公司", DEVICES, "60"))
    ended = run(data, "--dossiers", "all")
    assert ended.code == Exit.FINE
    assert "[/bold]样例[red]=甲" in ended.out
    [folder] = (tmp_path / "out").iterdir()
    for page in (folder / "report.html", *(folder / "dossiers").iterdir()):
        text = page.read_text(encoding="utf-8")
        assert "甲</script>" not in text
        assert "49有限公司" not in text


@pytest.mark.parametrize("command", ["explain", "verify", "inspect", "sql", "terms"])
def test_other_commands_on_nothing(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = {
        "explain": ("某公司",),
        "verify": ("nothing",),
        "inspect": ("nothing.csv",),
        "sql": ("--rule", "nothing"),
        "terms": (),
    }[command]
    ended = screen(command, *arguments)
    assert ended.code in (Exit.PROBLEMS, Exit.FAILED)
    assert "        = " in ended.err, "what to do"
    assert "Traceback" not in ended.err
