"""Who made a run, and of which run a single page is."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from screening.cli.console import Exit
from screening.errors import RunError
from screening.run.pageseal import verify_page
from screening.run.seal import sealed
from screening.run.signature import beside, make_key, sign, signed_by
from tests.cli.terminal import screen
from tests.run.shared import small, two_companies

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    return small(two_companies(folder), folder / "out", dossiers="1").run_dir


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / made.name)
    return tmp_path / made.name


def test_a_receiver_can_tell_who_made_a_run(run: Path, tmp_path: Path) -> None:
    assert screen("sign", "--new-key", tmp_path / "fund.pem").code == Exit.FINE
    assert (tmp_path / "fund.pem").stat().st_mode & 0o077 == 0
    assert screen("sign", run, "--key", tmp_path / "fund.pem").code == Exit.FINE
    ended = screen("verify", run, "--signed-by", tmp_path / "fund.pem.pub")
    assert ended.code == Exit.FINE, ended.out
    assert "made with the key of 'fund.pem.pub'" in ended.out


def test_another_key_and_another_manifest_are_told(run: Path, tmp_path: Path) -> None:
    mine, other = make_key(tmp_path / "mine.pem"), make_key(tmp_path / "other.pem")
    sign(run, tmp_path / "mine.pem")
    assert signed_by(run, mine).ok
    assert not signed_by(run, other).ok
    manifest = run / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("样例", "样列") + " ", encoding="utf-8")
    assert not signed_by(run, mine).ok


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": 9, "algorithm": "ed25519", "signature": "AA=="}']
)
def test_a_signature_that_is_none(content: str, run: Path, tmp_path: Path) -> None:
    public = make_key(tmp_path / "key.pem")
    beside(run).write_text(content, encoding="utf-8")
    assert not signed_by(run, public).ok


def test_keys_that_cannot_be_used(run: Path, tmp_path: Path) -> None:
    public = make_key(tmp_path / "key.pem")
    (tmp_path / "text.pem").write_text("no key", encoding="utf-8")
    for key in (tmp_path / "none.pem", tmp_path / "text.pem", public):
        with pytest.raises(RunError):
            sign(run, key)
    with pytest.raises(RunError):
        make_key(tmp_path / "key.pem")


def test_a_page_tells_its_run_and_that_it_is_unchanged(made: Path, tmp_path: Path) -> None:
    for page in (made / "report.html", *(made / "dossiers").iterdir()):
        found = verify_page(page)
        assert all(f.ok for f in found)
        assert any(made.name in f.detail for f in found)
    shutil.copyfile(made / "report.html", tmp_path / "sent.html")
    ended = screen("verify", tmp_path / "sent.html")
    assert ended.code == Exit.FINE
    assert made.name in ended.out and "not a forger" in ended.out


@pytest.mark.parametrize("change", ["a word", "the end", "the last line", "a byte behind"])
def test_a_page_that_was_changed(change: str, made: Path, tmp_path: Path) -> None:
    text = (made / "report.html").read_text(encoding="utf-8")
    body = text.rstrip("\n").rpartition("\n")[0]
    changed = {
        "a word": text.replace("样例甲", "样例丁", 1),
        "the end": text[:-400],
        "the last line": body,
        "a byte behind": text + " ",
    }[change]
    (tmp_path / "sent.html").write_text(changed, encoding="utf-8", newline="\n")
    ended = screen("verify", tmp_path / "sent.html", "--json")
    assert ended.code == Exit.PROBLEMS
    assert ended.json["verified"] is False


def test_a_page_sealed_again_by_a_forger_is_found_in_its_folder(run: Path) -> None:
    text = (run / "report.html").read_text(encoding="utf-8").rstrip("\n").rpartition("\n")[0] + "\n"
    (run / "report.html").write_text(sealed(text.replace("样例甲", "样例丁")), encoding="utf-8", newline="\n")
    assert [f.ok for f in verify_page(run / "report.html")] == [True, True, False]
    assert screen("verify", run).code == Exit.PROBLEMS


def test_what_is_no_page(tmp_path: Path) -> None:
    for name, content in (("a.html", "<html></html>"), ("b.html", ""), ("c.json", json.dumps({"run_id": "x"}))):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert screen("verify", tmp_path / name).code == Exit.FAILED
