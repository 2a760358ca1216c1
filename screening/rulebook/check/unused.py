"""What stands in the pack and is read by nobody: facts, parameters, catalogues, and directions without words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.errors import Problem
    from screening.rulebook.scope import ParsedPack


def check_unused(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield what no rule reads, and directions without words."""
    document, pack = parsed.loaded.document, parsed.pack
    # An expression that could not be read may well use it.
    whole = not any(p.is_error for p in parsed.problems)
    idle = {rule.key for rule in parsed.program.rules.values() if not rule.readers and whole}
    for code, kind, section, said in (
        ("unused/fact", "fact", "facts", "no rule uses the fact"),
        ("unused/parameter", "parameter", "parameters", "no rule uses the parameter"),
    ):
        for rule_id in getattr(pack, section):
            if (kind, rule_id) in idle:
                yield document.problem(
                    code,
                    f"{said} '{rule_id}'",
                    (section, rule_id),
                    key=True,
                    severity="warning",
                    remedy="use it in a rule, or remove it",
                )
    for catalogue_id in pack.catalogues:
        if ("catalogue", catalogue_id) in idle:
            yield document.problem(
                "unused/catalogue",
                f"no rule consults the catalogue '{catalogue_id}'",
                ("catalogues", catalogue_id),
                key=True,
                severity="warning",
                remedy=f"use in_catalogue(x, '{catalogue_id}'), or remove it",
            )
        elif not parsed.loaded.catalogues.get(catalogue_id):
            yield document.problem(
                "catalogue/empty",
                f"the catalogue '{catalogue_id}' holds no code",
                ("catalogues", catalogue_id, "file"),
                remedy="fill the file, or remove the catalogue",
            )
    for domain_id, direction_id, _ in pack.directions():
        entry = pack.lexicon.get(direction_id)
        if pack.lexicon and (
            entry is None or not (any(True for _ in entry.families()) or entry.patents or entry.industries)
        ):
            yield document.problem(
                "lexicon/no-words",
                f"the direction '{direction_id}' has no words, so no company is found in it",
                ("domains", domain_id, "directions", direction_id),
                key=True,
                severity="warning",
                remedy="add its words under `lexicon:`",
            )
