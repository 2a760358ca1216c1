"""What must hold at any size: nothing is lost, memory is bounded, and neither parts, order nor threads change a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import screening.engine.classify
from screening.arrow import ArrowView
from screening.engine.inputs import inputs_of
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run.options import Options
from screening.run.screening import Finished, assemble, screened
from tests.scale.conftest import AS_OF, ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PER_COMPANY = ("classification", "spans", "facts", "stage", "place", "gates", "criteria")
"""Relations of the steps between pool and rank: what they say of a company rests on that company alone."""


def silent(_: str) -> None:
    """Show no progress."""


class TestNothingIsLost:
    def test_every_row_read_is_clean_or_set_aside(self, screened_export: Finished) -> None:
        rows, folder = screened_export.manifest["rows"], screened_export.run_dir
        assert rows["read"] == ROWS == rows["clean"] + rows["set_aside"]
        assert rows["set_aside"] == ROWS // 100 == sum(rows["set_aside_by_reason"].values())
        assert pl.read_parquet(folder / "set_aside" / "companies.parquet").height == rows["set_aside"]

    def test_every_clean_company_comes_out_once_in_every_form(self, screened_export: Finished) -> None:
        clean, folder = screened_export.manifest["rows"]["clean"], screened_export.run_dir
        ranking = pl.read_parquet(folder / "result" / "ranking.parquet")
        companies = pl.read_parquet(folder / "tables" / "companies.parquet")
        assert ranking["company_id"].n_unique() == ranking.height == companies.height == clean
        assert pl.read_csv(folder / "ranking.csv", infer_schema=False).height == clean
        assert sum(screened_export.manifest["outcomes"].values()) == clean

    def test_the_export_tries_the_whole_way(self, screened_export: Finished) -> None:
        """A run in which nobody is in scope would prove nothing of the steps behind."""
        outcomes = screened_export.manifest["outcomes"]
        assert outcomes["ranked"] > ROWS // 100
        assert outcomes["out_of_scope"] > ROWS // 2


class TestTheFolder:
    def test_is_whole_and_the_spill_is_gone(self, screened_export: Finished) -> None:
        out = screened_export.run_dir.parent
        assert [p.name for p in out.iterdir()] == [screened_export.run_dir.name]
        assert not [p for p in screened_export.run_dir.rglob("*") if "spill" in p.name or p.name.startswith(".")]

    def test_the_page_stays_small_however_many_rows(self, screened_export: Finished) -> None:
        assert (screened_export.run_dir / "report.html").stat().st_size < 5_000_000


def test_order_threads_memory_and_chunks_of_text_do_not_change_the_result(
    export: Path, screened_export: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shuffled table is another file, so nothing of the first run is taken."""
    monkeypatch.setattr(screening.engine.classify, "CHUNK_ROWS", 1_201)
    shuffled = tmp_path / "shuffled.parquet"
    pl.read_parquet(export).sample(fraction=1, shuffle=True, seed=3).write_parquet(shuffled)
    options = Options(data=shuffled, as_of=AS_OF, out=tmp_path, threads=1, memory_limit="300MB")
    _, manifest, _ = assemble(options, tmp_path, silent)
    assert manifest["result_digest"] == screened_export.manifest["result_digest"]


def part(tables: Mapping[str, Path], number: int, of: int, folder: Path) -> dict[str, Path]:
    """Write the part of every table that belongs to every `of`-th company; a company's rows stay together."""
    ids = pl.read_parquet(tables["companies"], columns=["company_id"]).sort("company_id")
    mine = ids.gather_every(of, number)
    written = {}
    for name, path in tables.items():
        written[name] = folder / "tables" / path.name
        written[name].parent.mkdir(parents=True, exist_ok=True)
        rows = pl.read_parquet(path)
        # The fund's own holdings are not about a company of the pool; every part sees them whole.
        kept = (
            rows.join(mine, on="company_id", how="semi", maintain_order="left")
            if "company_id" in rows.columns
            else rows
        )
        kept.write_parquet(written[name])
    return written


def relations(finished: Finished, tables: Mapping[str, Path], work: Path) -> dict[str, pl.DataFrame]:
    """Run the steps between pool and rank over some tables."""
    loaded = load_pack(finished.run_dir / "pack")
    inputs = inputs_of(finished.manifest)
    with screened(work, parse_pack(loaded, inputs.as_of), inputs, tables, Options(), (), silent) as running:
        return {name: pl.DataFrame(ArrowView(running.connection.table(name))) for name in PER_COMPANY}


@pytest.mark.parametrize("source", ["screened_export", "screened_sample"])
def test_halves_give_the_same_rows_as_the_whole(source: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    finished: Finished = request.getfixturevalue(source)
    tables = {p.stem: p for p in sorted((finished.run_dir / "tables").glob("*.parquet"))}
    whole = {name: pl.read_parquet(finished.run_dir / "result" / f"{name}.parquet") for name in PER_COMPANY}
    halves = [relations(finished, part(tables, n, 2, tmp_path / f"half{n}"), tmp_path / f"half{n}") for n in range(2)]
    for name in PER_COMPANY:
        assert min(half[name].height for half in halves) > 0, f"{name}: one half is empty, so nothing was compared"
        together = pl.concat([half[name] for half in halves])
        assert_frame_equal(together, whole[name], check_row_order=False)
