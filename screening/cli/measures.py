"""An evaluation, and the uses of terms, as tables for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

from screening.api.answers import interval
from screening.cli.terminal import terminal
from screening.report.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from screening.api.answers import Evaluation, Score, TermUse, Trial
    from screening.report.wording import Lang

_MISTAKES = 30


def print_evaluation(evaluation: Evaluation, names: Mapping[str, str], lang: Lang) -> None:
    """Print an evaluation to stdout."""
    console, zh, of = terminal(), lang != "en", Words(lang).of
    none = "无" if zh else "none"
    console.print(
        f"{'对照企业' if zh else 'companies compared'} {evaluation.companies:,}; "
        f"{'数据中没有' if zh else 'not in the data'} {len(evaluation.unmatched):,}; {'重复' if zh else 'doubled'} {evaluation.doubled:,}"
    )
    _scores(
        console,
        "总体与逐领域" if zh else "overall and by domain",
        [
            ("主领域" if zh else "primary domain", evaluation.overall),
            ("全部归属" if zh else "all memberships", evaluation.memberships),
            ("第二归属" if zh else "second memberships", evaluation.second),
            ("单纯关键词检索(同一词表)" if zh else "plain keyword search, same terms", evaluation.baseline),
            *((names.get(s.class_id, s.class_id), s) for s in evaluation.domains),
        ],
        zh=zh,
    )
    _errors(console, evaluation, zh=zh)
    for title, scores in (
        ("逐层" if zh else "by stratum", evaluation.strata),
        ("逐方向" if zh else "by direction", evaluation.directions),
        ("逐等级" if zh else "by grade", evaluation.grades),
    ):
        if scores:
            _scores(console, title, [(names.get(s.class_id, of("grade", s.class_id)), s) for s in scores], zh=zh)
    table = _table(
        "混淆(金标准 → 判定)" if zh else "confusion (gold → predicted)",
        ("金标准" if zh else "gold", "判定" if zh else "predicted", "企业" if zh else "companies"),
    )
    for c in evaluation.confusion:
        table.add_row(names.get(c.gold, c.gold or none), names.get(c.predicted, c.predicted or none), str(c.companies))
    console.print(table)
    if evaluation.kinds:
        table = _table(
            "按金标准类别" if zh else "by kind of gold row",
            ("类别" if zh else "kind", "企业" if zh else "companies", "等级" if zh else "grades"),
        )
        for kind in evaluation.kinds:
            table.add_row(
                kind.kind, str(kind.companies), ", ".join(f"{of('grade', g)} {n}" for g, n in kind.grades.items())
            )
        console.print(table)
    console.print(f"\n{'错误' if zh else 'mistakes'} {len(evaluation.mistakes)}")
    for mistake in evaluation.mistakes[:_MISTAKES]:
        gold = ", ".join(names.get(g, g) for g in mistake.gold) or none
        spans = "; ".join(f"{s.term}({s.field}, {of('term_kind', s.kind)})" for s in mistake.spans[:5])
        console.print(
            f"  {mistake.name}: {gold} → {names.get(mistake.predicted, mistake.predicted) or none} ({of('grade', mistake.grade)})  {spans}"
        )


def _errors(console: Console, evaluation: Evaluation, *, zh: bool) -> None:
    """Print each error once, what is left to a person, and how directions are named."""
    errors, naming = evaluation.errors, evaluation.naming
    named, right, scoped = (
        f"{some} / {of} = {_ratio(some / of if of else None, interval(some, of))}"
        for some, of in (
            (naming.named, naming.asked),
            (naming.right, naming.named),
            (naming.in_scope_named, naming.in_scope),
        )
    )
    if zh:
        console.print(f"误计入 {errors.accepted}; 漏 {errors.missed}; 领域判错 {errors.wrong_domain}")
        console.print(f"待人工判定 {errors.to_read},其中漏者 {errors.missed_to_read}")
        console.print(f"判入者指名方向 {scoped}")
        console.print(f"领域判对且金标准有方向者,指名方向 {named},指名后判对 {right}")
        console.print(f"其中只是最接近的方向 {naming.nearest},判对 {naming.nearest_right}")
    else:
        console.print(f"wrongly accepted {errors.accepted}; missed {errors.missed}; wrong domain {errors.wrong_domain}")
        console.print(f"left to a person {errors.to_read}, {errors.missed_to_read} of the missed among them")
        console.print(f"in scope with a direction named: {scoped}")
        console.print(f"where the domain is right and gold names a direction: named {named}, right when named {right}")
        console.print(f"of these only the nearest direction: {naming.nearest}, right {naming.nearest_right}")


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table


def _ratio(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None or interval is None:
        return "—"
    return f"{value:.3f} ({interval[0]:.2f}-{interval[1]:.2f})"


def _scores(console: Console, title: str, rows: Sequence[tuple[str, Score]], *, zh: bool) -> None:
    heads = ("精确率", "召回率", "F1", "判为", "实为") if zh else ("precision", "recall", "F1", "predicted", "actual")
    table = _table(title, ("", *heads))
    for name, s in rows:
        table.add_row(
            name,
            _ratio(s.precision, s.precision_interval),
            _ratio(s.recall, s.recall_interval),
            f"{s.f1:.3f}" if s.f1 is not None else "—",
            str(s.predicted),
            str(s.actual),
        )
    console.print(table)


def print_terms(uses: Sequence[TermUse], names: Mapping[str, str], lang: Lang, *, dead: bool) -> None:
    """Print the uses of terms, most decisive first; with samples of context where they were asked for."""
    console, zh, of = terminal(), lang != "en", Words(lang).of
    shown = [u for u in uses if u.is_dead == dead]
    table = _table(
        f"{'词条' if zh else 'terms'} {len(shown):,} / {len(uses):,}",
        (
            "词条" if zh else "term",
            "含义" if zh else "meaning",
            "类" if zh else "kind",
            "命中" if zh else "hits",
            "企业" if zh else "companies",
            "在范围" if zh else "in scope",
            "单独决定" if zh else "alone",
            "贸易" if zh else "traded",
        ),
    )
    for use in sorted(shown, key=lambda u: (-u.decides_alone, -u.companies, u.term)):
        table.add_row(
            use.term,
            names.get(use.direction_id or use.domain_id, use.domain_id),
            of("term_kind", use.kind),
            f"{use.hits:,}",
            f"{use.companies:,}",
            f"{use.in_scope:,}",
            f"{use.decides_alone:,}",
            f"{use.traded:,}",
        )
        for sample in use.samples:
            table.add_row(f"   …{sample.before}【{sample.hit}】{sample.after}…")
    console.print(table)


def print_trial(tried: Trial, names: Mapping[str, str], lang: Lang) -> None:
    """Print what a word would do: hits, surroundings, companies moved, labelled companies set right or wrong."""
    console, zh, of = terminal(), lang != "en", Words(lang).of
    where = names.get(tried.direction_id or tried.domain_id, tried.domain_id)
    console.print(
        f"“{tried.word}” → {where} ({of('term_kind', tried.kind)}): "
        + (
            f"{tried.companies:,} 家 {tried.hits:,} 处"
            if zh
            else f"{tried.hits:,} hits in {tried.companies:,} companies"
        )
    )
    for standing in tried.already:
        entry, kind, spelling = standing.split(" ", 2)
        told = f"{names.get(entry, entry)} {of('term_kind', kind)} {spelling}"
        console.print(f"  {'词表里已有' if zh else 'stands already'}: {told}")
    console.print(
        f"{'前后文(含在别的词里即假朋友)' if zh else 'surroundings (inside another word: a false friend)'}: "
        + ", ".join(f"{place} {times:,}" for place, times in tried.surroundings)
    )
    states = (
        {"in": "计入", "read": "待人工判定", "out": "不计入"}
        if zh
        else {"in": "in", "read": "to be read", "out": "out"}
    )
    counts = Counter((one.before, one.after) for one in tried.moved)
    for (before, after), companies in sorted(counts.items()):
        console.print(f"{states[before]} → {states[after]}: {companies:,}")
    table = _table(
        f"{'会变的企业' if zh else 'companies that would move'} {len(tried.moved):,}",
        (
            "企业" if zh else "company",
            "变化" if zh else "change",
            "方向" if zh else "direction",
            "语境" if zh else "context",
        ),
    )
    for one in tried.moved[:_MISTAKES]:
        named = one.direction_after or one.domain_after or ""
        table.add_row(one.name, f"{states[one.before]} → {states[one.after]}", names.get(named, named), one.context)
    console.print(table)
    if tried.labelled:
        console.print(
            f"标注过的 {tried.labelled:,} 家:判对 {tried.right_before:,} → {tried.right_after:,}"
            if zh
            else f"labelled companies {tried.labelled:,}: right {tried.right_before:,} → {tried.right_after:,}"
        )
