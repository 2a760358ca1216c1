"""Files that a command reads or writes where it is told: pipes and devices are refused at once, and a file is there whole or not."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from unittest import mock

import pytest

from screening.errors import RunError
from screening.run.printing import pages_in
from screening.written_file import write_whole
from tests.cli.terminal import screen
from tests.run.shared import PACK, two_companies

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="no pipes in the file system")


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """End a test that waits for a pipe."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.alarm(60)
    yield
    signal.alarm(0)


@needs_pipes
@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "--run", "RUN", "--gold", "PIPE"),
        ("verify", "PIPE"),
        ("sign", "RUN", "--key", "PIPE"),
        ("portfolio", "--run", "RUN", "--limits", "PIPE"),
        ("diff", "RUN", "RUN", "--html", "PIPE"),
        ("diff", "RUN", "RUN", "--xlsx", "PIPE"),
        ("evaluate", "--run", "RUN", "--propose", "3", "--out", "PIPE"),
        ("ask", "--run", "RUN", "1", "--html", "PIPE"),
        ("run", "--data", "PIPE", "--rules", PACK, "--out", "OUT"),
    ],
    ids=lambda a: " ".join(a[:1] + a[-2:]),
)
def test_a_pipe_in_place_of_a_file_is_refused(arguments: tuple[str, ...], sample_dir: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    places = {"RUN": sample_dir, "PIPE": pipe, "OUT": tmp_path / "out"}
    ended = screen(*(places.get(a, a) for a in arguments))
    assert ended.code in (1, 3)
    assert "program/fault" not in ended.err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@needs_pipes
@pytest.mark.parametrize("name", ["dataset.yaml", "fund.yaml"])
def test_a_pipe_beside_the_data_is_refused_and_never_taken_for_nothing(name: str, tmp_path: Path) -> None:
    data = _dataset(tmp_path)
    (data / name).unlink(missing_ok=True)
    os.mkfifo(data / name)
    ended = screen("run", "--data", data, "--rules", PACK, "--out", tmp_path / "out", "--quiet")
    assert ended.code == 1
    assert name in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("name", ["dataset.yaml", "fund.yaml"])
def test_a_link_beside_the_data_lends_no_file_of_this_machine(name: str, tmp_path: Path) -> None:
    data = _dataset(tmp_path)
    (data / "fund.yaml").write_text(FUND.format(size="3亿元"), encoding="utf-8")
    (data / name).rename(tmp_path / name)
    (data / name).symlink_to(tmp_path / name)
    ended = screen("run", "--data", data, "--rules", PACK, "--out", tmp_path / "out", "--quiet")
    assert ended.code == 1
    assert "outside its folder" in ended.err


@pytest.mark.parametrize("size", ["3%", "3家", "3年", "3亿元\nticket: [5000万元, 1万元]", "3亿元\nterm_years: 60个月"])
def test_a_fund_in_another_unit_or_order_is_refused(size: str, tmp_path: Path) -> None:
    data = _dataset(tmp_path)
    (data / "fund.yaml").write_text(FUND.format(size=size), encoding="utf-8")
    ended = screen("run", "--data", data, "--rules", PACK, "--out", tmp_path / "out", "--quiet")
    assert ended.code == 1
    assert "fund/value" in ended.err


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    write_whole(place, "before")
    opened = Path.open

    def full(path: Path, *how: Any, **more: Any) -> IO[Any]:
        if path.suffix == ".part":
            with opened(path, *how, **more) as file:
                file.write(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, *how, **more)

    with mock.patch.object(Path, "open", full), pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_whole(place, "after")
    assert place.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    "hostile",
    [
        lambda page: page.replace("<title>", '<meta http-equiv="refresh" content="0;url=file:///etc/hostname"><title>'),
        lambda page: page.replace("</body>", "<IFRAME\nsrc='file:///etc/hostname'></IFRAME></body>"),
        lambda page: page.replace("script-src &#39;sha256-", "script-src &#39;sha256-A"),
        lambda page: "<!DOCTYPE html>\n" + page.partition("\n")[2].replace("default-src", "style-src", 1),
    ],
    ids=["leads away", "frames a file", "another script", "without the policy"],
)
def test_a_page_of_another_making_is_given_to_no_browser(hostile: Any, sample_dir: Path, tmp_path: Path) -> None:
    page = (sample_dir / "report.html").read_text(encoding="utf-8")
    assert hostile(page) != page
    (tmp_path / "report.html").write_text(hostile(page), encoding="utf-8", newline="\n")
    with pytest.raises(RunError, match="no browser is given it"):
        list(pages_in(tmp_path, "zh"))


def test_a_line_end_in_a_name_starts_no_line_of_its_own(sample_dir: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text('budget: 1亿元\nlimits: [{by: city, of: "x\\nchosen: 99", at_least: 1家}]\n', encoding="utf-8")
    ended = screen("portfolio", "--run", sample_dir, "--limits", limits)
    assert ended.code == 1
    assert "x\\nchosen: 99" in ended.out
    assert not any(line.startswith("chosen: 99") for line in ended.out.splitlines())


def test_more_limits_than_can_be_tried_are_refused(sample_dir: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.yaml"
    lines = "".join(f"- {{by: city, of: c{n}, at_least: 1家}}\n" for n in range(201))
    limits.write_text(f"budget: 1亿元\nlimits:\n{lines}", encoding="utf-8")
    ended = screen("portfolio", "--run", sample_dir, "--limits", limits)
    assert ended.code == 1
    assert "portfolio/limits" in ended.err


def test_rounding_passes_no_largest_ticket(sample_dir: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text("budget: 1亿元\nticket: [1元, 50.5万元]\n", encoding="utf-8")
    ended = screen("portfolio", "--run", sample_dir, "--limits", limits, "--json")
    assert ended.code == 0, ended.err
    assert {c["planned"] for c in ended.json["portfolio"]["chosen"]} == {50}


@pytest.mark.parametrize("line", ['"样例甲,a,\n"样例乙,b,', '"样例甲"x,a,', '"样例甲,a,'])
def test_a_stray_quote_in_a_gold_file_swallows_no_row(line: str, sample_dir: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text(f"name,domain,note\n{line}\n样例丙,none,\n", encoding="utf-8")
    ended = screen("evaluate", "--run", sample_dir, "--gold", gold)
    assert ended.code == 1
    assert "gold/unreadable" in ended.err


FUND = "id: f\nlabel: 基金\nsize: {size}\n"


def _dataset(folder: Path) -> Path:
    data = folder / "data"
    data.mkdir()
    two_companies(data)
    manifest = "dataset: {id: x, label: 样例}\ntables: {companies: {file: two.csv}}\n"
    (data / "dataset.yaml").write_text(manifest, encoding="utf-8")
    return data
