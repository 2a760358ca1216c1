"""`screen verify` passes on a run as it was made, and names what was touched, however little."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.errors import RunError
from screening.run.folder import sha256
from screening.run.verify import verify
from tests.run.shared import DEVICES, companies, sample_files, small, two_companies

if TYPE_CHECKING:
    from pathlib import Path

    from screening.run.screening import Finished
    from screening.run.verify import Finding


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small pack, never touched."""
    folder = tmp_path_factory.mktemp("verify")
    overrides = folder / "overrides.csv"
    overrides.write_text(
        "company,direction,grade,reason,initials,date\n样例乙餐饮有限公司,甲1,core,另有业务,甲乙,2024-12-30\n",
        encoding="utf-8",
    )
    return small(two_companies(folder), folder / "out", overrides=overrides).run_dir


@pytest.fixture
def run_dir(made: Path, tmp_path: Path) -> Path:
    """A copy to touch."""
    shutil.copytree(made, tmp_path / made.name)
    return tmp_path / made.name


def failing(findings: list[Finding]) -> dict[str, str]:
    return {f.what: f.detail for f in findings if not f.ok}


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_sample_run_is_what_it_says(sample: Finished) -> None:
    findings = verify(sample.run_dir, data=sample_files()[0].parent)
    assert failing(findings) == {}
    assert {f.what for f in findings} >= {
        "pack digest",
        "digest of the inputs",
        "digest of the result files",
        "result computed again from tables and pack",
        "source files",
        "result computed again from the source files",
    }


def test_a_run_with_overrides_is_what_it_says(made: Path) -> None:
    assert failing(verify(made)) == {}


FILES = (
    "result/ranking.parquet",
    "result/criteria.parquet",
    "tables/companies.parquet",
    "set_aside/companies.parquet",
    "pack/pack.yaml",
    "pack/origins.csv",
    "report.html",
    "ranking.csv",
    "ranking.xlsx",
    "quality.json",
    "overrides.csv",
)


@pytest.mark.parametrize("name", FILES)
def test_one_bit_of_any_file(name: str, run_dir: Path) -> None:
    flip(run_dir / name)
    assert failing(verify(run_dir))[name] == "the file was changed after the run"


def test_a_dossier(run_dir: Path) -> None:
    [page, *_] = sorted((run_dir / "dossiers").iterdir())
    flip(page)
    assert failing(verify(run_dir)) == {f"dossiers/{page.name}": "the file was changed after the run"}


def test_files_taken_away_and_added(run_dir: Path) -> None:
    (run_dir / "ranking.csv").unlink()
    (run_dir / "dossiers" / "extra.html").write_text("x", encoding="utf-8")
    assert failing(verify(run_dir)) == {
        "ranking.csv": "the file is missing",
        "dossiers/extra.html": "the file was added after the run",
    }


Change = Callable[[dict[str, Any]], object]


def raised(manifest: dict[str, Any]) -> None:
    manifest["outcomes"]["shortlisted"] += 1


CHANGES: dict[str, tuple[Change, set[str]]] = {
    "result digest": (
        lambda m: m.update(result_digest="0" + m["result_digest"][1:]),
        {"digest of the result files", "result computed again from tables and pack"},
    ),
    "pack digest": (lambda m: m["pack"].update(digest="0" * 64), {"pack digest"}),
    "input digest": (lambda m: m.update(input_digest="0" * 64), {"digest of the inputs"}),
    "run id": (lambda m: m.update(run_id="20240914T000000Z-00000000"), {"digest of the inputs"}),
    "date of knowledge": (lambda m: m.update(as_of="2025-06-30"), {"digest of the inputs"}),
    "hash of a source file": (lambda m: m["data"][0].update(sha256="0" * 64), {"digest of the inputs"}),
    "hash of a file": (lambda m: m["files"].update({"ranking.csv": "0" * 64}), {"ranking.csv"}),
    "rows": (lambda m: m["rows"].update(clean=3), {"rows: read = clean + set aside"}),
    "outcomes": (raised, {"outcomes"}),
    "a word of no rule": (lambda m: m.update(as_of_basis="given"), set()),
    "a key removed": (lambda m: m.pop("versions"), set()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_manifest_itself(what: str, run_dir: Path) -> None:
    change, wrong = CHANGES[what]
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (run_dir / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = failing(verify(run_dir))
    assert wrong <= found.keys()
    if what != "hash of a file":
        assert "manifest.json as printed in report.html" in found


def test_a_forger_who_also_mends_the_hashes(run_dir: Path) -> None:
    """The result is computed again: a better score with a fitting hash is found all the same."""
    path = run_dir / "result" / "ranking.parquet"
    pl.read_parquet(path).with_columns(pl.lit("ranked").alias("outcome")).write_parquet(path)
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["result/ranking.parquet"] = sha256(path)
    (run_dir / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert failing(verify(run_dir)).keys() >= {"digest of the result files", "outcomes"}


def test_other_data(made: Path, tmp_path: Path) -> None:
    other = companies(
        tmp_path / "two.csv", ("样例甲脑机科技有限公司", DEVICES, "5"), ("样例乙餐饮有限公司", "餐饮服务", "3")
    )
    assert failing(verify(made, data=other)).keys() == {"source files", "result computed again from the source files"}


def test_a_run_is_only_read(made: Path) -> None:
    """An auditor's copy may lie on a disk that cannot be written; nothing is put beside it either."""
    before = {p: p.stat().st_mtime_ns for p in made.parent.rglob("*")}
    verify(made)
    assert {p: p.stat().st_mtime_ns for p in made.parent.rglob("*")} == before


@pytest.mark.parametrize(
    "part", ["run_id", "pack", "inputs", "data", "rows", "tables", "outcomes", "files", "result_digest", "input_digest"]
)
@pytest.mark.parametrize("put", [None, 1, "x", ["x"], {"x": 1}, {"companies": {}}])
def test_a_manifest_of_another_shape_is_damaged_not_a_fault(part: str, put: object, run_dir: Path) -> None:
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    (run_dir / "manifest.json").write_text(json.dumps({**manifest, part: put}), encoding="utf-8")
    try:
        findings = verify(run_dir)
    except RunError as error:
        assert error.problems[0].code == "run/manifest"
        assert part in error.problems[0].message
    else:
        assert failing(findings)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "run/no-manifest"),
        ("{", "run/manifest"),
        ("[]", "run/format"),
        ('{"format": 99}', "run/format"),
        ('{"format": 1}', "run/manifest"),
        ("\x00", "run/manifest"),
    ],
)
def test_a_folder_that_is_no_run(content: str | None, code: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunError) as ended:
        verify(tmp_path)
    [problem] = ended.value.problems
    assert problem.code == code
    assert problem.remedy
