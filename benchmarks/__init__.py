"""Measurements, each a program: `python -m benchmarks.<name>` from the project's root."""
