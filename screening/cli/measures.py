"""An evaluation, and the uses of terms, as tables for a terminal: what the page says, in its own words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

from screening.cli.terminal import terminal
from screening.report.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.api.answers import TermUse, Trial
    from screening.report.evaluation_page import EvaluationView, MistakeView
    from screening.report.wording import Lang

_MISTAKES = 30
_HITS = 5


def print_evaluation(view: EvaluationView, lang: Lang) -> None:
    """Print an evaluation to stdout: the page's sentences, its tables, and the mistakes with the words that made them."""
    console, words = terminal(), Words(lang)
    console.print("\n".join(view.summary))
    heads = [words(f"eval.{key}") for key in ("precision", "recall")]
    heads += ["F1", *(words(f"eval.{key}") for key in ("right", "predicted", "actual"))]
    for title, rows in ((words("eval.head"), view.head), *view.tables):
        table = _table(title, (words("eval.class"), *heads))
        for row in rows:
            table.add_row(row.label, row.precision, row.recall, row.f1, row.right, row.predicted, row.actual)
        console.print(table)
    for title, confusion in view.confusions:
        table = _table(title, (words("eval.gold"), words("eval.judged"), words("eval.companies")))
        for gold, cells, _ in confusion.rows:
            for predicted, cell in zip(confusion.head, cells, strict=True):
                if cell[0]:
                    table.add_row(gold, predicted, cell[0])
        console.print(table)
    if view.traps:
        table = _table(words("nav.traps"), (words("eval.kind"), words("eval.companies"), *view.trap_head))
        for kind, companies, grades in view.traps:
            table.add_row(kind, companies, *(count for count, _ in grades))
        console.print(table)
    for mistake in view.mistakes[:_MISTAKES]:
        console.print(f"  {_mistake(mistake)}")


def _mistake(mistake: MistakeView) -> str:
    hits = dict.fromkeys(text for _, segments, _ in mistake.texts for text, style, *_ in segments if style)
    return f"{mistake.name}: {mistake.gold} → {mistake.predicted} ({mistake.grade})  {'; '.join(list(hits)[:_HITS])}"


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table


def print_terms(uses: Sequence[TermUse], names: Mapping[str, str], lang: Lang, *, dead: bool) -> None:
    """Print the uses of terms, most decisive first; with samples of context where they were asked for."""
    console, words = terminal(), Words(lang)
    shown = [u for u in uses if u.is_dead == dead]
    keys = ("term", "meaning", "kind", "hits", "companies", "in_scope", "alone", "traded")
    table = _table(words("terms.shown", n=f"{len(shown):,}", of=f"{len(uses):,}"), [words(f"terms.{k}") for k in keys])
    for use in sorted(shown, key=lambda u: (-u.decides_alone, -u.companies, u.term)):
        counted = (use.hits, use.companies, use.in_scope, use.decides_alone, use.traded)
        meaning = names.get(use.direction_id or use.domain_id, use.domain_id)
        table.add_row(use.term, meaning, words.of("term_kind", use.kind), *(f"{n:,}" for n in counted))
        for sample in use.samples:
            table.add_row(f"   …{sample.before}【{sample.hit}】{sample.after}…")
    console.print(table)


def print_trial(tried: Trial, names: Mapping[str, str], lang: Lang) -> None:
    """Print what a word would do: hits, surroundings, companies moved, labelled companies set right or wrong."""
    console, words = terminal(), Words(lang)
    where = names.get(tried.direction_id or tried.domain_id, tried.domain_id)
    found = words("terms.found", companies=f"{tried.companies:,}", hits=f"{tried.hits:,}")
    console.print(f"“{tried.word}” → {where} ({words.of('term_kind', tried.kind)}): {found}")
    for standing in tried.already:
        entry, kind, spelling = standing.split(" ", 2)
        told = f"{names.get(entry, entry)} {words.of('term_kind', kind)} {spelling}"
        console.print(f"  {words('terms.already')}{words('sign.colon')}{told}")
    places = ", ".join(f"{place} {times:,}" for place, times in tried.surroundings)
    console.print(f"{words('terms.surroundings')}{words('sign.colon')}{places}")
    counts = Counter((one.before, one.after) for one in tried.moved)
    for (before, after), companies in sorted(counts.items()):
        console.print(
            f"{words(f'terms.state_{before}')} → {words(f'terms.state_{after}')}{words('sign.colon')}{companies:,}"
        )
    keys = ("company", "change", "direction", "context")
    moved = words("terms.moved", n=f"{len(tried.moved):,}")
    table = _table(moved, [words(f"terms.{key}") for key in keys])
    for one in tried.moved[:_MISTAKES]:
        named = one.direction_after or one.domain_after or ""
        change = f"{words(f'terms.state_{one.before}')} → {words(f'terms.state_{one.after}')}"
        table.add_row(one.name, change, names.get(named, named), one.context)
    console.print(table if tried.moved else moved)
    if tried.labelled:
        right = f"{tried.right_before:,} → {tried.right_after:,}"
        console.print(words("terms.labelled", n=f"{tried.labelled:,}", right=right))
