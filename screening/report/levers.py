"""The sliders of the overview: what they compute with, as inert JSON, and how they are labelled.

Numbers of the page are whole: hundredths of points, ten-thousandths of a coverage, percent of a weight.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, NamedTuple

from screening.report.page import inert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from screening.report.printer import Printer
    from screening.result.overview import Overview
    from screening.result.records import TierGrid, TierStep
    from screening.result.whatif import Judged, WhatIfCriterion, WhatIfHalf

HUNDRED, TEN_THOUSAND = 100, 10_000


class Slider(NamedTuple):
    """One slider: its name in the form, its label, where it stands, how far it goes, and how far beyond what the pack states."""

    name: str
    label: str
    value: str
    least: str
    most: str
    step: str = "1"
    wide: str = ""


Sliders = tuple[Slider, list[Slider], list[Slider]]
"""The slider of a pillar, and those of its criteria: of their weights, and of the bounds of their scales."""


class LeversView(NamedTuple):
    """All sliders; `data` is JSON that no HTML parser can leave, empty where none are offered."""

    data: str = ""
    basic: tuple[Slider, ...] = ()
    halves: tuple[tuple[str, list[Sliders]], ...] = ()
    tracks: str = ""
    stated: str = ""


def levers(overview: Overview, p: Printer) -> LeversView:
    """Return the sliders of a run."""
    known = overview.what_if
    if known is None:
        return LeversView()
    fit, doubted = known.fit * HUNDRED, known.doubted
    near = (math.ceil(fit * (1 - doubted[1])), math.floor(fit * (1 + doubted[1]))) if doubted else (0, 100)
    basic = [_slider("fit", p.told(known.halves[0], 20), str(int(fit)), near, 100)]
    basic += [
        Slider(f"floor{i}", p.told(f.label, 40), p.exact(f.bound), "0", "100", "0.5")
        for i, f in enumerate(known.floors)
        if f.half in ("fit", "merit")
    ]
    return LeversView(
        data=_data(overview, p),
        basic=tuple(basic),
        halves=tuple(
            (p.told(half.label, 20), _sliders(half, doubted[0] if doubted else None, p)) for half in known.levers
        ),
        tracks=" / ".join(p.told(label, 12) for _, label in known.tracks),
        stated=p.words("whatif.wide", pillars=p.share(doubted[0]), halves=p.share(doubted[1])) if doubted else "",
    )


def _slider(name: str, label: str, value: str, near: tuple[int, int], most: int) -> Slider:
    least, upper = near
    return Slider(name, label, value, str(least), str(upper), wide=f"0 {most}" if near != (0, most) else "")


def _sliders(half: WhatIfHalf, doubted: Decimal | None, p: Printer) -> list[Sliders]:
    near = (math.ceil(100 * (1 - doubted)), math.floor(100 * (1 + doubted))) if doubted is not None else (0, 200)

    def weight(name: str, label: str) -> Slider:
        return _slider(name, label, "100", near, 200)

    def bound(c: WhatIfCriterion) -> Slider:
        below = sum(s.share < 0 for s in c.scales)
        return Slider(f"b.{half.id}.{c.id}", p.told(c.label, 40), "0", str(-below), str(len(c.scales) - below))

    return [
        (
            weight(f"p.{half.id}.{pillar.id}", p.told(pillar.label, 30)),
            [weight(f"c.{half.id}.{c.id}", p.told(c.label, 40)) for c in pillar.criteria]
            if len(pillar.criteria) > 1
            else [],
            [bound(c) for c in pillar.criteria if c.scales],
        )
        for pillar in half.pillars
    ]


def _data(overview: Overview, p: Printer) -> str:
    """Return what the sliders compute with, then the words of the language."""
    counts = p.words("whatif.counts", listed="{listed}", came="{came}", left="{left}", moved="{moved}")
    words = {
        "counts": counts,
        "beyond": p.words("whatif.beyond", pillars="{pillars}", halves="{halves}"),
        "came": p.words("whatif.came", names="{names}"),
        "left": p.words("whatif.left", names="{names}"),
        "more": p.words("whatif.more", names="{names}", n="{n}"),
        "list": p.words("sign.list"),
        "label": p.words("whatif.pack_label"),
    }
    return f'{_numbers(overview)[:-1]},"words":{inert(words, compact=True)}}}'


@functools.lru_cache(maxsize=1)
def _numbers(overview: Overview) -> str:
    """Return what is the same in every language, as JSON."""
    known, tiers = overview.what_if, overview.verdict.tiers
    assert known is not None
    states: list[dict[tuple[Judged, ...], int]] = [
        {} for half in known.levers for pillar in half.pillars for _ in pillar.criteria
    ]
    rows = []
    for row in known.rows:
        each = zip(states, row.judged, row.moved, strict=False)
        judged = [seen.setdefault((own, *moved), len(seen)) for seen, own, moved in each]
        flags = row.movable * 1 | row.listed * 2 | row.floors_met * 4 | sum(8 << t for t in row.tracks)
        covered = (int(c * TEN_THOUSAND) for c in row.coverages)
        taken, *open_ = (int(d * HUNDRED) for d in row.deductions)
        rows.append([flags, taken, row.track, *covered, *open_, *judged])
    return inert(
        {
            "fit": int(known.fit * HUNDRED),
            "floors": [
                [f.half, f.op, int(f.bound * (HUNDRED if f.half in ("fit", "merit") else TEN_THOUSAND)), f.parameter]
                for f in known.floors
            ],
            "tiers": _tiers(tiers, known.tier_coverage) if tiers else None,
            "tracks": [track for track, _ in known.tracks],
            "levers": [_half(half) for half in known.levers],
            "states": [[_state(state) for state in s] for s in states],
            "doubted": None if known.doubted is None else [int(d * HUNDRED) for d in known.doubted[:2]],
            "rows": rows,
            "pack": overview.run.pack_id,
        },
        compact=True,
    )


def _state(judged: Sequence[Judged]) -> list[object]:
    """Points, flags and both ends by the scale as it stands; by each moved one too where one of them gives others."""
    own, *moved = (
        [float(p), counts * 1 | settled * 2, float(low), float(high)] for p, counts, settled, low, high in judged
    )
    return [*own, moved] if any(m != own for m in moved) else [*own]


def _half(half: WhatIfHalf) -> Mapping[str, object]:
    return {
        "id": half.id,
        "pillars": [
            {
                "id": pillar.id,
                "w": [float(w) for w in pillar.weights],
                "sum": pillar.derived,
                "cap": None if pillar.cap is None else int(pillar.cap * HUNDRED),
                "criteria": [
                    {
                        "id": c.id,
                        "w": [float(w) for w in c.weights],
                        "most": float(c.most),
                        "bounds": " / ".join(c.bounds) if c.scales else "",
                        "scales": [[float(s.share * HUNDRED), s.written, " / ".join(s.bounds)] for s in c.scales],
                    }
                    for c in pillar.criteria
                ],
            }
            for pillar in half.pillars
        ],
    }


def _tiers(grid: TierGrid, coverage: Decimal) -> Mapping[str, object]:
    def steps(which: Sequence[TierStep]) -> list[tuple[str, int]]:
        return [(s.id, int(s.at_least * HUNDRED)) for s in which]

    return {
        "fit": steps(grid.fit),
        "merit": steps(grid.merit),
        "cells": grid.cells,
        "order": list(grid.labels),
        "coverage": int(coverage * TEN_THOUSAND),
    }
