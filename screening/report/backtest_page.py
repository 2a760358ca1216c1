"""The page of a back-test: what the outcomes tell of the order, of each tier, of fifths of the score, and whether the pool has moved since."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from screening.report.charts import NONE, band_glyph, glyph, px, rect
from screening.report.figures import DASH, cut, percent, whole
from screening.report.page import page
from screening.report.printer import printer
from screening.report.render import rendered
from screening.result.backtest import FEW, LARGE, SMALL
from screening.result.records import Band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from screening.report.printer import Printer
    from screening.report.wording import Lang
    from screening.result.backtest import Backtest, Drift, DriftBand, Group

SHOWN = 100
"""Rows of the file that are named when they are no company of the run."""
_WIDE = 180


_Row = tuple[str, str, str, str, str, "Markup", str]
"""One group: its name, how many, how many good, their share, its interval, both drawn, lift."""


def render_backtest(found: Backtest, lang: Lang = "zh") -> str:
    """Return the page of a back-test as one HTML document."""
    p = printer(lang, found.run)
    w = p.words
    tables = [
        (name, w(f"backtest.{name}"), [_row(g, name, p) for g in (found.all, *groups)])
        for name, groups in (("tiers", found.tiers), ("fifths", found.fifths), ("outcomes", found.outcomes))
        if groups
    ]
    moved = found.drift
    parts = [("drift_bands", moved.bands), ("drift_tiers", moved.tiers)] if moved else []
    sections = ["summary", *(name for name, _, _ in tables)]
    sections += [name for name, there in (("drift", moved), ("unmatched", found.unmatched)) if there]
    auc = NONE
    if found.auc is not None and found.auc_between is not None:
        auc = _glyph(found.auc, found.auc_between, w("backtest.auc_told", auc=f"{found.auc:.3f}"))
    view = {
        "sections": sections,
        "summary": list(summary_lines(found, p)),
        "warnings": list(warning_lines(found, p)),
        "auc": auc,
        "tables": tables,
        "drift": list(drift_lines(moved, p)) if moved else [],
        "drift_tables": [(w(f"backtest.{name}"), list(_drift_rows(bands, moved, p))) for name, bands in parts if moved],
        "unmatched": [cut(each, 60) for each in found.unmatched[:SHOWN]],
    }
    frame = page(found.run, w("backtest.title"), p.told(found.run.pack_label, 80), p)
    return rendered("backtest.html.j2", frame, p, view)


def summary_lines(found: Backtest, p: Printer) -> Iterator[str]:
    """Yield the finding in sentences: how many, the AUC with its interval, what the tiers keep of their promise."""
    w = p.words
    yield w("backtest.head", n=found.companies, good=found.good, as_of=found.as_of)
    if found.unmatched or found.unranked or found.without:
        yield w("backtest.left", unmatched=len(found.unmatched), unranked=found.unranked, without=found.without)
    if found.auc is None or found.auc_between is None:
        yield w("backtest.no_auc")
    else:
        low, high = found.auc_between
        yield w("backtest.auc", auc=f"{found.auc:.3f}", low=f"{low:.3f}", high=f"{high:.3f}")
        if low <= 0.5 <= high:
            yield w("backtest.chance")
        elif high < 0.5:
            yield w("backtest.reversed")
    if found.in_order is not None:
        yield w(f"backtest.order_{str(found.in_order).lower()}") + w(
            f"backtest.apart_{str(bool(found.told_apart)).lower()}"
        )


def warning_lines(found: Backtest, p: Printer) -> Iterator[str]:
    """Yield what stands against the finding: few outcomes, columns that may tell what came later."""
    w = p.words
    few = min(found.good, found.companies - found.good)
    if found.auc is not None and few < FEW:
        yield w("backtest.few", n=few, most=FEW)
    if found.undated:
        columns = (f"{p.told(u.table, 30)}·{p.told(u.column, 30)}" for u in found.undated)
        yield w("backtest.undated", as_of=found.as_of, columns=w("sign.list").join(columns))


def drift_lines(moved: Drift, p: Printer) -> Iterator[str]:
    """Yield how far the pool has moved since the earlier run."""
    w = p.words
    yield w("backtest.drift", earlier=moved.earlier, later=moved.later, before=moved.before, after=moved.after)
    for key, index in (("backtest.drift_score", moved.score), ("backtest.drift_tier", moved.tier)):
        if index is None:
            yield w(key, index=DASH, says=w("backtest.nobody"))
        else:
            level = "small" if index < SMALL else "large" if index > LARGE else "some"
            yield w(key, index=f"{index:.3f}", says=w(f"backtest.drift_{level}"))
    if moved.before and moved.after:
        # What an index comes to on average where nothing has moved: a chi-square over the bands that somebody stands in.
        bands = sum(1 for b in moved.bands if b.before or b.after)
        if (chance := (bands - 1) * (1 / moved.before + 1 / moved.after)) > SMALL:
            yield w("backtest.drift_few", chance=f"{chance:.2f}")


def group_name(group: Group, kind: str, p: Printer) -> str:
    """Return what a group is called: a tier by its label, a fifth by its place, an outcome of the screening."""
    if group.id == "all":
        return p.words("backtest.all")
    if kind == "outcomes":
        return p.words.of("outcome", group.id)
    if kind == "fifths":
        return p.words("backtest.fifth", n=group.id)
    if not group.id:
        return p.words("backtest.no_tier")
    label = p.told(group.label, 30) if group.label else ""
    return label if label.startswith(group.id) else f"{group.id} {label}".strip()


def _row(group: Group, kind: str, p: Printer) -> _Row:
    name = group_name(group, kind, p)
    if group.share is None or group.between is None:
        return name, "0", "0", p.words("backtest.nobody"), DASH, NONE, DASH
    low, high = group.between
    share, between = percent(group.share, 1), f"{percent(low, 1)}–{percent(high, 1)}"
    lift = DASH if group.lift is None else f"{group.lift:.2f}"
    drawn = _glyph(group.share, group.between, p.words("backtest.share_told", name=name, share=share, between=between))
    return name, whole(group.companies), whole(group.good), share, between, drawn, lift


def _glyph(value: float, between: tuple[float, float], said: str) -> Markup:
    at, low, high = (Decimal(str(round(x * 100, 2))) for x in (value, *between))
    return band_glyph(Band(at, min(low, at), max(high, at)), said, _WIDE)


def _drift_rows(bands: tuple[DriftBand, ...], moved: Drift, p: Printer) -> Iterator[tuple[str, str, str, str, Markup]]:
    """Yield each band or tier with its share before and after, how far that moved, and both shares drawn."""
    for band in bands:
        if not band.before and not band.after:
            continue
        was, now = (
            n / whole_ if whole_ else 0.0 for n, whole_ in ((band.before, moved.before), (band.after, moved.after))
        )
        before, after = (percent(x, 1) if n else DASH for x, n in ((was, moved.before), (now, moved.after)))
        name = band.id or p.words("backtest.no_tier")
        said = p.words("backtest.drift_told", name=name, before=before, after=after)
        bars = (rect(0, 1, px(was * _WIDE), 5, "#86a0ba"), rect(0, 8, px(now * _WIDE), 5, "#2a4a6b"))
        yield name, before, after, f"{(now - was) * 100:+.1f}", glyph(_WIDE, 14, said, *bars)
