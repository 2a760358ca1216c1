"""What must hold whatever the data: the same input has the same result, and nobody's score rests on another company."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from screening import strict_yaml
from screening.rulebook.loader import load_pack
from screening.run.folder import sha256
from screening.run.packfile import write_effective_pack
from tests.run.shared import result_of, sample_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.run.screening import Finished

OPINIONS = (
    "outcome",
    "tier",
    "fit",
    "fit_low",
    "fit_high",
    "merit",
    "merit_low",
    "merit_high",
    "score",
    "score_low",
    "score_high",
    "coverage",
)
ROSTER, ROSTER_SHEET, ROSTER_TITLES = "companies_parks.xlsx", "企业名册", 2


def copied(folder: Path) -> Path:
    """Copy the sample to a folder of its own."""
    folder.mkdir(parents=True)
    for file in sample_files():
        shutil.copyfile(file, folder / file.name)
    return folder


def encoding_of(file: Path) -> str:
    return "gb18030" if "gb18030" in file.name else "utf-8-sig"


def rows_of(file: Path) -> list[list[str]]:
    """Return the rows of a CSV file, the header first; a cell may hold line breaks."""
    return list(csv.reader(io.StringIO(file.read_bytes().decode(encoding_of(file)), newline="")))


def write_rows(file: Path, rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding_of(file)))


def shuffle_workbook(file: Path, order: random.Random) -> None:
    rows = pl.read_excel(
        file, sheet_name=ROSTER_SHEET, has_header=False, infer_schema_length=0, drop_empty_rows=False
    ).rows()
    head, body = rows[: ROSTER_TITLES + 1], rows[ROSTER_TITLES + 1 :]
    order.shuffle(body)
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet(ROSTER_SHEET)
        for y, row in enumerate([*head, *body]):
            for x, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(y, x, str(cell))


def test_the_order_of_rows_the_cut_into_files_and_the_threads_change_nothing(sample: Finished, tmp_path: Path) -> None:
    """Every table shuffled; the pipeline's companies and the patents are spread over two files each; on one thread."""
    folder, order = copied(tmp_path / "shuffled"), random.Random(20240914)
    for file in sorted(folder.glob("*.csv")):
        head, *rows = rows_of(file)
        order.shuffle(rows)
        write_rows(file, [head, *rows])
    shuffle_workbook(folder / ROSTER, order)
    for name in ("companies_pipeline", "patents"):
        head, *rows = rows_of(folder / f"{name}.csv")
        write_rows(folder / f"{name}.csv", [head, *rows[: len(rows) // 3]])
        write_rows(folder / f"{name}_2.csv", [head, *rows[len(rows) // 3 :]])
    manifest = (folder / "dataset.yaml").read_text(encoding="utf-8")
    for old, new in (
        (
            "    - file: companies_pipeline.csv\n",
            "    - file: companies_pipeline_2.csv\n    - file: companies_pipeline.csv\n",
        ),
        ("patents: {file: patents.csv,", "patents: {files: [{file: patents_2.csv}, {file: patents.csv}],"),
    ):
        assert manifest.count(old) == 1
        manifest = manifest.replace(old, new)
    (folder / "dataset.yaml").write_text(manifest, encoding="utf-8")
    digest, _ = result_of(folder, tmp_path / "work", threads=1)
    assert digest == sample.manifest["result_digest"]


def test_another_company_moves_nobody(sample: Finished, tmp_path: Path) -> None:
    folder = copied(tmp_path / "one_more")
    head, *rows = rows_of(folder / "companies_pipeline.csv")
    newcomer = dict.fromkeys(head, "") | {
        "company_id": "NEW1",
        "name": "样例新来量子计算有限公司",
        "established_on": "2024-01-02",
        "city": "深圳",
        "status": "存续",
        "products": "量子计算机、量子芯片",
        "description": "研发和制造超导量子计算机与量子芯片。",
        "staff": "40",
    }
    write_rows(folder / "companies_pipeline.csv", [head, *rows, list(newcomer.values())])
    _, after = result_of(folder, tmp_path / "work")
    before = pl.read_parquet(sample.run_dir / "result" / "ranking.parquet")
    assert after.filter(pl.col("company_id") == "NEW1")["fit_grade"].to_list() == ["core"]
    kept = after.filter(pl.col("company_id") != "NEW1").sort("company_id")
    assert kept.select("company_id", *OPINIONS).equals(before.sort("company_id").select("company_id", *OPINIONS))


def test_the_effective_pack_runs_by_itself(sample: Finished, tmp_path: Path) -> None:
    digest, _ = result_of(sample_files()[0].parent, tmp_path / "work", rules=str(sample.run_dir / "pack"))
    assert digest == sample.manifest["result_digest"]


@pytest.mark.parametrize("rules", ["zhuhai-seed-2025", "innovative-sme-2022"])
def test_so_does_that_of_a_fund_and_of_another_plan(rules: str, tmp_path: Path) -> None:
    """Layers and catalogues are in the effective pack; it needs no file beside it."""
    loaded = load_pack(rules)
    write_effective_pack(loaded, tmp_path / "pack")
    # What it says of its layers counts in a run, whose manifest records the file.
    recorded = {"files": {"pack/pack.yaml": sha256(tmp_path / "pack" / "pack.yaml")}}
    (tmp_path / "manifest.json").write_text(json.dumps(recorded), encoding="utf-8")
    again = load_pack(tmp_path / "pack")
    assert again.digest == loaded.digest
    written = strict_yaml.read(tmp_path / "pack" / "pack.yaml", "pack.yaml")
    assert not {"extends", "tables", "remove"} & set(written.data["pack"])
