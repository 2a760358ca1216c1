"""Intake: files of any usual form become clean, typed tables; nothing is lost and nothing is invented."""

from screening.dataset.inspection import draft_folder, inspect
from screening.dataset.intake import ingest
from screening.dataset.model import SET_ASIDE_REASONS, Dataset, Inspection, RowCount

__all__ = ["SET_ASIDE_REASONS", "Dataset", "Inspection", "RowCount", "draft_folder", "ingest", "inspect"]
