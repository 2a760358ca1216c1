"""The result of a run as a typed contract, and its digest."""
