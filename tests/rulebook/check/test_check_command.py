"""`screen check` as its users meet it: problems on stderr, the summary or one JSON object on stdout, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from screening.cli.check import command

ROOT = Path(__file__).resolve().parents[3]
PLAN = ROOT.parent / "shared" / "plan" / "000_ebbd9f123b60cc4b.txt"
DAY = "--as-of=2026-01-01"
MISTAKES = Path(__file__).parent / "mistakes"


def screen_check(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, DAY], catch_exceptions=False)


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    pack = tmp_path / "pack.yaml"
    pack.write_text(
        'pack: {id: warned, version: "1", label: 警告, extends: guangdong-2024}\n'
        "parameters: {spare: {label: 备用, value: 3, set_by: fund}}\n",
        encoding="utf-8",
    )
    return pack


def test_the_plans_pack_is_checked_by_default_and_has_no_problem() -> None:
    result = screen_check("--strict")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.startswith("guangdong-2024 2024.1: ")
    for held in (
        "7 domains",
        "29 directions",
        "21 cities",
        "71 sub-industries",
        "31 carriers",
        "quotes not looked up",
        "0 errors",
    ):
        assert held in result.stdout


def test_other_shipped_packs_have_no_errors() -> None:
    for pack in ("zhuhai-seed-2025", "innovative-sme-2022"):
        assert screen_check(pack).exit_code == 0


def test_every_quote_is_found_in_the_plan() -> None:
    if not PLAN.is_file():
        pytest.skip("the plan's text is not beside the project")
    result = screen_check("--source", str(PLAN), "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["quotes"]["confirmed"] == told["quotes"]["stated"] > 100


def test_a_quote_that_is_not_in_the_text_fails(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("未来产业是由前沿科技创新驱动\n", encoding="utf-8")
    told = json.loads(screen_check("--source", str(other), "--json").stdout)
    assert told["quotes"]["confirmed"] < told["quotes"]["stated"]
    assert {"source/other-text", "source/no-opening", "source/quote-not-found"} <= {p["code"] for p in told["problems"]}


def test_a_text_that_is_not_utf8_is_said_to_be(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes("未来产业".encode("gb18030"))
    result = screen_check("--source", str(other))
    assert result.exit_code == 1
    assert "source/encoding" in result.stderr


def test_errors_fail_and_are_shown_with_line_caret_and_remedy() -> None:
    result = screen_check(str(MISTAKES / "04-typo-in-fact.yaml"))
    assert result.exit_code == 1
    first, english, line, caret, advice, remedy = result.stderr.splitlines()
    assert first.endswith(
        "04-typo-in-fact.yaml:13:52: expression/unknown-name: 此处没有名为“staff_cuont”的事实、列或参数"
    )
    assert english.strip() == "no fact, column or parameter is called 'staff_cuont' here"
    assert advice.strip() == "= 是否想写“staff_count”?"
    assert line[caret.index("^") :].startswith("staff_cuont")
    assert remedy.strip() == "= did you mean 'staff_count'?"
    assert result.stdout.strip().endswith("1 error")


def test_warnings_pass_unless_strict(warned: Path) -> None:
    loose, strict = screen_check(str(warned)), screen_check(str(warned), "--strict")
    assert (loose.exit_code, strict.exit_code) == (0, 1)
    assert "warning: unused/parameter" in loose.stderr
    assert loose.stdout.strip().endswith("0 errors, 1 warning")


def test_notices_pass_even_when_strict() -> None:
    result = screen_check("zhuhai-seed-2025", "--strict")
    assert result.exit_code == 0
    assert "notice: policy/lifted-input" in result.stderr


def test_json_is_one_object_with_places(warned: Path) -> None:
    told = json.loads(screen_check(str(warned), "--json").stdout)
    assert (told["pack"]["id"], told["errors"], told["warnings"], told["as_of"]) == ("warned", 0, 1, "2026-01-01")
    [problem] = told["problems"]
    assert (problem["code"], problem["severity"], problem["line"], problem["column"]) == (
        "unused/parameter",
        "warning",
        2,
        14,
    )
    assert told["counts"]["directions"] == 29


def test_json_of_a_pack_that_cannot_be_used() -> None:
    result = screen_check(str(MISTAKES / "03-typo-in-key.yaml"), "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (told["pack"], told["counts"], told["errors"]) == (None, None, 1)


def test_a_pack_that_does_not_exist_is_told_with_those_that_do() -> None:
    result = screen_check("guangdong-2042")
    assert result.exit_code == 1
    assert "did you mean 'guangdong-2024'?" in result.stderr
