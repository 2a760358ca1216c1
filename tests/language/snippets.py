"""The worked snippets of the language: each a small pack with its cases. The reference prints them, the tests run them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from screening import strict_yaml
from screening.rulebook.loader import LoadedPack, load_pack

FOLDER = Path(__file__).parent / "snippets"
STANDARD = Path(__file__).parents[2] / "rules" / "standard" / "company.yaml"
SHOWN = ("files", "base", "rules", "criterion")
CASES = ("cases", "edges", "starting_points")


@dataclass(frozen=True)
class Snippet:
    """One snippet: what it says, and its YAML as it is written."""

    path: Path
    data: dict[str, Any]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.data['title']['zh']} · {self.data['title']['en']}"

    @property
    def text(self) -> str:
        return f"{self.data['text']['zh'].strip()}\n\n{self.data['text']['en'].strip()}"

    def written(self, key: str) -> str:
        """Return the block under a top-level key as it stands in the file."""
        start = next(i for i, line in enumerate(self.lines) if line.startswith(f"{key}:"))
        end = next(
            (i for i in range(start + 1, len(self.lines)) if self.lines[i] and not self.lines[i][0].isspace()),
            len(self.lines),
        )
        return textwrap.dedent("\n".join(self.lines[start + 1 : end])).strip("\n")

    def pack(self, folder: Path) -> LoadedPack:
        """Write the snippet as a pack with its cases and load it."""
        upper = folder / "pack"
        (upper / "cases").mkdir(parents=True)
        head: dict[str, Any] = {"id": "snippet", "version": "1", "label": "片段"}
        if "base" in self.data:
            _write(
                folder / "base",
                {
                    "pack": {"id": "base", "version": "1", "label": "下层", "tables": str(STANDARD)},
                    **_VERDICT,
                    **self.data["base"],
                },
            )
            content: dict[str, Any] = {"pack": {**head, "extends": "../base"}}
        else:
            content = {"pack": head if self.data.get("own_tables") else {**head, "tables": str(STANDARD)}, **_VERDICT}
        rules = dict(self.data.get("rules", {}))
        content["pack"] |= rules.pop("pack", {})
        content |= rules
        if "criterion" in self.data:
            body = {"label": "试", "set_by": "fund", **self.data["criterion"]}
            content["criteria"] = {
                "merit": {"label": "质量", "pillars": {"group": {"label": "组", "criteria": {"tried": body}}}}
            }
        content.setdefault(
            "criteria", {"merit": {"label": "质量", "pillars": {"group": {"label": "组", "slot": True}}}}
        )
        _write(upper, content)
        for name, text in self.data.get("files", {}).items():
            (upper / name).write_text(text, encoding="utf-8")
        cases = {
            "defaults": {"as_of": "2025-06-30", "absence": "zero"},
            **{k: self.data[k] for k in CASES if k in self.data},
        }
        (upper / "cases" / "cases.yaml").write_text(yaml.safe_dump(cases, allow_unicode=True), encoding="utf-8")
        return load_pack(upper)


_VERDICT = {"verdict": {"label": "结论", "weights": {"merit": 1}, "shortlist_when": "merit >= 60", "set_by": "fund"}}


def _write(folder: Path, content: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def snippets() -> list[Snippet]:
    """Return all snippets in the order of the reference."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        document = strict_yaml.read(path)
        assert not document.problems, document.problems
        found.append(Snippet(path, document.data, tuple(path.read_text(encoding="utf-8").splitlines())))
    return found
