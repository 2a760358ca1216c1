"""`screen verify` passes on a run as it was made, and names what was touched, however little."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from screening.errors import RunError
from screening.report.page import inert
from screening.run.folder import file_hashes, sha256
from screening.run.manifest import _PRINTED as PRINTED
from screening.run.opened import run_folder
from screening.run.restated import inputs
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
        "company,direction,grade,reason,initials,date\n样例乙餐饮有限公司,甲1,core,另有业务,甲乙,2024-12-30\n"
        "样例甲脑机科技有限公司,甲1,core,与规则相同,甲乙,2024-12-30\n",
        encoding="utf-8",
    )
    return small(two_companies(folder), folder / "out", overrides=overrides).run_dir


@pytest.fixture(scope="session")
def as_made(made: Path) -> list[Finding]:
    """What is found in it. An auditor's copy may lie on a disk that cannot be written: nothing is touched, nor put beside it."""
    before = {p: p.stat().st_mtime_ns for p in made.parent.rglob("*")}
    findings = verify(made)
    assert {p: p.stat().st_mtime_ns for p in made.parent.rglob("*")} == before
    return findings


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


def test_a_run_with_overrides_is_what_it_says_and_is_only_read(as_made: list[Finding]) -> None:
    assert failing(as_made) == {}


BEARING = (
    "result/ranking.parquet",
    "result/criteria.parquet",
    "tables/companies.parquet",
    "set_aside/companies.parquet",
    "pack/pack.yaml",
    "pack/origins.csv",
    "quality.json",
    "overrides.csv",
)


@pytest.mark.parametrize("name", BEARING)
def test_one_bit_of_a_file_that_the_result_rests_on(name: str, run_dir: Path) -> None:
    flip(run_dir / name)
    assert failing(verify(run_dir)) == {
        name: "the file was changed after the run",
        "recomputed result": "not tried: its inputs or its files were changed",
    }


def test_one_bit_of_other_files_and_files_taken_away_and_added(run_dir: Path) -> None:
    """Each is told of by itself, and of nothing else anything."""
    [page, *_] = sorted((run_dir / "dossiers").iterdir())
    changed = ("report.html", "ranking.xlsx", f"dossiers/{page.name}")
    for name in changed:
        flip(run_dir / name)
    (run_dir / "ranking.csv").unlink()
    (run_dir / "dossiers" / "extra.html").write_text("x", encoding="utf-8")
    assert failing(verify(run_dir)) == {
        **dict.fromkeys(changed, "the file was changed after the run"),
        "ranking.csv": "the file is missing",
        "dossiers/extra.html": "the file was added after the run",
    }


Change = Callable[[dict[str, Any]], object]


def raised(manifest: dict[str, Any]) -> None:
    manifest["outcomes"]["shortlisted"] += 1


CHANGES: tuple[tuple[str, Change, str | None], ...] = (
    ("result_digest", lambda m: m.update(result_digest="0" + m["result_digest"][1:]), "digest of the result files"),
    ("pack", lambda m: m["pack"].update(digest="0" * 64), "pack digest"),
    ("input_digest", lambda m: m.update(input_digest="0" * 64), "digest of the inputs"),
    ("files", lambda m: m["files"].update({"ranking.csv": "0" * 64}), "ranking.csv"),
    ("rows", lambda m: m["rows"].update(clean=3), "rows: read = clean + set aside"),
    ("outcomes", raised, "outcomes"),
    ("as_of_basis", lambda m: m.update(as_of_basis="given"), None),
    ("versions", lambda m: m.pop("versions"), None),
)
"""The key of the manifest, what was done to it, and the finding that is of this key alone."""


def test_each_key_of_the_manifest_has_its_witness(run_dir: Path) -> None:
    restate(run_dir, lambda m: [change(m) for _, change, _ in CHANGES])
    found = failing(verify(run_dir))
    assert {finding for _, _, finding in CHANGES if finding} <= found.keys()
    assert "result computed again from tables and pack" in found
    named = found["manifest.json as printed in report.html"].removeprefix("they differ in: ").split(", ")
    assert named == sorted(key for key, _, _ in CHANGES if key != "files")


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(run_id="20240914T000000Z-00000000"),
        lambda m: m.update(as_of="2025-06-30"),
        lambda m: m["data"][0].update(sha256="0" * 64),
    ],
    ids=["run id", "date of knowledge", "hash of a source file"],
)
def test_what_a_run_came_from_is_in_the_digest_of_its_inputs(change: Change, run_dir: Path) -> None:
    assert inputs(run_folder(run_dir), run_folder(run_dir).pack()).ok
    restate(run_dir, change)
    run = run_folder(run_dir)
    assert not inputs(run, run.pack()).ok


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
    assert failing(verify(made, data=other)).keys() == {
        "source files",
        "tables/companies.parquet",
        "what intake saw",
        "result computed again from the source files",
    }


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


def rehashed(run_dir: Path, reprinted: bool = True) -> None:
    """Be a forger who knows how runs are made: mend every hash, and the manifest that the report prints."""
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = file_hashes(run_dir)
    stated = {key: value for key, value in manifest.items() if key != "files"}
    for page in [*run_dir.glob("*.html"), *run_dir.glob("dossiers/*.html")] if reprinted else []:
        text = page.read_text(encoding="utf-8")
        if PRINTED in text:
            start = text.index(PRINTED) + len(PRINTED)
            end = text.index("</script>", start)
            # As the program prints it: nothing but what was forged may differ.
            kept = {key: value for key, value in json.loads(text[start:end]).items() if key == "synthetic"}
            page.write_text(text[:start] + inert({**stated, **kept}) + text[end:], encoding="utf-8")
    manifest["files"] = file_hashes(run_dir)
    (run_dir / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def edit(run_dir: Path, name: str, old: str, new: str) -> None:
    text = (run_dir / name).read_text(encoding="utf-8")
    assert old in text
    (run_dir / name).write_text(text.replace(old, new), encoding="utf-8")


def restate(run_dir: Path, change: Change) -> None:
    manifest = json.loads((run_dir / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (run_dir / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def other_rows(run: Path, name: str, **columns: object) -> None:
    path = run / name
    frame = pl.read_parquet(path)
    frame.with_columns(**{c: pl.lit(v, dtype=frame.schema[c]) for c, v in columns.items()}).write_parquet(path)


def counted(run: Path) -> None:
    stated = json.loads((run / "quality.json").read_text(encoding="utf-8"))
    stated["tables"]["companies"]["columns"][0]["missing"] += 1
    (run / "quality.json").write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")


def other_cities(run: Path) -> None:
    stated = json.loads((run / "quality.json").read_text(encoding="utf-8"))
    stated["entities"]["city"] = {"珠海市": 2}
    (run / "quality.json").write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")


def test_a_forger_who_mends_every_hash_of_pages_and_files(run_dir: Path) -> None:
    """The run is made again and compared, not believed: each file by itself."""
    first, last = (f"dossiers/{p.name}" for p in sorted((run_dir / "dossiers").iterdir()))
    shutil.copyfile(run_dir / "report.html", run_dir / first)
    edit(run_dir, last, "</body>", "<script>document.title='marker'</script></body>")
    edit(run_dir, "report.html", "样例甲脑机科技有限公司", "样例丁脑机科技有限公司")
    edit(run_dir, "ranking.csv", "样例甲", "样例丁")
    with xlsxwriter.Workbook(str(run_dir / "ranking.xlsx")) as book:
        book.add_worksheet("排名").write_string(0, 0, "样例丙有限公司")
    (run_dir / "run_me.exe").write_bytes(b"MZ marker")
    (run_dir / "dossiers" / "more.html").write_text("x", encoding="utf-8")
    shutil.copyfile(run_dir / "result" / "ranking.parquet", run_dir / "result" / "other.parquet")
    (run_dir / "report.en.html").unlink()
    rehashed(run_dir)
    changed = (first, last, "report.html", "ranking.csv", "ranking.xlsx")
    added = ("run_me.exe", "dossiers/more.html", "result/other.parquet")
    found = failing(verify(run_dir))
    found.pop("pages, ranking files and rules made again")
    assert found == {
        **dict.fromkeys(changed, "it does not come out again"),
        **dict.fromkeys(added, "no run writes this file"),
        "report.en.html": "the run lacks this file, which comes out again",
    }


def test_a_forger_who_mends_every_hash_of_what_the_manifest_says(run_dir: Path) -> None:
    restate(run_dir, lambda m: m.update(notices=[]))
    restate(run_dir, lambda m: m["overrides"][0].update(reason="别的理由"))
    restate(run_dir, lambda m: m["pack"].update(id="guangdong-2024"))
    restate(run_dir, raised)
    rehashed(run_dir)
    found = failing(verify(run_dir))
    told = found["pack, outcomes, overrides and notices of the manifest"].rpartition(": ")[2]
    assert set(told.split(", ")) == {"pack", "outcomes", "overrides", "notices"}
    assert "outcomes" in found


def test_a_forger_who_mends_every_hash_of_what_was_counted(run_dir: Path) -> None:
    counted(run_dir)
    other_cities(run_dir)
    edit(run_dir, "pack/origins.csv", "脑机接口", "元宇宙")
    other_rows(run_dir, "result/ranking.parquet", score="99.00")
    restate(run_dir, lambda m: m["tables"]["companies"].update(read=9, clean=9))
    rehashed(run_dir)
    found = failing(verify(run_dir))
    told = found["quality.json against the tables"].split(", ")
    assert {"companies.company_id: missing", "companies.city", "companies: rows"} == set(told)
    assert found.keys() >= {
        "pack/origins.csv against the rules",
        "digest of the result files",
        "rows: read = clean + set aside",
    }


FORGERIES: dict[str, Callable[[Path], object]] = {
    "quality: another shape": lambda r: (r / "quality.json").write_text("[]", encoding="utf-8"),
    "a rule": lambda r: edit(r, "pack/pack.yaml", "points: 5", "points: 6"),
    "a notice added": lambda r: restate(
        r, lambda m: m["notices"].append({"code": "run/nobody-in-scope", "message": "nobody"})
    ),
    "the override itself": lambda r: edit(r, "overrides.csv", "另有业务", "别的理由"),
    "points of a rule": lambda r: other_rows(r, "result/criteria.parquet", **{"staff_points.points": "1.00"}),
    "a clean table": lambda r: other_rows(r, "tables/companies.parquet", staff=1),
    "a table more": lambda r: shutil.copyfile(r / "tables" / "companies.parquet", r / "tables" / "other.parquet"),
    "columns that were not supplied": lambda r: restate(
        r, lambda m: m["inputs"]["available"].update(companies=["name"])
    ),
}
"""What changes more than its own file when the run is made again, each by itself."""


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forger_who_mends_every_hash(forgery: str, run_dir: Path) -> None:
    FORGERIES[forgery](run_dir)
    rehashed(run_dir)
    assert failing(verify(run_dir)), "the run is made again and compared, not believed"


def test_a_forger_who_only_mends_hashes_changes_nothing(run_dir: Path) -> None:
    rehashed(run_dir, reprinted=False)
    assert failing(verify(run_dir)) == {}


@pytest.mark.parametrize(
    "kind", ["an empty folder", "a link", "a fifo", "a link to a folder", "a link in place of a file"]
)
def test_what_no_run_holds(kind: str, run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
    place = run_dir / "dossiers" / "more"
    if kind == "an empty folder":
        place.mkdir()
    elif kind == "a fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no fifos on this system")
        os.mkfifo(place)
    elif kind == "a link in place of a file":
        place = run_dir / "quality.json"
        shutil.move(place, tmp_path / "quality.json")
        place.symlink_to(tmp_path / "quality.json")
    else:
        place.symlink_to(tmp_path if kind == "a link to a folder" else tmp_path / "outside.txt")
    rehashed(run_dir)
    try:
        found = failing(verify(run_dir))
    except RunError as error:
        assert place.name in error.problems[0].message
    else:
        assert place.relative_to(run_dir).as_posix() in found


def test_what_is_only_stated_is_listed(made: Path, as_made: list[Finding], tmp_path: Path) -> None:
    alone = [f.what for f in as_made if f.stated]
    data = two_companies(tmp_path)
    with_data = verify(made, data=data)
    assert failing(with_data) == {}
    assert len([f for f in with_data if f.stated]) < len(alone)
    assert any("clean tables" in what for what in alone)
    assert not any("clean tables" in f.what for f in with_data if f.stated)


def test_statements_of_intake_are_proved_by_the_source(run_dir: Path, tmp_path: Path) -> None:
    restate(run_dir, lambda m: m["dataset"].update(id="another"))
    rehashed(run_dir)
    assert failing(verify(run_dir, data=two_companies(tmp_path)))["what intake saw"] == "other than stated: dataset"
