"""Words of category cells that no declared word matches: named, with what they come nearest to and how to say what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.dataset.vocabulary import as_pairs, extended
from screening.errors import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.catalog import Table
    from screening.dataset.columns import Observed


def unmatched_words(name: str, table: Table, observed: Mapping[str, Observed], where: str) -> list[Problem]:
    """Return a warning per category column of which some cells are no value, nor any word for one.

    What the cells would say is unknown, so no gate passes on them.
    """
    found: list[Problem] = []
    for column_id, seen in observed.items():
        column = table.columns[column_id]
        words = seen.examples.get("unparsable", ())
        if column.type != "category" or column.derived_from or not words:
            continue
        known = extended(column.parse or column_id, as_pairs(column.synonyms), inside=column.match == "inside")
        proposals = {word: known.proposal(word) for word in words}
        near = [f"'{word}' ~ {hit[0]} ({hit[1]})" for word, hit in proposals.items() if hit is not None]
        first = next(iter(words))
        word, value = next(((w, hit[1]) for w, hit in proposals.items() if hit is not None), (first, "VALUE"))
        count = seen.failures["unparsable"]
        found.append(
            Problem(
                "data/unmatched-words",
                f"{name}.{column_id}: {count:,} cells are no known word and count as unknown: {', '.join(words)}",
                Position(where),
                f"{'perhaps ' + '; '.join(near) + '. If so' if near else 'where a word means one of the values'}, say it in"
                f" dataset.yaml under the file: `synonyms: {{{column_id}: {{{value}: [{word}]}}}}`;"
                f" values: {', '.join(column.values)}",
                "warning",
                details=(
                    ("table", name),
                    ("column", column_id),
                    ("count", str(count)),
                    ("words", "、".join(words)),
                    ("proposals", "; ".join(near)),
                ),
            )
        )
    return found
