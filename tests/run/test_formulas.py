"""No cell of a CSV that leaves the program runs as a formula, and reading takes the guard off again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.formula import guarded, unguarded
from screening.rulebook.loader import load_pack
from screening.run.packfile import read_effective_pack, write_effective_pack
from tests.run.shared import PACK

RUNS = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", " =1", "\t=1", "＝1+1", "＋1+1", "－2+3", "＠x", "\r=1", "\n@x")


@pytest.mark.parametrize("cell", RUNS)
def test_a_cell_that_would_run_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "脑机接口", "-12.50", "+3", "a=b", "'quoted'", "3-4"])
def test_others_stay(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


@given(st.text(alphabet=st.sampled_from("=+-@＝＋－＠'\t\r\n a1中.")))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_origins_and_catalogues_of_a_run(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    for file in sorted(Path(PACK).iterdir()):
        (pack / file.name).write_bytes(file.read_bytes())
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    text = text.replace("zh: 小规则包, en: Small pack", 'zh: "＝1+1", en: "=1+1"')
    text += "\ncatalogues:\n  codes: {label: 目录, file: codes.csv, column: code, set_by: fund}\n"
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    (pack / "codes.csv").write_text("code\n=1+1\n＠x\nA01\n", encoding="utf-8")
    loaded = load_pack(pack)
    write_effective_pack(loaded, tmp_path / "run" / "pack")
    for file in sorted((tmp_path / "run").rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            cells = [cell for row in csv.reader(handle) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+@＝＋－＠"))], file.name
    again = read_effective_pack(tmp_path / "run" / "pack")
    assert again.digest == loaded.digest
    assert again.catalogues == loaded.catalogues
    label = ("pack", "label", "en")
    assert again.document.position(label) is not None
    assert again.document.values[label].line == loaded.document.values[label].line
