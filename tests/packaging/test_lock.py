"""The locks: exact versions with hashes, no address, and true to pyproject.toml."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.packaging.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [r for extra in PROJECT["optional-dependencies"].values() for r in extra]
LOCKS = {"requirements.lock": PROJECT["dependencies"], "requirements-dev.lock": [*PROJECT["dependencies"], *EXTRAS]}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, tuple[str, str]]:
    """Each locked package: its version and the rest of its entry."""
    entries = re.split(r"\n(?=\S)", text.strip())
    found = [
        re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)(.*)", entry, re.DOTALL)
        for entry in entries
        if not entry.startswith("#")
    ]
    assert all(found), "every entry of a lock is `name==version`"
    return {normal(m[1]): (m[2], m[3]) for m in found if m}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_exact_hashed_and_without_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE), "no option of an index or a link"
    locked = pins(text)
    assert locked
    assert not [p for p, (_, rest) in locked.items() if "--hash=sha256:" not in rest]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_meets_what_the_project_asks_for(name: str) -> None:
    locked = pins((ROOT / name).read_text(encoding="utf-8"))
    wanted = [Requirement(text) for text in LOCKS[name]]
    missing = [str(r) for r in wanted if normal(r.name) not in locked]
    unmet = [str(r) for r in wanted if normal(r.name) in locked and not r.specifier.contains(locked[normal(r.name)][0])]
    assert not missing
    assert not unmet


def test_the_two_locks_agree() -> None:
    small, large = (pins((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    assert {p: v for p, (v, _) in small.items()}.items() <= {p: v for p, (v, _) in large.items()}.items()
