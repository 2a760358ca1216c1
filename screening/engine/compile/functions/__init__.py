"""The scoring functions, one module each: points with both ends, idleness, branches, steps for a reader.

A module is named by the key that tells its function; it is found by it. What a function holds, reads, compares with and can
give stands with its model in `screening.rulebook.functions`.
"""
