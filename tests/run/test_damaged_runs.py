"""A run folder that was damaged on its way, or made up: every command says so in words, none trips over it."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.cli.console import Exit
from tests.cli.terminal import screen
from tests.run.shared import PACK, small, two_companies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged")
    return small(two_companies(folder), folder / "out").run_dir


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def rewritten(path: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    change(pl.read_parquet(path)).write_parquet(path)


def restated(run: Path, **values: Any) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (run / "manifest.json").write_text(json.dumps({**manifest, **values}), encoding="utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a relation is missing": lambda r: (r / "result" / "facts.parquet").unlink(),
    "the relations are missing": lambda r: shutil.rmtree(r / "result"),
    "a relation is cut off": lambda r: cut(r / "result" / "ranking.parquet"),
    "a table is cut off": lambda r: cut(r / "tables" / "companies.parquet"),
    "the tables are missing": lambda r: shutil.rmtree(r / "tables"),
    "the pack is missing": lambda r: shutil.rmtree(r / "pack"),
    "the pack is cut off": lambda r: cut(r / "pack" / "pack.yaml"),
    "the pack is of another plan": lambda r: (r / "pack" / "pack.yaml").write_text("pack: {id: x}\n", encoding="utf-8"),
    "the manifest is cut off": lambda r: cut(r / "manifest.json"),
    "the manifest nests without end": lambda r: (r / "manifest.json").write_text("[" * 100_000, encoding="utf-8"),
    "the date is none": lambda r: restated(r, as_of="2025-02-30"),
    "the inputs are of another shape": lambda r: restated(r, inputs={"available": 3}),
    "the manifest names a file outside": lambda r: restated(r, files={"result/../../x": "0" * 64}),
    "quality is no JSON": lambda r: (r / "quality.json").write_text("{", encoding="utf-8"),
    "quality is a list": lambda r: (r / "quality.json").write_text("[1]", encoding="utf-8"),
    "a column is missing": lambda r: rewritten(r / "result" / "ranking.parquet", lambda f: f.drop("outcome")),
    "a column has another type": lambda r: rewritten(
        r / "result" / "ranking.parquet", lambda f: f.with_columns(rank=pl.lit("first"))
    ),
    "an outcome that nobody knows": lambda r: rewritten(
        r / "result" / "ranking.parquet", lambda f: f.with_columns(outcome=pl.lit("excellent"))
    ),
    "a company twice": lambda r: rewritten(r / "result" / "ranking.parquet", lambda f: pl.concat([f, f])),
    "a company twice in the table": lambda r: rewritten(
        r / "tables" / "companies.parquet", lambda f: pl.concat([f, f])
    ),
    "a table without its key": lambda r: rewritten(r / "tables" / "companies.parquet", lambda f: f.drop("company_id")),
    "a relation without rows": lambda r: rewritten(r / "result" / "criteria.parquet", lambda f: f.clear()),
    "a folder in place of a file": lambda r: ((r / "quality.json").unlink(), (r / "quality.json").mkdir()),
}
NAME, OTHER = "样例甲脑机科技有限公司", "样例乙餐饮有限公司"


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_command_says_what_is_wrong(damage: str, made: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made, run)
    DAMAGE[damage](run)
    gold = tmp_path / "gold.csv"
    gold.write_text(f"name,domain\n{NAME},甲\n", encoding="utf-8")
    others: tuple[tuple[object, ...], ...] = (
        ("terms", "--run", run),
        ("evaluate", "--gold", gold, "--run", run),
        ("plan", "--rules", PACK, "--against", run),
        ("lift", NAME, "--run", run),
        ("compare", NAME, OTHER, "--run", run),
        ("ask", NAME, "--run", run),
        ("ask", "--run", run),
        ("robustness", "--run", run),
        ("portfolio", "--budget", "1亿元", "--run", run),
        ("diff", run, made),
        ("diff", made, run),
    )
    # All open a run by one door and read a relation at one place: each damage meets a third of them, in turn.
    turn = [*DAMAGE].index(damage) % 3
    told = 0
    for arguments in (("explain", NAME, "--run", run), *others[turn::3], ("verify", run)):
        ended = screen(*arguments)
        assert "Traceback" not in ended.err, f"{arguments[0]}: {ended.err}"
        assert "program/fault" not in ended.err
        if ended.code != Exit.FINE:
            told += 1
            assert str(run) in ended.err or arguments[0] in ("verify", "lift", "robustness", "portfolio"), (
                f"{arguments[0]}: {ended.err}"
            )
    assert ended.code != Exit.FINE, "verify finds all of it"
    assert told


@pytest.mark.parametrize("what", ["result", "tables/companies.parquet", "pack/pack.yaml", "quality.json"])
def test_an_incomplete_copy_is_called_one(what: str, made: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made, run)
    shutil.rmtree(run / what) if (run / what).is_dir() else (run / what).unlink()
    ended = screen("explain", NAME, "--run", run)
    assert ended.code == Exit.FAILED
    assert "an incomplete copy" in ended.err
    assert "        = " in ended.err


@pytest.mark.parametrize(
    "name", ["result/ranking.parquet", "pack/pack.yaml", "tables/companies.parquet", "manifest.json"]
)
def test_a_link_in_a_run_is_not_followed(name: str, made: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made, run)
    shutil.move(run / name, tmp_path / "elsewhere")
    (run / name).symlink_to(tmp_path / "elsewhere")
    for arguments in (("explain", NAME, "--run", run), ("verify", run), ("plan", "--rules", PACK, "--against", run)):
        ended = screen(*arguments)
        assert ended.code != Exit.FINE
        assert "link" in ended.out + ended.err


def _as_made(run: Path, name: str) -> None:
    """Let the manifest say what a file is now, as the version that wrote it did."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    path = run / name
    manifest["files"].pop(name, None)
    if path.exists():
        manifest["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


OTHER_VERSION: dict[str, Callable[[Path], object]] = {
    "result/measures.parquet": lambda path: path.unlink(),
    "result/ranking.parquet": lambda path: rewritten(path, lambda f: f.drop("tiers_possible")),
    "result/verdict.parquet": lambda path: rewritten(path, lambda f: f.with_columns(pl.col("tier").cast(pl.Binary))),
    "pack/pack.yaml": lambda path: path.write_text(
        path.read_text(encoding="utf-8").replace("set_by: fund", "basis: fund"), encoding="utf-8"
    ),
}


@pytest.mark.parametrize("name", OTHER_VERSION)
def test_a_run_of_another_version_is_not_called_damaged(name: str, made: Path, tmp_path: Path) -> None:
    """Expected: what stands as it was written, in a form that is not today's, is told as such; changed afterwards, it is damage."""
    run = tmp_path / "run"
    shutil.copytree(made, run)
    OTHER_VERSION[name](run / name)
    ended = screen("explain", NAME, "--run", run)
    assert (ended.code, "run/damaged" in ended.err) == (Exit.FAILED, True)
    _as_made(run, name)
    ended = screen("explain", NAME, "--run", run)
    assert ended.code == Exit.FAILED
    assert "run/other-version" in ended.err
    assert "nothing is damaged" in ended.err
