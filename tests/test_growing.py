"""How the house grows: a scoring function, a column of companies and a section of the dossier, each in the files that
docs/architecture.md names for it and in no other, added to a copy and run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

Edits = dict[str, tuple[tuple[str, str], ...] | str]
"""By file: what is put before what, or the text of a new file."""

MODEL = '''class Rising(_OfNumber):
    """Points in proportion to a value, all of them from `rising` on. 按比例得分,到顶为止。"""

    rising: Number = Field(description="满分所需的值。 The value with all points.")
    most: Points = Field(description="满分。 All points.")

    def bounds(self) -> Iterator[tuple[Place, Number]]:
        """The value with all points."""
        yield ("rising",), self.rising

    def _extremes(self, parsed: ParsedPack) -> Ends:
        return 0.0, self.most

    def against(self, parsed: ParsedPack, path: Place, *, rising: bool) -> Place | None:
        """It only rises."""
        return None if rising else path


'''
SCORING = '''"""Points in proportion to a value."""

from screening.engine.compile.functions.scoring import Scoring, exact
from screening.expression_sql.bands import capped, scaled
from screening.result.records import ScaleStep
from screening.rulebook.functions import Rising


class RisingScoring(Scoring[Rising]):
    def points(self, scores, rule):
        value = scaled(scores.interval(self.at("of"), rule), "*", self.function.most)
        return capped(scaled(value, "/", scores.parsed.number(self.function.rising)).settled(), self.function.most)

    def branches(self, branches, guard):
        full, value = branches.parsed.number(self.function.rising), branches.scores.interval(self.at("of"), branches.rule)
        yield branches.stretch("below", self.at("of"), value, guard, below=full)
        yield branches.stretch("full", self.at("of"), value, guard, at_least=full)

    def steps(self, scale):
        taken = scale.on(self.at("of"), "full")
        return [ScaleStep("band", exact(self.function.most), taken, low=scale.number(self.function.rising))]
'''
FUNCTION: Edits = {
    "screening/rulebook/functions.py": (
        ("class Lookup(_Function):\n", MODEL),
        ('    | Annotated[Lookup, Tag("lookup")]\n', '    | Annotated[Rising, Tag("rising")]\n'),
    ),
    "screening/engine/compile/functions/rising.py": SCORING,
}
COLUMN: Edits = {
    "rules/standard/company.yaml": (
        ("      staff: {type", "      motto: {type: text, label: {zh: 口号, en: Motto}, headers: [口号]}\n"),
    ),
}
SECTION: Edits = {
    "screening/result/company.py": (("    group: PeerGroup | None = None\n", "    motto: str | None = None\n"),),
    "screening/analysis/companies.py": (
        ("            group=self.comparable.group(company_id),\n", '            motto=company.get("motto"),\n'),
    ),
    "screening/report/templates/dossier.html.j2": (
        ('  ("clauses", r.clauses)', '  ("motto", r.motto),\n'),
        (
            '{% if "clauses" in sections %}',
            '{% if "motto" in sections %}<section id="motto" aria-labelledby="motto-h">{{ head("motto") }}'
            "<p>{{ r.motto }}</p></section>{% endif %}\n",
        ),
    ),
    "screening/report/labels.toml": (('clauses = ["条款原文"', 'motto = ["口号", "Motto"]\n'),),
}


def put(house: Path, edits: Edits) -> None:
    for name, change in edits.items():
        path = house / name
        if isinstance(change, str):
            assert not path.exists()
            path.write_text(change, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        for before, added in change:
            assert text.count(before) >= 1, (name, before)
            text = text.replace(before, added + before, 1)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with all three, and a run of two companies in it."""
    house = tmp_path_factory.mktemp("house")
    unwritten = shutil.ignore_patterns("__pycache__", "_data")
    shutil.copytree(ROOT / "screening", house / "screening", ignore=unwritten)
    shutil.copytree(ROOT / "rules" / "standard", house / "rules" / "standard")
    shutil.copytree(ROOT / "tests" / "run" / "packs" / "small", house / "rules" / "small")
    for edits in (FUNCTION, COLUMN, SECTION):
        put(house, edits)
    pack = house / "rules" / "small" / "pack.yaml"
    score = re.compile(r"score:\n +of: staff_count\n +bands:\n(?: +- \{.*\}\n)+")
    text, changed = score.subn("score: {of: staff_count, rising: 80, most: 10}\n", pack.read_text(encoding="utf-8"))
    assert changed == 1
    pack.write_text(text, encoding="utf-8")
    (house / "two.csv").write_text(
        "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围,员工人数,口号\n"
        "样例甲脑机科技有限公司,,2025-01-02,500万元,深圳,脑机接口设备研发、制造,60,以脑知机\n"
        "样例乙脑机科技有限公司,,2025-01-02,500万元,深圳,脑机接口设备研发、制造,800,\n",
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "screening",
        "run",
        "--rules",
        "rules/small",
        "--data",
        "two.csv",
        "--dossiers",
        "2",
    ]
    environment = os.environ | {"PYTHONPATH": str(house), "SCREENING_CACHE": str(house / "cache")}
    ran = subprocess.run([*command, "--out", "runs"], cwd=house, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    [folder] = (house / "runs").iterdir()
    return folder


def test_the_function_scores(grown: Path) -> None:
    criteria = pl.read_parquet(grown / "result" / "criteria.parquet").sort("company_id")
    assert sorted(map(float, criteria["staff_points.points"])) == [7.5, 10.0]


def test_the_column_is_read(grown: Path) -> None:
    companies = pl.read_parquet(grown / "tables" / "companies.parquet")
    assert set(companies["motto"]) == {"以脑知机", None}


def test_the_section_is_shown_where_it_has_something_to_say(grown: Path) -> None:
    pages = {p.read_text(encoding="utf-8") for p in grown.rglob("*.html") if "样例" in p.name or "dossier" in str(p)}
    with_motto = [page for page in pages if '<section id="motto"' in page]
    assert with_motto
    assert all("以脑知机" in page for page in with_motto)
    assert any('<section id="reason"' in page and 'id="motto"' not in page for page in pages)


@pytest.mark.parametrize(
    ("wanted", "edits"),
    [
        ("add a scoring function", FUNCTION),
        ("add a column of a table", COLUMN),
        ("add a section to the dossier", SECTION),
    ],
)
def test_the_architecture_names_exactly_these_files(wanted: str, edits: Edits) -> None:
    [row] = [line for line in ARCHITECTURE.splitlines() if line.startswith(f"| {wanted}")]
    named = set(re.findall(r"`([\w./]+\.(?:py|yaml|toml|j2)|[\w./]+/)`", row.split("|")[2].split("; held")[0]))
    assert all(any(one == name or (name.endswith("/") and one.startswith(name)) for name in named) for one in edits)
    assert all(any(one == name or (name.endswith("/") and one.startswith(name)) for one in edits) for name in named)


def test_a_long_module_has_its_reason() -> None:
    """350 lines are the rule; those that stay a little above are not yet worth a sentence."""
    told = set(re.findall(r"`([\w/]+\.py)`", ARCHITECTURE.split("## Long modules")[1].split("\n## ")[0]))
    lines = {
        path.relative_to(ROOT / "screening").as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "screening").rglob("*.py")
    }
    assert {name for name, count in lines.items() if count > 400} - told == set()
    assert told - lines.keys() == set()
