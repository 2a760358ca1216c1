"""Questions put to a finished run: records for the reports, read from its parquet relations."""
