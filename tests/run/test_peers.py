"""Peers: same direction and stage, by facts alone; every number by brute force; nothing said below the pack's minimum."""

from __future__ import annotations

import dataclasses
import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.analysis.companies import company_records
from screening.analysis.open_questions import questions_relation
from screening.analysis.peers import peer_relations
from screening.errors import RulesError
from screening.report.printer import printer
from screening.report.sureness import peers_view
from screening.rulebook.check import check
from screening.rulebook.loader import load_pack
from screening.run.opened import opened
from tests.run.shared import PACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.analysis.rundata import RunData

Row = dict[str, Any]


@pytest.fixture(scope="module")
def data(sample_dir: Path) -> Iterator[RunData]:
    with opened(sample_dir) as run:
        yield run


def test_a_company_whose_stage_is_open_is_not_said_to_have_few_peers(data: RunData) -> None:
    """Expected: nobody can be of the same stage as a company whose stage nobody knows; that is no count of none."""
    [untold] = data.connection.execute(
        "SELECT company_id FROM ranking WHERE rank IS NOT NULL AND track IS NULL ORDER BY company_id LIMIT 1"
    ).fetchall()
    [record] = company_records(data, untold)
    for lang, said in (("zh", "阶段未定"), ("en", "open for want of data")):
        view = peers_view(record, printer(lang))
        assert view is not None and said in view.group


def with_peers(data: RunData, **changed: object) -> RunData:
    assert data.pack.peers is not None
    pack = data.pack.model_copy(update={"peers": data.pack.peers.model_copy(update=changed)})
    loaded = dataclasses.replace(data.parsed.loaded, pack=pack)
    return dataclasses.replace(data, parsed=dataclasses.replace(data.parsed, loaded=loaded))


def ranked(data: RunData) -> list[Row]:
    names = list(data.pack.peers.facts) if data.pack.peers else []
    columns = ", ".join(f'facts."{n}"' for n in names)
    cursor = data.connection.execute(
        f"SELECT company_id, direction_id, domain_id, track, {columns} FROM ranking JOIN facts USING (company_id) "  # noqa: S608
        "WHERE outcome IN ('shortlisted', 'ranked', 'review')"
    )
    heads = [c[0] for c in cursor.description]
    return [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]


def group_of(own: Row, rows: list[Row], key: str) -> list[Row]:
    if own[key] is None or own["track"] is None:
        return []
    return [r for r in rows if r[key] == own[key] and r["track"] == own["track"] and r is not own]


@pytest.mark.parametrize(("least", "widen"), [(5, "domain"), (3, "domain"), (3, "none"), (8, "domain")])
def test_standing_is_what_counting_gives(data: RunData, least: int, widen: str) -> None:
    run = with_peers(data, at_least=least, widen=widen)
    found = dict(peer_relations(run, []))
    stated, rows = run.pack.peers, ranked(run)
    assert stated is not None
    expected = {}
    scopes = {}
    for own in rows:
        groups = {"direction": group_of(own, rows, "direction_id"), "domain": group_of(own, rows, "domain_id")}
        usable = [
            s for s in (("direction", "domain") if widen == "domain" else ("direction",)) if len(groups[s]) >= least
        ]
        scopes[own["company_id"]] = usable[0] if usable else "few"
        for fact, better in stated.facts.items() if usable else ():
            others = [r[fact] for r in groups[usable[0]] if r[fact] is not None]
            if own[fact] is None or len(others) < least:
                continue
            below, above = sum(o < own[fact] for o in others), sum(o > own[fact] for o in others)
            good, bad = (below, above) if better == "higher" else (above, below)
            strong = Fraction(75, 100) * len(others)
            told = "strength" if good >= strong else "weakness" if bad >= strong else "between"
            expected[own["company_id"], fact] = (len(groups[usable[0]]), len(others), below, above, told)
    got = {
        (r["company_id"], r["fact"]): (r["others"], r["known"], r["below"], r["above"], r["standing"])
        for r in found["peer_standing"].iter_rows(named=True)
    }
    assert got == expected
    assert dict(found["peer_groups"].select("company_id", "scope").iter_rows()) == scopes
    assert {"strength", "weakness", "between"} <= {v[-1] for v in got.values()} or widen == "none"


def test_the_nearest_are_the_nearest_by_brute_force(data: RunData) -> None:
    rows = {r["company_id"]: r for r in ranked(data)}
    stated = data.pack.peers
    assert stated is not None
    shown = sorted(rows)[:60]
    found = dict(peer_relations(data, shown))
    scope = dict(found["peer_groups"].select("company_id", "scope").iter_rows())
    for company in shown:
        near = found["peers"].filter(pl.col("company_id") == company).sort("position")["peer_id"].to_list()
        if scope[company] == "few":
            assert near == []
            continue
        own, key = rows[company], f"{scope[company]}_id"
        members = [own, *group_of(own, list(rows.values()), key)]
        gaps = []
        for other in members[1:]:
            shared = [f for f in stated.facts if own[f] is not None and other[f] is not None]
            if len(shared) >= max(1, (sum(own[f] is not None for f in stated.facts) + 1) // 2):
                places = [abs(place(own, f, members) - place(other, f, members)) for f in shared]
                gaps.append((round(float(sum(places) / len(places)), 4), other["company_id"]))
        assert near == [i for _, i in sorted(gaps)[: stated.nearest]]


def place(row: Row, fact: str, members: list[Row]) -> Fraction:
    known = [m[fact] for m in members if m[fact] is not None]
    below, same = sum(k < row[fact] for k in known), sum(k == row[fact] for k in known)
    return Fraction(2 * below + same + 1, 2 * len(known))


def test_a_raised_minimum_only_silences(data: RunData) -> None:
    few, many = (dict(peer_relations(with_peers(data, at_least=n), []))["peer_standing"] for n in (3, 9))
    keys = [set(f.filter(pl.col("known") >= 9).select("company_id", "fact").iter_rows()) for f in (few, many)]
    assert len(many) < len(few)
    assert keys[1] <= set(few.select("company_id", "fact").iter_rows()) | keys[1]


def test_a_pack_that_says_nothing_of_peers_gets_nothing(data: RunData) -> None:
    pack = data.pack.model_copy(update={"peers": None})
    loaded = dataclasses.replace(data.parsed.loaded, pack=pack)
    silent = dataclasses.replace(data, parsed=dataclasses.replace(data.parsed, loaded=loaded))
    assert all(frame.is_empty() for _, frame in peer_relations(silent, ["YL0219"]))


def test_the_questions_of_the_pool_are_those_of_the_dossiers(data: RunData) -> None:
    relation = pl.concat(questions_relation(data))
    companies = sorted(set(relation["company_id"]))[::6]
    for record in company_records(data, companies):
        own = relation.filter(pl.col("company_id") == record.company.company_id)
        assert set(own.select("fact", "reason", "at_stake").iter_rows()) == {
            (q.fact_id, q.reason, q.at_stake) for q in record.questions
        }
        assert own.sort("position")["position"].to_list() == list(range(1, own.height + 1))


def test_a_fact_that_is_no_number_or_no_fact_is_refused(tmp_path: Path) -> None:
    text = (Path(PACK) / "pack.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        text + "peers: {facts: {staff: higher}, at_least: 3, strong: 75%, set_by: fund}\n", encoding="utf-8"
    )
    problems = [
        p for p in check(load_pack(str(folder)), datetime.date(2026, 1, 1)) if p.code == "reference/unknown-fact"
    ]
    assert len(problems) == 1
    assert "staff_count" in problems[0].remedy
    (folder / "pack.yaml").write_text(
        text + "peers: {facts: {staff_count: higher}, at_least: 2, strong: 40%, set_by: fund}\n", encoding="utf-8"
    )
    with pytest.raises(RulesError, match="at_least"):
        load_pack(str(folder))
