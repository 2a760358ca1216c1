"""The page of a difference between two runs: counts first, then each company with what moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report.figures import DASH, cut, short_digest, told, whole
from screening.report.page import PageView, inert
from screening.report.printer import printer
from screening.report.render import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from screening.report.wording import Lang, Words
    from screening.result.difference import CompanyChange, Difference, Effect, Listed, RunSide

COMPANIES_SHOWN = 300
LISTED_SHOWN = 200
RULES_SHOWN = 12


def render_difference(record: Difference, lang: Lang = "zh") -> str:
    """Return the page of a difference between two runs; companies beyond COMPANIES_SHOWN are counted and stand in the workbook."""
    p = printer(lang)
    words, shown = p.words, record.changed[:COMPANIES_SHOWN]
    listed = [
        (words(f"diff.{name}", n=whole(len(rows))), [_listed(row, words) for row in rows[:LISTED_SHOWN]])
        for name, rows in (("entered", record.entered), ("left", record.left))
        if rows
    ]
    present = {"summary": True, "changes": bool(shown), "lists": bool(listed)}
    causes = [(words.of("cause", c), words.of("cause_note", c), record.outcome_moves.get(c, 0)) for c in record.causes]
    view = {
        "sections": [name for name, there in present.items() if there],
        "summary": list(_summary(record, words)),
        "outcomes": list(_outcomes(record, words)),
        "causes": causes,
        "edits": [cut(edit, 300) for edit in record.edits],
        "renamed": renamed_rules(record, words),
        "changes": [
            (change, _moved(change), [(s, _rules(s, record, words)) for s in change.steps]) for change in shown
        ],
        "changes_note": words("diff.companies", n=whole(len(record.changed)), shown=whole(len(shown))),
        "lists": listed,
    }

    def state(at: Mapping[str, object]) -> str:
        return _state(at, words)

    def expired(step: Effect) -> str:
        return words("diff.expired", gates=p.words("sign.list").join(_rule(g, record, words) for g in step.expired))

    more = {"state": state, "expired": expired, "signed": _signed, "most": RULES_SHOWN}
    return rendered("difference.html.j2", _page(record, words), p, view, **more)


def _summary(record: Difference, words: Words) -> Iterator[str]:
    if not record.changes_something:
        yield words("diff.nothing", n=whole(record.companies))
        return
    yield words(
        "diff.counts",
        both=whole(record.companies),
        changed=whole(len(record.changed)),
        entered=whole(len(record.entered)),
        left=whole(len(record.left)),
    )
    yield from same_companies(record, words, LISTED_SHOWN)


def same_companies(record: Difference, words: Words, most: int) -> Iterator[str]:
    """Who may be one company under two ids, told by how they came apart."""
    for how in ("renumbered", "merged", "split"):
        rows = [each for each in record.same_as if each.how == how]
        named = (f"{cut(each.before.name)} {each.before.company_id} → {each.after.company_id}" for each in rows[:most])
        if rows:
            yield words(f"diff.{how}", n=whole(len(rows)), who="; ".join(named))


def renamed_rules(record: Difference, words: Words) -> list[str]:
    """The rules that only have another id, under their labels."""
    return [
        f"{told(each.label, words.lang, 60) + ' ' if each.label else ''}[{each.before} → {each.after}]"
        for each in record.renamed
    ]


def _outcomes(record: Difference, words: Words) -> Iterator[tuple[str, str, str, str]]:
    for outcome in dict.fromkeys([*record.outcomes_before, *record.outcomes_after]):
        was, now = record.outcomes_before.get(outcome, 0), record.outcomes_after.get(outcome, 0)
        yield words.of("outcome", outcome), whole(was), whole(now), f"{now - was:+,}" if now != was else "0"


def _rules(step: Effect, record: Difference, words: Words) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return the rules that moved, before and after, with the edits that did it."""
    return [
        (
            _rule(m.rule_id, record, words),
            cut(words.moved(m.rule_id, m.before, record.labels), 80),
            cut(words.moved(m.rule_id, m.after, record.labels), 80),
            m.edits[:3],
        )
        for m in step.rules[:RULES_SHOWN]
    ]


def _rule(rule_id: str, record: Difference, words: Words) -> str:
    label = record.labels.get(rule_id)
    return told(label, words.lang, 60) if label else words.of("rule", rule_id)


def _state(state: Mapping[str, object], words: Words) -> str:
    tier = f" {state['tier']}" if state["tier"] else ""
    score = f" {state['score']}" if state["score"] is not None else ""
    return f"{words.of('outcome', str(state['outcome']))}{tier}{score}"


def _moved(change: CompanyChange) -> Decimal | None:
    before, after = change.before["score"], change.after["score"]
    return after - before if before is not None and after is not None else None


def _signed(value: Decimal | None) -> str:
    return DASH if value is None else f"{value:+.2f}"


def _listed(row: Listed, words: Words) -> tuple[str, str, str]:
    rank = f"#{row.rank}" if row.rank is not None else ""
    return cut(row.name), words.of("outcome", row.outcome), rank


def _page(record: Difference, words: Words) -> PageView:
    heading = words("diff.title")
    return PageView(
        lang_tag="zh-CN" if words.lang == "zh" else "en",
        document_title=f"{heading} · {record.after.run_id}",
        kicker=f"{record.before.pack_id} {record.before.pack_version} → {record.after.pack_id} {record.after.pack_version}",
        heading=heading,
        subtitle=words("diff.subtitle"),
        synthetic=record.synthetic,
        colophon=(_side("before", record.before, words), _side("after", record.after, words)),
        notices=(),
        files=(),
        manifest=inert({"before": record.before.run_id, "after": record.after.run_id}),
    )


def _side(name: str, side: RunSide, words: Words) -> tuple[str, str, bool]:
    parts = (side.run_id, f"{words('run.as_of')} {side.as_of}", short_digest(side.result_digest))
    return words(f"diff.{name}"), " · ".join(parts), True
