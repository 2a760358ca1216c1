"""What a run needs of the machine, looked at before the work begins: address space here, disk for the data."""

from __future__ import annotations

import sys

from screening.errors import Problem, RunError

ADDRESS_SPACE = 2 << 30
"""Bytes of address space below which the libraries for data cannot start; they end the process instead of saying so."""


def require_address_space() -> None:
    """Raise RunError when a limit of the system (`ulimit -v`) is too low for the libraries to start."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < ADDRESS_SPACE:
        raise RunError(
            [
                Problem(
                    "run/address-space",
                    f"a limit of this system leaves {limit >> 20:,} MB of address space; at least {ADDRESS_SPACE >> 20:,} MB are needed",
                    remedy="raise it (ulimit -v unlimited); the memory that is really used is held by --memory-limit",
                )
            ]
        )
