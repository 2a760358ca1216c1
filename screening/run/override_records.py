"""What became of each analyst's override: for the manifest, the dossier and the notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screening.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.dataset.overrides import Override
    from screening.engine.session import Session

WHY_IDLE = {
    "no_effect": ("override/no-effect", "says what the rules say by themselves", "it no longer matters: remove it"),
    "unmatched": ("override/unmatched", "names a company that is not in the data", "check the id, code or name"),
    "ambiguous": ("override/ambiguous", "names several companies", "give the company id or the credit code"),
    "superseded": ("override/superseded", "is older than another one for the same company", "remove it"),
    "after_as_of": (
        "override/after-as-of",
        "was made after the date of knowledge and is not used",
        "run with a later --as-of",
    ),
}
WHAT = "classification"


def override_records(running: Session, overrides: Sequence[Override]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return one record per override that met a company, and a notice for each that changed nothing."""
    if not overrides:
        return [], []
    given = {o.override_id: o for o in overrides}
    records, notices = [], []
    order = {override_id: number for number, override_id in enumerate(given)}
    for row in sorted(running.table_rows("override_outcomes"), key=lambda row: order[row["override_id"]]):
        override = given[row["override_id"]]
        if row["company_id"] is not None:
            records.append(
                {
                    "override_id": override.override_id,
                    "company_id": row["company_id"],
                    "what": WHAT,
                    "state": row["state"],
                    "before": _class(row["computed_grade"], row["computed_direction_id"], row["computed_domain_id"]),
                    "after": _class(row["grade"], row["direction_id"], row["domain_id"]),
                    "reason": override.reason,
                    "on": override.date.isoformat(),
                    "by": override.initials,
                }
            )
        if row["state"] in WHY_IDLE:
            code, said, remedy = WHY_IDLE[row["state"]]
            notices.append(
                Problem(
                    code,
                    f"the override for '{override.company}' {said}",
                    override.position,
                    remedy,
                    severity="warning",
                    details=(("company", override.company),),
                )
            )
    return sorted(records, key=lambda r: r["override_id"]), notices


def _class(grade: str, direction_id: str | None, domain_id: str | None) -> str:
    return " ".join(part for part in (grade, direction_id or domain_id) if part)
