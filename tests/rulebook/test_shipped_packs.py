"""The packs that come with the program."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

RULES = Path(__file__).parents[2] / "rules"


@pytest.mark.parametrize("file", sorted(RULES.rglob("*.yaml")), ids=lambda f: f.relative_to(RULES).as_posix())
def test_a_shipped_file_is_read_by_both_parsers_of_yaml_alike(file: Path) -> None:
    """Where libyaml is not built in, Python's own parser reads them; it refuses `{en: Is it listed?}` without quotes."""
    text = file.read_text(encoding="utf-8")
    assert yaml.load(text, yaml.SafeLoader) == yaml.load(text, yaml.CSafeLoader)
