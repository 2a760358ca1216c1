"""The gates step: per gate a status, and the reason where it could not be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import Judged, axis_tests, facts_read
from screening.engine.compile.stages import source
from screening.expression_sql.bands import Truth, compile_node, idle_when
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    disjunction,
    equals,
    negated,
    null,
    text,
)

if TYPE_CHECKING:
    from screening.engine.inputs import Inputs
    from screening.rulebook.model import Gate
    from screening.rulebook.scope import ParsedPack


def gates_in_force(parsed: ParsedPack) -> list[str]:
    """Return the gates that apply on `as_of`, in written order."""
    return [gate_id for gate_id, gate in parsed.pack.gates.items() if parsed.in_force(gate)]


def gate_columns(parsed: ParsedPack) -> list[str]:
    """Return the columns of `gates` after the key."""
    return [f"{gate_id}.{end}" for gate_id in gates_in_force(parsed) for end in ("status", "reason")]


def gates_statement(parsed: ParsedPack, inputs: Inputs, only: str = "") -> exp.Select:
    """Return the one statement of the step: one row per judged company; `<gate>.reason` is NULL when decided."""
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    judged = Judged(parsed, layers)
    for gate_id in gates_in_force(parsed):
        _gate(parsed, inputs, layers, judged, gate_id, parsed.pack.gates[gate_id])
    return layers.statement(["company_id", *chosen(gate_columns(parsed), only)], prelude=[("source", select)])


def _gate(parsed: ParsedPack, inputs: Inputs, layers: Layers, judged: Judged, gate_id: str, gate: Gate) -> None:
    node = parsed.nodes["gates", gate_id, "fails_when"]
    fails = _truth(parsed, judged, ("gates", gate_id, "fails_when"))
    applies = (
        _truth(parsed, judged, ("gates", gate_id, "applies_when"))
        if gate.applies_when
        else Truth(exp.true(), exp.false())
    )
    can_fail, can_pass, can_apply, can_be_idle = (
        layers.hoist(t, gate_id)
        for t in (fails.can_be_true, fails.can_be_false, applies.can_be_true, applies.can_be_false)
    )
    read = facts_read(node, parsed)
    missing = [column(f"{f}.reason") for f in read]
    # A source that the dataset lacks altogether was never searched; anything else was, and did not tell.
    unsearched = disjunction([coalesce(equals(m, text("not_collected")), exp.false()) for m in missing])
    stale = _stale(parsed, inputs, gate, read)
    open_status = case([(unsearched, text("not_run"))], text("unknown"))
    idle = idle_when(axis_tests(node, parsed.pack.stages), judged)
    branches = [
        (negated(can_apply), text("not_applicable")),
        # What does not apply plays no part: where the whole condition rests on it, nor does the gate.
        (idle, text("not_applicable")),
        (conjunction([negated(can_pass), negated(can_be_idle)]), text("failed")),
        (negated(can_fail), text("unknown") if stale else text("passed")),
    ]
    status = layers.add(f"{gate_id}.status", case(branches, open_status), gate_id)
    open_reason = coalesce(text("stale") if stale else null(), *missing, text("undefined"))
    undecided = exp.In(this=status.copy(), expressions=[text("unknown"), text("not_run")])
    layers.add(f"{gate_id}.reason", case([(undecided, open_reason)]), gate_id)


def _truth(parsed: ParsedPack, judged: Judged, path: tuple[str | int, ...]) -> Truth:
    truth = compile_node(axis_tests(parsed.nodes[path], parsed.pack.stages), judged)
    assert isinstance(truth, Truth)
    return truth


def _stale(parsed: ParsedPack, inputs: Inputs, gate: Gate, read: list[str]) -> bool:
    """True when a table that the gate rests on was searched longer ago than the gate allows."""
    if gate.valid_for is None:
        return False
    oldest = parsed.oldest(gate.valid_for)
    tables = {parsed.pack.facts[f].table for f in read} - {""}
    dates = [inputs.searched_on.get(t) for t in sorted(tables)]
    return any(d is not None and d.isoformat() < oldest for d in dates)
