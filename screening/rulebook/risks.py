"""A risk, written once: what counts as one, what to ask, which gate it fails and what the gate says."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from screening.catalog import Id, Items, LabelField, Pair, Unit, ends_in_unit
from screening.quantity import parse_quantity
from screening.rulebook.ground import Expression, Number, Sourced

TABLE = "risk_events"
DATE = "occurred_on"
_OF_FACT = ("label", "note", "type", "unit", "range", "take", "of", "if_none", "question", "actionable")
_OF_GATE = (
    "label",
    "note",
    "source",
    "set_by",
    "effective_from",
    "effective_to",
    "replaces",
    "applies_when",
    "fails_when",
    "effect",
    "on_unknown",
    "valid_for",
    "message",
    "remedy",
)


class Risk(Sourced):
    """`risks:` — a kind of record: the fact that counts it and the gate it fails, in one place. 一种风险记录:事实、门槛、问题与提示写在一处。"""

    kind: str | Items[str] = Field(
        default=(), description="风险记录的类别(一个或几个)。 Kinds of record, one or several."
    )
    state: str = Field(default="", description="记录的状态,如 current。 State of the record, such as current.")
    within: Number | None = Field(default=None, description="近多久之内,如 36个月。 How far back, such as 36个月.")
    where: Expression | None = Field(
        default=None,
        description="或自写条件,代替 kind 与 state。 Or a condition of its own, in place of kind and state.",
    )
    table: str = Field(default=TABLE, alias="from", description="取自哪张表。 The table.")
    type: Literal["boolean", "integer", "decimal"] = Field(
        default="boolean", description="有无(boolean)、几条、合计。 Whether there is one, how many, or how much."
    )
    take: Literal["any", "count", "sum", "max", "distinct"] = Field(
        default="any", description="如何汇总。 How to aggregate."
    )
    of: Expression | None = Field(default=None, description="汇总什么。 What to aggregate.")
    unit: Unit = Field(default="none", description="单位。 Unit.")
    range: Pair | None = Field(default=None, description="可能取值范围。 Possible range.")
    if_none: Number | bool | None = Field(
        default=None,
        description="确知没有记录时的取值;缺省为无(false)或 0。 Value when it is known that there is none; false or 0.",
    )
    question: LabelField | None = Field(default=None, description="缺失时要问的问题。 The question asked when missing.")
    actionable: bool = Field(default=False, description="企业能否改变它。 Whether a company can act on it.")
    gate_label: LabelField | None = Field(
        default=None,
        description="门槛的名称,缺省同 label(如通过时的说法“未列入…”)。 Label of the gate, when it differs.",
    )
    gate: Id | None = Field(
        default=None, description="门槛编号;不写则只有事实。 Id of the gate; without it there is only the fact."
    )
    fails_when: Expression | None = Field(
        default=None,
        description="何时不通过;缺省为有这样的记录。 When the gate fails; by default when there is such a record.",
    )
    applies_when: Expression | None = Field(default=None, description="何时适用。 When it applies.")
    effect: Literal["reject", "review", "warn"] | None = Field(
        default=None, description="不通过的后果。 What failing does."
    )
    on_unknown: Literal["review", "warn", "ignore", "reject"] | None = Field(
        default=None,
        description="无法判断时的后果;缺省:淘汰类转复核,其余不计。 What unknown does; by default review where failing rejects, else ignore.",
    )
    valid_for: Number | None = Field(default=None, description="检索结果的有效期。 How long a search stays valid.")
    message: LabelField | None = Field(default=None, description="不通过时的一句话。 The sentence shown when it fails.")
    remedy: LabelField | None = Field(default=None, description="如何补救或核实。 How to mend or verify.")

    _in_unit = model_validator(mode="before")(ends_in_unit)

    @model_validator(mode="after")
    def _whole(self) -> Risk:
        if (self.where is None) == (not self.kind):
            raise ValueError("say what counts: either `kind:` (with `state:`), or `where:`")
        if self.where is not None and self.state:
            raise ValueError("`state:` goes with `kind:`; put it into `where:`")
        if self.gate and (self.effect is None or self.message is None):
            raise ValueError("a risk with `gate:` needs `effect:` and `message:`")
        if not self.gate and (self.effect or self.message or self.gate_label or self.fails_when or self.on_unknown):
            raise ValueError(
                "`gate_label:`, `effect:`, `message:`, `fails_when:` and `on_unknown:` belong to a gate: add `gate: ID`"
            )
        if self.gate and self.type != "boolean" and self.fails_when is None:
            raise ValueError("a number fails no gate by itself: add `fails_when:`")
        span = parse_quantity(str(self.within)) if self.within is not None else None
        if self.within is not None and (span is None or span.unit not in ("months", "years")):
            raise ValueError("`within:` is a span such as 36个月 or 3年")
        return self

    def fact(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the fact as a pack would write it by itself; `body` is the risk as it is written."""
        said: dict[str, Any] = {"type": self.type, "from": self.table, "take": self.take, "where": self.condition()}
        span = parse_quantity(str(self.within)) if self.within is not None else None
        if span is not None:
            said["window"] = {"months": int(span.value * (12 if span.unit == "years" else 1)), "on": DATE}
        said["if_none"] = False if self.type == "boolean" else 0
        return said | {key: body[key] for key in _OF_FACT if key in body}

    def as_gate(self, risk_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the gate as a pack would write it by itself."""
        said = {"fails_when": risk_id, "on_unknown": "review" if self.effect == "reject" else "ignore"}
        label = {"label": body["gate_label"]} if "gate_label" in body else {}
        return said | {key: body[key] for key in _OF_GATE if key in body} | label

    def condition(self) -> str:
        """Return what counts as such a record, as a condition over its rows.

        >>> Risk(label="x", set_by="fund", kind=["a", "b"], state="current").condition()
        "kind in ('a', 'b') and state = 'current'"
        """
        if self.where is not None:
            return self.where
        kinds = (self.kind,) if isinstance(self.kind, str) else self.kind
        named = [f"'{kind.replace(chr(39), chr(39) * 2)}'" for kind in kinds]
        said = f"kind = {named[0]}" if len(named) == 1 else f"kind in ({', '.join(named)})"
        state = self.state.replace("'", "''")
        return f"{said} and state = '{state}'" if state else said
