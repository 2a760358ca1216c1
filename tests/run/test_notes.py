"""Notes travel from run to run: shown beside the score, never in it, never lost in silence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from screening.dataset.committee_notes import read_notes
from screening.errors import DatasetError
from tests.run.shared import small, two_companies

if TYPE_CHECKING:
    from pathlib import Path

NOTE = """notes:
  - company: 样例甲脑机科技有限公司
    by: ZL
    on: 2026-07-01
    reason: watch
    text: "=HYPERLINK(1) 等待<b>第三方</b>检测报告"
  - company: 样例无此企业有限公司
    by: ZL
    on: 2026-07-02
    text: 改名了?
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "notes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_note_stands_in_the_dossier_and_changes_no_result(tmp_path: Path) -> None:
    data = two_companies(tmp_path)
    plain = small(data, tmp_path / "plain")
    noted = small(data, tmp_path / "noted", notes=write(tmp_path, NOTE), dossiers="all")
    assert noted.manifest["result_digest"] == plain.manifest["result_digest"]
    pages = [p.read_text(encoding="utf-8") for p in (noted.run_dir / "dossiers").glob("*.html")]
    told = [page for page in pages if "第三方" in page.split('id="manifest"')[0]]
    assert len(told) == 2, "one company, in both languages"
    assert all("<b>第三方" not in page for page in told) and "跟踪" in "".join(told)


def test_a_note_that_names_nobody_is_said_and_kept(tmp_path: Path) -> None:
    finished = small(two_companies(tmp_path), tmp_path / "out", notes=write(tmp_path, NOTE))
    assert "样例无此企业有限公司" in (finished.run_dir / "report.html").read_text(encoding="utf-8").split("<main")[1]
    kept = json.loads((finished.run_dir / "manifest.json").read_text(encoding="utf-8"))["notes"]
    assert [n["company_id"] is None for n in kept] == [False, True]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("notes: 3", ["notes/form"]),
        ("note: []", ["notes/form"]),
        ("notes:\n  - {company: 甲, by: Z, on: 2026-13-01, reason: maybe, text: x, colour: red}", ["notes/key", "notes/reason", "notes/date"]),
        ("notes:\n  - {company: 甲}", ["notes/missing", "notes/missing", "notes/missing"]),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_its_place(text: str, codes: list[str], tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as raised:
        read_notes(write(tmp_path, text))
    assert [p.code for p in raised.value.problems] == codes
    assert all(p.position is not None for p in raised.value.problems)
