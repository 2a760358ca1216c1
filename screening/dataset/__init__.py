"""Intake: files of any usual form become clean, typed tables; nothing is lost and nothing is invented."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.dataset.inspection import draft_folder, inspect
    from screening.dataset.intake import ingest
    from screening.dataset.model import SET_ASIDE_REASONS, Dataset, Inspection, RowCount

__all__ = ["SET_ASIDE_REASONS", "Dataset", "Inspection", "RowCount", "draft_folder", "ingest", "inspect"]

_ROOMS = {"draft_folder": "inspection", "ingest": "intake", "inspect": "inspection"}


def __getattr__(name: str) -> object:
    """Give the way in to who asks for it: whoever reads one file of an analyst needs none of the rest."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOMS.get(name, 'model')}"), name)
