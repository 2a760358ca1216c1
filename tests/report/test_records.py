"""Records read from a run of the sample: they say what the result says, and their parts add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from screening.analysis.dossier import dossier
from screening.analysis.measures import measures_of, measures_reached
from screening.analysis.overview import overview
from screening.analysis.rundata import RunData, open_run
from screening.dataset import ingest
from screening.engine.export import export
from screening.engine.inputs import Inputs
from screening.engine.pipeline import screen
from screening.engine.session import session
from screening.errors import RunError
from screening.report import render_dossier, render_overview
from screening.resources import shipped
from screening.result.contract import IN_SCOPE, OUTCOMES
from screening.rulebook.loader import load_pack
from screening.rulebook.scope import parse_pack
from screening.run import manifest as manifests
from screening.run.geography import geography_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.result.dossier_records import Dossier
    from screening.result.records import Overview

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunData]:
    work = tmp_path_factory.mktemp("run")
    loaded = load_pack("guangdong-2024")
    dataset = ingest(shipped("sample_data"), loaded.pack.tables, geography_of(loaded.pack), None, work)
    parsed = parse_pack(loaded, dataset.as_of)
    inputs = Inputs(dataset.as_of, dataset.available, dataset.absence, dataset.searched_on)
    with session(work, threads=2, memory_limit="1GB") as running:
        screen(running, parsed, inputs, dataset.tables)
        export(running, work / "result")
        outcomes = dict(running.rows("SELECT outcome, count(*) FROM ranking GROUP BY outcome"))
    manifest: dict[str, Any] = manifests.build(
        run_id="20260101T000000Z-00000000", parsed=parsed, dataset=dataset, outcomes=outcomes, result_digest="ab" * 32,
        input_digest_="cd" * 32, notices=dataset.notices, options={})
    with open_run(work, loaded, manifest) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(run: RunData) -> Overview:
    return overview(run)


@pytest.fixture(scope="module")
def dossiers(run: RunData) -> dict[str, Dossier]:
    """One company of every outcome that occurs."""
    chosen: dict[str, str] = {}
    for company_id, outcome in run.connection.execute(
            "SELECT company_id, outcome FROM ranking ORDER BY rank NULLS LAST, company_id").fetchall():
        chosen.setdefault(outcome, company_id)
    return {outcome: dossier(run, company_id) for outcome, company_id in chosen.items()}


class TestOverview:
    def test_every_clean_company_is_counted_once(self, records: Overview) -> None:
        assert records.rows.read == records.rows.clean + records.rows.set_aside
        assert sum(c.count for c in records.outcomes) == records.rows.clean
        assert sum(c.count for c in records.grades) == records.rows.clean

    def test_the_ranking_is_in_rank_order_without_gaps(self, records: Overview) -> None:
        assert [c.rank for c in records.ranking] == list(range(1, len(records.ranking) + 1))
        assert records.ranking_total == len(records.ranking)

    def test_pictures_show_every_ranked_company(self, records: Overview) -> None:
        assert sum(b.count for b in records.histogram) == records.ranking_total
        assert sum(c.count for c in records.plane) == records.ranking_total
        assert sum(c.count for c in records.tier_cells) == records.ranking_total

    def test_places_show_every_company_in_scope_and_every_named_pair(self, records: Overview) -> None:
        assert sum(p.count for p in records.places) == sum(c.count for c in records.grades if c.id in IN_SCOPE)
        assert sum(p.named == "city" for p in records.places) == 66
        assert sum(p.named == "region" for p in records.places) == 60

    def test_gates_judge_the_same_companies(self, records: Overview) -> None:
        judged = {g.passed + g.failed + g.unknown + g.not_run + g.not_applicable for g in records.gates}
        assert len(judged) == 1
        assert judged == {sum(c.count for c in records.outcomes if c.id != "out_of_scope")}

    def test_quality_never_counts_more_than_there_is(self, records: Overview) -> None:
        assert records.run.synthetic
        assert all(0 <= c.filled <= c.rows for c in records.quality.columns)
        assert sum(c.count for c in records.quality.city_basis) == records.rows.clean

    def test_a_measure_is_idle_or_reaches_somebody(self, run: RunData, records: Overview) -> None:
        idle = {r.id for r in records.rules if r.kind == "measure"}
        conditional = {m for m, rule in run.pack.measures.items() if rule.when is not None}
        assert idle | measures_reached(run) == conditional
        assert not idle & measures_reached(run)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_renders(self, records: Overview, lang: Any) -> None:
        assert len(render_overview(records, lang).encode()) < 5_000_000


class TestDossier:
    def test_the_sample_has_every_outcome(self, dossiers: dict[str, Dossier]) -> None:
        assert set(dossiers) == set(OUTCOMES)

    def test_contributions_add_up_to_what_is_shown(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            for half in record.halves:
                for pillar in half.pillars:
                    assert sum((c.value or Decimal(0)) for c in pillar.criteria) == pillar.band.value, (record.company.company_id, pillar.id)
                assert sum((p.band.value or Decimal(0)) for p in half.pillars) == half.band.value

    def test_bands_hold_their_values(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            bands = [record.score, *(h.band for h in record.halves), *(p.band for h in record.halves for p in h.pillars)]
            for band in bands:
                if band.value is not None and band.low is not None and band.high is not None:
                    assert band.low <= band.value <= band.high

    def test_what_stopped_it_is_named_first(self, run: RunData, dossiers: dict[str, Dossier]) -> None:
        for outcome, effect in (("rejected", "reject"), ("review", "review")):
            record = dossiers[outcome]
            ranking = run.one("ranking_row", company_id=record.company.company_id)
            assert ranking is not None
            assert record.reasons[0].id == ranking["outcome_reason"]
            gate = next(g for g in record.gates if g.id == record.reasons[0].id)
            assert (gate.status, gate.effect) == ("failed", effect) or (gate.status, gate.on_unknown) == ("unknown", effect)

    def test_a_question_stakes_at_most_the_band(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            width = (record.score.high or Decimal(0)) - (record.score.low or Decimal(0))
            assert all(Decimal(0) <= (q.at_stake or Decimal(0)) <= width for q in record.questions)
            assert all(f.value is None for f in record.facts if f.id in {q.fact_id for q in record.questions})

    def test_a_known_fact_is_never_asked(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            known = {f.id for f in record.facts if f.value is not None}
            assert not known & {q.fact_id for q in record.questions}

    def test_out_of_scope_companies_are_not_judged(self, dossiers: dict[str, Dossier]) -> None:
        record = dossiers["out_of_scope"]
        assert (record.halves, record.gates, record.facts, record.measures) == ((), (), (), ())
        assert record.score.value is None

    def test_hits_lie_in_the_text_they_quote(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            for text in record.evidence:
                for span in text.spans:
                    assert 0 <= span.start < span.end <= len(text.text)

    def test_every_quote_has_its_line(self, dossiers: dict[str, Dossier]) -> None:
        for record in dossiers.values():
            assert all(clause.line for clause, _ in record.clauses)

    def test_measures_surely_hold(self, run: RunData, dossiers: dict[str, Dossier]) -> None:
        record = dossiers["shortlisted"]
        assert [m.id for m in record.measures] == list(measures_of(run, record.company.company_id))
        assert set(measures_of(run, record.company.company_id)) <= measures_reached(run)

    @pytest.mark.parametrize("name", ["nobody", "x' OR '1'='1", "", "\x00"])
    def test_an_unknown_company_is_refused(self, run: RunData, name: str) -> None:
        with pytest.raises(RunError, match="has no company"):
            dossier(run, name)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_renders(self, dossiers: dict[str, Dossier], lang: Any) -> None:
        for outcome, record in dossiers.items():
            assert len(render_dossier(record, lang).encode()) < 1_000_000, outcome
