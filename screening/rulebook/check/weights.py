"""Weights add up: pillars to 100 in each track, halves to 1, and the steps of the tiers cover everybody."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from screening.expression import Compare, Literal, Ref, walk
from screening.rulebook.check.references import TRACK
from screening.rulebook.check.rules import Scored, criteria, is_read

if TYPE_CHECKING:
    from screening.errors import Problem
    from screening.rulebook.model import GradeStep, Half, Step, Tiers
    from screening.rulebook.scope import ParsedPack, Path_

CLOSE = 1e-6
HALVES = ("fit", "merit")


def check_weights(parsed: ParsedPack) -> Iterator[Problem]:
    """Yield weights that do not add up or leave a track out."""
    document, pack = parsed.loaded.document, parsed.pack
    yield from _left_out(parsed)
    for half_id in pack.criteria:
        if half_id not in HALVES:
            yield document.problem(
                "weights/unknown-half",
                f"'{half_id}' is no half: there are `fit` (契合度) and `merit` (企业质量)",
                ("criteria", half_id),
                key=True,
                remedy="use one half with several pillars",
            )
    for half_id, half in pack.criteria.items():
        rules = [r for r in criteria(pack) if r.half == half_id]
        if not all(is_read(r, parsed) for r in rules):
            continue
        if half.scale == "points":
            yield from _plain_points(parsed, half_id, half, rules)
            continue
        yield from _hundred(parsed, half_id, half, rules)
    total = sum(pack.verdict.weights.values())
    if pack.verdict.weights and abs(total - 1) > CLOSE:
        yield document.problem(
            "weights/halves",
            f"the weights of the halves add up to {total:g}, not 1",
            ("verdict", "weights"),
            key=True,
            remedy="write shares such as {fit: 0.4, merit: 0.6}",
        )
    for half_id in pack.criteria:
        if half_id not in pack.verdict.weights:
            yield document.problem(
                "weights/half-without-weight",
                f"the half '{half_id}' has no weight in the verdict, so it counts nothing",
                ("verdict", "weights"),
                key=True,
                severity="warning",
                remedy=f"add `{half_id}:`, or remove the half",
            )
    if pack.verdict.tiers is not None:
        yield from _tiers(parsed, pack.verdict.tiers)
    yield from _steps(parsed, pack.verdict.grades, ("verdict", "grades"), "score")
    if pack.verdict.tiers is not None and pack.verdict.grades:
        yield document.problem(
            "tiers/and-grades",
            "the verdict has both `tiers:` and `grades:`; only the grades are used",
            ("verdict", "tiers"),
            key=True,
            severity="warning",
            remedy="keep one of the two",
        )


def tracks(parsed: ParsedPack) -> list[str]:
    """Return the tracks of the pack; one without a name when it has none."""
    axis = parsed.pack.stages.get(TRACK)
    return list(axis.values) if axis is not None else [""]


def _left_out(parsed: ParsedPack) -> Iterator[Problem]:
    known = tracks(parsed)
    for half_id, half in parsed.pack.criteria.items():
        for pillar_id, pillar in half.pillars.items():
            path: Path_ = ("criteria", half_id, "pillars", pillar_id)
            weighted = [
                (path, pillar.weight),
                *(((*path, "criteria", c), rule.weight) for c, rule in pillar.criteria.items()),
            ]
            for place, weight in weighted:
                values = weight.values() if isinstance(weight, dict) else () if weight is None else (weight,)
                if any(value < 0 for value in values):
                    yield parsed.loaded.document.problem(
                        "weights/negative",
                        "a weight is below 0",
                        (*place, "weight"),
                        remedy="weights are 0 or more; what takes points off is a deduction",
                    )
                missing = [t for t in known if t not in weight] if isinstance(weight, dict) and known != [""] else []
                if missing:
                    yield parsed.loaded.document.problem(
                        "weights/track-missing",
                        f"no weight for {', '.join(missing)}: there it counts nothing",
                        (*place, "weight"),
                        severity="warning",
                        remedy=f"add `{missing[0]}: 0` if that is meant",
                    )


def _hundred(parsed: ParsedPack, half_id: str, half: Half, rules: list[Scored]) -> Iterator[Problem]:
    # What is not in force counts nothing: of two tables that follow each other, one is added up.
    held = [r for r in rules if parsed.in_force(r.rule)]
    pillars = {
        pillar_id: pillar
        for pillar_id, pillar in half.pillars.items()
        if not pillar.criteria or any(r.pillar == pillar_id for r in held)
    }
    by_pillar = {p: [r for r in held if r.pillar == p] for p in pillars}
    sums = {
        pillar_id: {
            t: sum(_weight(r.weight, t, r.rule.score.extremes(parsed)[1]) for r in by_pillar[pillar_id])
            for t in tracks(parsed)
        }
        for pillar_id in pillars
    }
    stated = {
        pillar_id: {t: _weight(pillar.weight, t, sums[pillar_id][t]) for t in tracks(parsed)}
        for pillar_id, pillar in pillars.items()
    }
    off = _off({t: sum(w[t] for w in stated.values()) for t in tracks(parsed)}, dict.fromkeys(tracks(parsed), 100.0))
    if off:
        yield parsed.loaded.document.problem(
            "weights/pillars",
            f"the pillars of '{half_id}' add up to {off}, not 100",
            ("criteria", half_id, "pillars"),
            key=True,
            severity="warning",
            remedy="they are scaled to 100, so each counts a different share than it says",
        )
    for pillar_id, pillar in pillars.items():
        explicit = any(r.weight is not None for r in by_pillar[pillar_id])
        off = _off(sums[pillar_id], stated[pillar_id]) if pillar.weight is not None and explicit else ""
        if off:
            yield parsed.loaded.document.problem(
                "weights/criteria",
                f"the criteria of '{pillar_id}' add up to {off}, which is not the weight of the pillar",
                ("criteria", half_id, "pillars", pillar_id),
                key=True,
                severity="warning",
                remedy="they are scaled to the pillar's weight, so each counts a different share than it says",
            )


def _off(found: Mapping[str, float], wanted: Mapping[str, float]) -> str:
    """Return the sums that are not as wanted, by track where they differ."""
    wrong = {t: s for t, s in found.items() if abs(s - wanted[t]) > CLOSE}
    if wrong and len(set(wrong.values())) == 1 and len(wrong) == len(found):
        return f"{next(iter(wrong.values())):g}"
    return ", ".join(f"{s:g} for {t}" for t, s in wrong.items())


def _weight(weight: float | Mapping[str, float] | None, track: str, default: float) -> float:
    if weight is None:
        return default
    return float(weight.get(track, 0.0)) if isinstance(weight, Mapping) else float(weight)


def _plain_points(parsed: ParsedPack, half_id: str, half: Half, rules: list[Scored]) -> Iterator[Problem]:
    """Points that are added as they are: say what they can come to, and refuse weights that would scale them."""
    most = 0.0
    for pillar_id, pillar in half.pillars.items():
        reached = sum(
            r.rule.score.extremes(parsed)[1] for r in rules if r.pillar == pillar_id and parsed.in_force(r.rule)
        )
        if pillar.slot and not pillar.criteria and isinstance(pillar.weight, float | int):
            reached = pillar.weight  # a slot that no pack fills yet counts with what it may give
        most += reached if pillar.cap is None else min(reached, pillar.cap)
    for rule in rules:
        if isinstance(weight := rule.weight, float | int) and abs(weight - rule.rule.score.extremes(parsed)[1]) > CLOSE:
            yield parsed.loaded.document.problem(
                "weights/points-scaled",
                f"'{rule.id}' gives at most {rule.rule.score.extremes(parsed)[1]:g} points, but its weight is {weight:g}",
                (*rule.path, "weight"),
                severity="warning",
                remedy="in a half of plain points leave the weight out",
            )
    yield from _never_reached(parsed, half_id, most)
    if abs(most - 100) > CLOSE:
        yield parsed.loaded.document.problem(
            "weights/points",
            f"the points of '{half_id}' come to at most {most:g}",
            ("criteria", half_id, "scale"),
            severity="notice",
            remedy="floors, tiers and grades are compared with this maximum, not with 100",
            details=(("half", half_id), ("most", f"{most:g}")),
        )


def _never_reached(parsed: ParsedPack, half_id: str, most: float) -> Iterator[Problem]:
    """Yield floors of the short list that lie above all the points that there are."""
    totals = {half_id, *(("score",) if list(parsed.pack.criteria) == [half_id] else ())}
    path: Path_ = ("verdict", "shortlist_when")
    node = parsed.nodes.get(path)
    for part in walk(node) if node is not None else ():
        match part:
            case Compare(">=" | ">" as op, Ref(name), Literal(float() as bound)) if name.id in totals:
                if bound > most + CLOSE or (op == ">" and bound > most - CLOSE):
                    yield parsed.loaded.document.problem(
                        "weights/never-reached",
                        f"'{name.id}' comes to at most {most:g}, so it is never {op} {bound:g}: nobody is short-listed",
                        path,
                        severity="warning",
                        remedy="compare with the points that the table has, or fill its slots",
                    )


def _tiers(parsed: ParsedPack, tiers: Tiers) -> Iterator[Problem]:
    document = parsed.loaded.document
    for axis in ("fit", "merit"):
        yield from _steps(parsed, getattr(tiers, axis), ("verdict", "tiers", axis), axis)
    for fit in tiers.fit:
        row = tiers.matrix.get(fit.id, {})
        missing = [m.id for m in tiers.merit if m.id not in row]
        if missing:
            yield document.problem(
                "tiers/cell-missing",
                f"the matrix has no tier for {fit.id} × {', '.join(missing)}",
                ("verdict", "tiers", "matrix", fit.id),
                remedy="every fit step needs a tier for every merit step",
            )
    used = {tier for row in tiers.matrix.values() for tier in row.values()}
    if tiers.labels and (bare := sorted(used - set(tiers.labels))):
        yield document.problem(
            "tiers/no-label",
            f"the tiers {', '.join(bare)} have no label",
            ("verdict", "tiers", "labels"),
            key=True,
            severity="warning",
            remedy="add a label, so that reports can name them",
        )


def _steps(parsed: ParsedPack, steps: Sequence[Step | GradeStep], path: Path_, axis: str) -> Iterator[Problem]:
    """Steps stand from the highest down to 0."""
    document = parsed.loaded.document
    for number, (before, after) in enumerate(itertools.pairwise(steps), 1):
        if after.at_least >= before.at_least:
            yield document.problem(
                "tiers/order",
                f"step '{after.id}' ({after.at_least:g}) does not stand below '{before.id}' ({before.at_least:g})",
                (*path, number, "at_least"),
                remedy="list the highest step first",
            )
            return
    if steps and steps[-1].at_least > 0:
        yield document.problem(
            "tiers/open-below",
            f"a {axis} below {steps[-1].at_least:g} is in no step, so it gets no tier",
            (*path, len(steps) - 1, "at_least"),
            severity="warning",
            remedy="let the last step begin at 0",
        )
