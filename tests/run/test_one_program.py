"""One program, one list of steps, one result: the pack is read once a run, every step is printed, all that is parsed is shown."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from screening import strict_yaml
from screening.analysis.plan_view import coverage
from screening.cli import group
from screening.engine.steps import STEPS
from screening.report import coverage_view
from screening.rulebook import parsing as parsing_module
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run.opened import opened
from screening.run.options import Options
from screening.run.screening import run
from screening.store import VARIABLE
from tests.run.shared import PACK, small, two_companies

if TYPE_CHECKING:
    from screening.run.screening import Finished

ROOT = Path(__file__).parents[2]
PLAN = """
actions: {一(二)3: {label: {zh: 行动甲, en: Action A}, programme: 工程甲, departments: 部门甲, set_by: fund}}
measures: {help: {label: 措施甲, when: staff_count > 10, source: {clause: 一(二)3, quote: 支持企业建设中试平台}}}
clauses: {一(二)3: {opening: 支持企业建设中试平台}}
combos: {both: {label: 组合甲, set_by: fund, directions: [甲1], applications: [设备]}}
ladder: {giant: {label: 梯队甲, set_by: fund}}
safeguards: {care: {label: 保障甲, answer: 如此落实, set_by: fund}}
targets: {many: {label: 目标甲, set_by: fund, year: 2027, value: 10, relation: at_least, unit_label: 家}}
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run of two companies by a pack that has every section of the plan."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "rules").mkdir()
    text = (Path(PACK) / "pack.yaml").read_text(encoding="utf-8") + PLAN
    (folder / "rules" / "pack.yaml").write_text(text, encoding="utf-8")
    return run(Options(rules=str(folder / "rules"), data=two_companies(folder), out=folder / "out", dossiers="2"))


def test_a_pack_is_read_and_parsed_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "store"))
    files: Counter[str] = Counter()
    expressions: Counter[str] = Counter()
    read, parse = strict_yaml.parse, parsing_module.parse

    def reading(text: str, shown: str) -> Any:
        files[shown] += 1
        return read(text, shown)

    def parsing(text: str, *more: Any, **named: Any) -> Any:
        expressions[text] += 1
        return parse(text, *more, **named)

    monkeypatch.setattr(strict_yaml, "parse", reading)
    monkeypatch.setattr(parsing_module, "parse", parsing)
    small(two_companies(tmp_path), tmp_path / "out")
    assert [times for name, times in files.items() if name.endswith("pack.yaml")] == [1]
    in_a_run = Counter(expressions)
    expressions.clear()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "another"))
    parse_pack(load_pack(PACK), datetime.date(2026, 6, 30))
    assert in_a_run == expressions
    assert in_a_run


def test_sql_leaves_out_no_step() -> None:
    printed = CliRunner().invoke(group, ["sql", "--rules", PACK]).output
    told = re.findall(r"^-- step: (\w+)$", printed, re.MULTILINE)
    assert [step for step in STEPS if step not in told] == []
    assert len(told) == len(set(told))


def test_what_a_pack_says_of_the_plan_is_shown(done: Finished) -> None:
    with opened(done.run_dir) as data:
        view = coverage_view(coverage(data), "zh")
    shown = str(view) + "".join(p.read_text(encoding="utf-8") for p in (done.run_dir / "dossiers").glob("*.html"))
    said = ("措施甲", "部门甲", "组合甲", "梯队甲", "保障甲", "如此落实", "目标甲")
    assert [word for word in said if word not in shown] == []


def test_explain_in_english_has_no_chinese_of_its_own(done: Finished) -> None:
    """Names, quotes and labels that the pack gives in Chinese alone stay; words of the program do not."""
    told = CliRunner().invoke(group, ["explain", "甲脑机", "--run", str(done.run_dir), "--lang", "en"])
    assert told.exit_code == 0, told.output
    labels = tomllib.loads((ROOT / "screening" / "report" / "labels.toml").read_text(encoding="utf-8"))
    ours = {str(pair[0]) for section in labels.values() for pair in section.values()}
    given = (done.run_dir / "pack" / "pack.yaml").read_text(encoding="utf-8")
    words = {w for text in ours for w in re.findall(r"[一-鿿]{3,}", text) if w not in given}
    assert [word for word in sorted(words) if word in told.output] == []
    assert "Points" in told.output or "Score" in told.output
