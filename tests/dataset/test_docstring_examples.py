"""The examples in the docstrings of intake hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "screening.geography",
    "screening.dataset.amounts",
    "screening.dataset.credit_code",
    "screening.dataset.headers",
    "screening.dataset.identity",
    "screening.dataset.vocabulary",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert results.failed == 0
