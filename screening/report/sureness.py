"""How sure a rank is and where a company stands among peers, in ready strings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from screening.report.figures import DASH, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.report.printer import Printer
    from screening.result.company import CompanyRecord
    from screening.result.peers import PeerGroup, PeerStanding
    from screening.result.robustness import Flip


class PeersView(NamedTuple):
    """The group in a sentence, strengths and weaknesses with their basis, and the nearest: name, rank, outcome, distance, shared."""

    group: str
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    law: str
    nearest: tuple[tuple[str, str, str, str, str], ...]


def sureness(record: CompanyRecord, p: Printer) -> tuple[list[tuple[str, str, str]], str] | None:
    """Return how sure the rank is: the three doubts apart, each by what it is, how it is looked at and what it says, and what would flip
    the short list; None where nothing is stated or it has no rank.
    """
    sure, w = record.robustness, p.words
    if sure is None:
        return None
    same = sure.rank_5 == sure.rank_95
    weights = w(
        "sure.weights_same" if same else "sure.weights_says",
        low=sure.rank_5,
        high=sure.rank_95,
        top=sure.first,
        first=p.share(sure.top),
        listed=p.share(sure.shortlist),
    )
    unknowns = (
        w("sure.unknowns_none")
        if sure.best == sure.worst
        else w("sure.unknowns_says", best=sure.best, worst=sure.worst)
    )
    direction = (
        w("sure.direction_none") if sure.margin is None else w("sure.direction_says", margin=p.points(sure.margin))
    )
    doubts = [
        (w(f"sure.{key}"), w(f"sure.{key}_how"), says)
        for key, says in (("weights", weights), ("unknowns", unknowns), ("direction", direction))
    ]
    told = [_flip(f, record, p) for f in (sure.weight_flip, sure.floor_flip) if f is not None]
    return doubts, w("sure.flips") + p.joined(told) if told else w("sure.flip_none")


def _flip(flip: Flip, record: CompanyRecord, p: Printer) -> str:
    names = {h.id: p.told(h.label, 24) for h in record.halves}
    names |= {f"{h.id}.{pillar.id}": p.told(pillar.label, 24) for h in record.halves for pillar in h.pillars}
    names.setdefault("score", p.words("half.score"))
    change = f"{flip.change * 100:+.1f}%"
    return p.words(f"sure.flip_{flip.kind}", name=names.get(flip.id, flip.id), change=change)


def peers_view(record: CompanyRecord, p: Printer) -> PeersView | None:
    """Return the group of a company; None where the pack says nothing of peers or it has no rank."""
    group = record.group
    if group is None:
        return None
    return PeersView(
        _group(group, record, p),
        tuple(_standings(group.strengths, p)),
        tuple(_standings(group.weaknesses, p)),
        p.words("peers.law", strong=p.share(group.strong), between=group.between),
        tuple(
            (cut(n.name, 40), str(n.rank or DASH), p.word("outcome", n.outcome), f"{n.distance:.2f}", str(n.shared))
            for n in group.nearest
        ),
    )


def _group(group: PeerGroup, record: CompanyRecord, p: Printer) -> str:
    if group.scope == "few" and record.track is None:
        return p.words("peers.no_stage")  # nobody is of the same stage as a company whose stage is not known
    n = group.direction_others if group.scope == "direction" else group.domain_others
    return p.words(f"peers.{group.scope}", n=n, few=group.direction_others, least=group.at_least)


def _standings(standings: tuple[PeerStanding, ...], p: Printer) -> Iterator[str]:
    for each in standings:
        higher = each.better == "higher"
        yield p.words(
            "peers.basis",
            label=p.told(each.label, 40),
            value=p.quantity(_whole(each.value), each.unit),
            median=p.quantity(_whole(each.median), each.unit),
            good=each.below if higher else each.above,
            bad=each.above if higher else each.below,
            known=each.known,
        )


def _whole(value: Decimal) -> Decimal:
    return Decimal(f"{value:f}")
