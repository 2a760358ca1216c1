"""Intake: files of any usual form become clean, typed tables; nothing is lost and nothing is invented."""

from screening.dataset.intake import ingest
from screening.dataset.model import Dataset, Inspection, RowCount

__all__ = ["Dataset", "Inspection", "RowCount", "ingest"]
