"""A file beside a run is there whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screening.errors import RunError
from screening.run.asked_file import write_asked

if TYPE_CHECKING:
    from pathlib import Path


def test_it_replaces_what_stood_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "new" / "a.html"
    write_asked(place, b"one", "x/unwritable")
    write_asked(place, b"two", "x/unwritable")
    assert place.read_bytes() == b"two"
    assert [p.name for p in place.parent.iterdir()] == ["a.html"]
    assert place.stat().st_mode & 0o600 == 0o600


@pytest.mark.parametrize("name", ["folder", "file/below", "nul\0"])
def test_where_nothing_can_be_written_there_is_a_message_and_no_rest(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_text("kept", encoding="utf-8")
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    with pytest.raises(RunError, match="cannot write"):
        write_asked(tmp_path / name, b"x", "x/unwritable")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder", "kept"]
