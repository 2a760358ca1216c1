"""`python -m screening`: the same command as `screen`, since many Unix machines have another program of that name."""

import os
import sys

# `python -m` looks for every module in the working folder first, and that may be a folder of somebody's data.
# ruff: noqa: PTH109, PTH120 - before anything else is imported
_HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
if (
    sys.path
    and os.path.realpath(sys.path[0]) != _HOME
    and os.path.realpath(sys.path[0]) == os.path.realpath(os.getcwd())
):
    del sys.path[0]

from screening.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
