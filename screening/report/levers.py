"""The sliders of the overview: what they compute with, as inert JSON, and how they are labelled.

Numbers of the page are whole: hundredths of points, ten-thousandths of a coverage, percent of a weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.report.page import inert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from screening.report.printer import Printer
    from screening.result.records import Floor, Overview, TierGrid
    from screening.result.whatif import Judged, WhatIf, WhatIfHalf

HUNDRED, TEN_THOUSAND = 100, 10_000


@dataclass(frozen=True, slots=True)
class Slider:
    """One slider: its name in the form, its label, where it stands and how far it goes."""

    name: str
    label: str
    value: str
    most: str
    step: str


@dataclass(frozen=True, slots=True)
class PillarSliders:
    """The slider of a pillar, and those of its criteria."""

    own: Slider
    criteria: tuple[Slider, ...]


@dataclass(frozen=True, slots=True)
class LeversView:
    """All sliders; `data` is JSON that no HTML parser can leave, empty where none are offered."""

    data: str = ""
    basic: tuple[Slider, ...] = ()
    halves: tuple[tuple[str, tuple[PillarSliders, ...]], ...] = ()
    tracks: str = ""


def levers(overview: Overview, p: Printer) -> LeversView:
    """Return the sliders of a run."""
    known = overview.what_if
    if known is None:
        return LeversView()
    basic = [Slider("fit", p.told(known.halves[0], 20), str(int(known.fit * HUNDRED)), "100", "1")]
    basic += [
        Slider(f"floor{i}", p.told(f.label, 40), p.exact(f.bound), "100", "0.5")
        for i, f in enumerate(known.floors)
        if f.half in ("fit", "merit")
    ]
    return LeversView(
        data=_data(overview, known, p),
        basic=tuple(basic),
        halves=tuple((p.told(half.label, 20), _sliders(half, p)) for half in known.levers),
        tracks=" / ".join(p.told(label, 12) for _, label in known.tracks),
    )


def _sliders(half: WhatIfHalf, p: Printer) -> tuple[PillarSliders, ...]:
    def slider(name: str, label: str) -> Slider:
        return Slider(name, label, "100", "200", "5")

    return tuple(
        PillarSliders(
            slider(f"p.{half.id}.{pillar.id}", p.told(pillar.label, 30)),
            tuple(slider(f"c.{half.id}.{c.id}", p.told(c.label, 40)) for c in pillar.criteria)
            if len(pillar.criteria) > 1
            else (),
        )
        for pillar in half.pillars
    )


def _data(overview: Overview, known: WhatIf, p: Printer) -> str:
    tiers = overview.verdict.tiers
    states: list[dict[Judged, int]] = [{} for half in known.levers for pillar in half.pillars for _ in pillar.criteria]
    rows = []
    for row in known.rows:
        judged = [seen.setdefault(state, len(seen)) for seen, state in zip(states, row.judged, strict=False)]
        flags = row.movable * 1 | row.listed * 2 | row.floors_met * 4
        covered = (int(c * TEN_THOUSAND) for c in row.coverages)
        rows.append([flags, int(row.deduction * HUNDRED), row.track, *covered, *judged])
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
            "states": [[[float(points), counts * 1 | settled * 2] for points, counts, settled in s] for s in states],
            "doubted": None if known.doubted is None else int(known.doubted * HUNDRED),
            "rows": rows,
            "pack": overview.run.pack_id,
            "words": {
                "counts": p.words("whatif.counts", listed="{listed}", came="{came}", left="{left}", moved="{moved}"),
                "beyond": p.words("whatif.beyond", share="{share}"),
                "label": p.words("whatif.pack_label"),
            },
        },
        compact=True,
    )


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
                    {"id": c.id, "w": [float(w) for w in c.weights], "most": float(c.most)} for c in pillar.criteria
                ],
            }
            for pillar in half.pillars
        ],
    }


def _tiers(grid: TierGrid, coverage: Decimal) -> Mapping[str, object]:
    def steps(which: Sequence[Floor]) -> list[tuple[str, int]]:
        return [(s.id, int(s.at_least * HUNDRED)) for s in which]

    return {
        "fit": steps(grid.fit),
        "merit": steps(grid.merit),
        "cells": grid.cells,
        "order": list(grid.labels),
        "coverage": int(coverage * TEN_THOUSAND),
    }
