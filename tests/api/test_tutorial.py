"""The tutorial runs as it is written, from the first cell to the last, in a kernel of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"
RUN = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(book, sys.argv[3])
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    pytest.importorskip("nbclient", reason="the extra `notebook` is not installed")
    folder = tmp_path_factory.mktemp("tutorial")
    # Jupyter's own warnings are not ours, and its settings are nobody's here.
    places = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    made = folder / "done.ipynb"
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(NOTEBOOK), str(folder), str(made)],
        check=True,
        env={**os.environ, **places, "JUPYTER_PLATFORM_DIRS": "1"},
        timeout=900,
    )
    cells = json.loads(made.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def shown(cell: dict[str, object], kind: str = "text/html") -> str:
    outputs = cell["outputs"]
    assert isinstance(outputs, list)
    assert not [o for o in outputs if o.get("name") == "stderr"], outputs
    return "".join("".join(o.get("data", {}).get(kind, "")) for o in outputs)


def test_every_cell_shows_something_and_nothing_warns(done: list[dict[str, object]]) -> None:
    silent = [i for i, cell in enumerate(done) if not shown(cell) and not shown(cell, "text/plain")]
    assert silent == [0], "only the imports show nothing"


def test_a_pack_a_rule_the_data_and_a_dossier_are_shown_as_pages(done: list[dict[str, object]]) -> None:
    pages = [shown(cell) for cell in done]
    assert "guangdong-2024" in pages[1]
    assert "criteria.yaml" in pages[3]
    assert "companies" in pages[4]
    assert sum(page.startswith("<iframe sandbox=") for page in pages) == 1


def test_it_is_stored_without_results() -> None:
    """What a cell shows is made anew by whoever opens it; stored, it would age."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert 18 <= len(cells) <= 30
