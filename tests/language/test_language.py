"""Every construct that the reference shows loads, is free of errors and does what its cases say."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from screening.cli.test import rendered
from screening.rulebook.check import check
from screening.run.cases import run_cases
from tests.language.snippets import Snippet, snippets

if TYPE_CHECKING:
    from pathlib import Path

ALL = snippets()


@pytest.mark.parametrize("snippet", ALL, ids=[s.path.stem for s in ALL])
def test_the_snippet_does_what_its_cases_say(snippet: Snippet, tmp_path: Path) -> None:
    loaded = snippet.pack(tmp_path)
    errors = [p for p in check(loaded, datetime.date(2025, 6, 30)) if p.is_error]
    assert not errors, [(p.code, p.message) for p in errors]
    report = run_cases(loaded)
    assert report.results
    assert not report.failed, rendered(report)


def test_the_committed_reference_is_what_the_models_and_snippets_say() -> None:
    from docs.make_rules_reference import TARGET, reference

    assert TARGET.read_text(encoding="utf-8") == reference(), "run: python -m docs.make_rules_reference"


def test_the_reference_of_the_dataset_is_what_models_tables_and_vocabularies_say() -> None:
    from docs.make_dataset_reference import TARGET, reference

    assert TARGET.read_text(encoding="utf-8") == reference(), "run: python -m docs.make_dataset_reference"
