"""Points by band, and points by the standing among peers, which is read off bands too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Scoring, exact, meets, stretches
from screening.expression_sql.pieces import conjunction, disjunction, negated
from screening.result.records import ScaleStep, Text
from screening.rulebook.functions import Bands
from screening.rulebook.pieces import holds_whole_numbers, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot import exp

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.expression_sql.bands import Band
    from screening.rulebook.pieces import Band as WrittenBand
    from screening.rulebook.pieces import Piece
    from screening.rulebook.scope import ParsedPack, Path_


class BandsScoring(Scoring[Bands]):
    """The first band that holds the value."""

    def _pieces(self, parsed: ParsedPack) -> list[Piece]:
        return pieces(self.function.bands, parsed, whole=holds_whole_numbers(parsed.nodes[self.at("of")]))

    def points(self, scores: Scores, rule: str) -> Band:
        """The extremes over the stretches that the interval meets."""
        return stretches(self._pieces(scores.parsed), scores.interval(self.at("of"), rule))

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """One branch per band that can be reached."""
        value = branches.scores.interval(self.at("of"), branches.rule)
        cut = self._pieces(branches.parsed)
        for number, band in enumerate(self.function.bands):
            own = [meets(piece, value) for piece in cut if piece.band == number]
            if own:
                others = [meets(piece, value) for piece in cut if piece.band != number]
                settled = conjunction([guard, disjunction(own), negated(disjunction(others))])
                yield branches.branch(f"band {number + 1}: {band.points:g}", self.at("bands", number), settled)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Every band."""
        return band_steps(scale, self.function.bands, scale.unit(self.at("of")), self.path)


def band_steps(scale: Scale, bands: Sequence[WrittenBand], unit: str, path: Path_) -> list[ScaleStep]:
    """Return bands as steps."""
    return [
        _step(scale, band, unit, scale.on((*path, "bands", number), f"band {number + 1}: {band.points:g}"))
        for number, band in enumerate(bands)
    ]


def _step(scale: Scale, band: WrittenBand, unit: str, taken: bool) -> ScaleStep:
    low = band.lower if band.lower is not None else band.above
    high = band.upper if band.upper is not None else band.up_to
    return ScaleStep(
        "band",
        exact(band.points),
        taken,
        Text(band.label.zh, band.label.en) if band.label else None,
        scale.number(low) if low is not None else None,
        band.above is None,
        scale.number(high) if high is not None else None,
        band.up_to is not None,
        unit,
    )
