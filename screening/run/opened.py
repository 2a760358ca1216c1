"""A finished run opened again, for questions put to it from the command line."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from screening.analysis.rundata import RunData, open_run
from screening.errors import Problem, RunError
from screening.rulebook.loader import load_pack
from screening.run import manifest as manifests
from screening.run.folder import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterator


def newest_run(parent: Path) -> Path:
    """Return the newest run below a folder, by the time in its run id. Raises RunError when there is none."""
    runs = [p.parent for p in parent.glob(f"*/{manifests.NAME}") if not p.parent.name.startswith(BUILDING)]
    if not runs:
        raise RunError(
            [
                Problem(
                    "run/none",
                    f"there is no run in '{parent.as_posix()}'",
                    remedy="run `screen run` first, or give the run folder with --run",
                )
            ]
        )
    # Not by the name of the folder: a run may have been given another.
    return max(runs, key=lambda run: (str(manifests.read(run)["run_id"]), run.name))


@contextmanager
def opened(run_dir: Path | None, parent: Path = Path("reports")) -> Iterator[RunData]:
    """Open a run folder with the pack it used; without a folder, the newest run of `parent`."""
    folder = run_dir or newest_run(parent)
    manifest = manifests.read(folder)
    with open_run(folder, load_pack(folder / "pack"), manifest) as data:
        yield data
