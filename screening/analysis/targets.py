"""The targets of the plan with what the data can say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.analysis.rulewords import citation, text
from screening.expression_sql.decimals import decimal_of
from screening.result.records import TargetRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.analysis.rundata import Row
    from screening.rulebook.model import RulePack


def target_records(pack: RulePack, rows: Sequence[Row]) -> tuple[TargetRecord, ...]:
    """Return every target in the pack's order; `rows` are those of `plan_targets`. Without an indicator nothing is counted."""
    by_id = {r["target_id"]: r for r in rows}

    def one(target_id: str) -> TargetRecord:
        target, row = pack.targets[target_id], by_id.get(target_id, {})
        rung = pack.ladder.get(target.indicator or "")
        return TargetRecord(
            target_id,
            text(target.label),
            target.year,
            decimal_of(target.value),
            target.relation,
            text(target.unit_label),
            citation(pack, target),
            row.get("met"),
            row.get("open"),
            text(rung.label) if rung is not None else None,
        )

    return tuple(one(target_id) for target_id in pack.targets)
