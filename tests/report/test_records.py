"""Records read from a run of the sample: they say what the result says, and their parts add up."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from sqlglot import parse_one

from screening.analysis.companies import company_records
from screening.analysis.measures import measures_held, measures_reached
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
from screening.rulebook.parsing import parse_pack
from screening.run import manifest as manifests
from screening.run.gaps import gaps
from screening.run.opened import opened
from screening.run.packfile import write_effective_pack
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screening.result.company import CompanyRecord
    from screening.result.overview import Overview

REGISTRY = """企业名称,统一社会信用代码,企业类型,经营状态,地区,经营范围,员工人数
星禾示例储能有限公司,91350100M000100Y43,有限责任公司,存续,深圳市,研发、制造钠离子储能电池及储能系统,30
星禾示例储能有限公司,91350100M000100Y43,有限责任公司,存续,广州市,,
星禾示例储能有限公司广州分公司,,有限责任公司分公司,存续,广州市,研发、制造钠离子储能电池及储能系统,
云岫示例储能有限公司佛山分公司,,有限责任公司分公司,存续,佛山市,研发、制造钠离子储能电池及储能系统,
"""

CENT = Decimal("0.01")


@contextmanager
def screened(source: Path, work: Path) -> Iterator[RunData]:
    """Screen a dataset as `screen run` does, without pages."""
    loaded = load_pack("guangdong-2024")
    dataset = ingest(source, loaded.pack.tables, loaded.pack.geography, None, work)
    parsed = parse_pack(loaded, dataset.as_of)
    inputs = Inputs(dataset.as_of, dataset.available, dataset.absence, dataset.searched_on)
    with session(work, threads=2, memory_limit="1GB") as running:
        screen(running, parsed, inputs, dataset.tables)
        export(running, work / "result")
        outcomes = dict(running.rows("SELECT outcome, count(*) FROM ranking GROUP BY outcome"))
    manifest: dict[str, Any] = manifests.build(
        run_id="20260101T000000Z-00000000",
        parsed=parsed,
        dataset=dataset,
        outcomes=outcomes,
        result_digest="ab" * 32,
        input_digest_="cd" * 32,
        notices=[*dataset.notices, *gaps(parsed, inputs)],
        options={},
    )
    (work / "quality.json").write_text(json.dumps(dataset.quality, default=str), encoding="utf-8")
    write_effective_pack(loaded, work / "pack")
    with open_run(work, loaded, manifest) as opened:
        yield opened


def dossier(run: RunData, company_id: str) -> CompanyRecord:
    return next(iter(company_records(run, [company_id])))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunData]:
    with opened(sample_run(tmp_path_factory.getbasetemp()).run_dir) as data:
        yield data


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunData]:
    work = tmp_path_factory.mktemp("few")
    (work / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    with screened(work / "registry.csv", work) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(run: RunData) -> Overview:
    return overview(run)


@pytest.fixture(scope="module")
def dossiers(run: RunData) -> dict[str, CompanyRecord]:
    """One company of every outcome that occurs."""
    chosen: dict[str, str] = {}
    for company_id, outcome in run.connection.execute(
        "SELECT company_id, outcome FROM ranking ORDER BY rank NULLS LAST, company_id"
    ).fetchall():
        chosen.setdefault(outcome, company_id)
    return {outcome: dossier(run, company_id) for outcome, company_id in chosen.items()}


class TestOverview:
    def test_every_clean_company_is_counted_once(self, records: Overview) -> None:
        assert records.rows.read == records.rows.clean + records.rows.set_aside
        assert sum(c.count for c in records.outcomes) == records.rows.clean
        assert sum(c.count for c in records.grades) == records.rows.clean

    def test_the_ranking_is_in_rank_order_without_gaps(self, records: Overview) -> None:
        ranks = [c.rank for c in records.ranking]
        assert ranks == sorted(ranks, key=lambda r: r or 0)
        assert [r for r, n in zip(ranks, range(1, len(ranks) + 1), strict=True) if r > n] == []  # type: ignore[operator]
        assert records.ranking_total == len(records.ranking)

    def test_pictures_show_every_ranked_company(self, records: Overview) -> None:
        assert sum(b.count for b in records.histogram) == records.ranking_total
        assert sum(records.plane.values()) == records.ranking_total
        assert sum(records.tier_cells.values()) == records.ranking_total

    def test_places_show_every_company_in_scope_and_every_named_pair(self, records: Overview) -> None:
        assert sum(p.count for p in records.places) == sum(c.count for c in records.grades if c.id in IN_SCOPE)
        assert sum(p.named == "city" for p in records.places) == 66
        assert sum(p.named == "region" for p in records.places) == 60

    def test_holdings_stand_beside_the_candidates(self, run: RunData, records: Overview) -> None:
        assert records.holdings is not None
        held = "SELECT count(DISTINCT coalesce(company_id, holding_id)) AS n FROM holdings WHERE state <> 'exited'"
        assert records.holdings.count == run.select(parse_one(held))[0]["n"] == 11
        assert sum(p.funded for p in records.places) == records.holdings.count - records.holdings.unplaced
        assert all(p.both <= min(p.funded, p.count) for p in records.places)
        assert any(p.both for p in records.places)

    def test_every_target_of_the_pack_is_listed(self, run: RunData, records: Overview) -> None:
        assert [t.id for t in records.targets] == list(run.pack.targets)
        assert all(t.citation.quote and t.citation.line for t in records.targets)

    def test_gates_judge_the_same_companies(self, records: Overview) -> None:
        judged = {g.passed + g.failed + g.unknown + g.not_run + g.not_applicable for g in records.gates}
        assert len(judged) == 1
        assert judged == {sum(c.count for c in records.outcomes if c.id not in ("out_of_scope", "direction_open"))}

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
    def test_the_sample_has_every_outcome(self, dossiers: dict[str, CompanyRecord]) -> None:
        assert set(dossiers) == set(OUTCOMES)

    def test_contributions_add_up_to_what_is_shown(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            for half in record.halves:
                for pillar in half.pillars:
                    assert sum((c.value or Decimal(0)) for c in pillar.criteria) == pillar.band.value, (
                        record.company.company_id,
                        pillar.id,
                    )
                assert sum((p.band.value or Decimal(0)) for p in half.pillars) == half.band.value

    def test_bands_hold_their_values(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            bands = [
                record.score,
                *(h.band for h in record.halves),
                *(p.band for h in record.halves for p in h.pillars),
            ]
            for band in bands:
                if band.value is not None and band.low is not None and band.high is not None:
                    assert band.low <= band.value <= band.high

    def test_what_stopped_it_is_named_first(self, run: RunData, dossiers: dict[str, CompanyRecord]) -> None:
        for outcome, effect in (("rejected", "reject"), ("review", "review")):
            record = dossiers[outcome]
            rows = run.select(parse_one("SELECT company_id, outcome_reason FROM ranking"))
            decisive = {r["company_id"]: r["outcome_reason"] for r in rows}
            assert record.reasons[0].id == decisive[record.company.company_id]
            gate = next(g for g in record.gates if g.id == record.reasons[0].id)
            assert (gate.status, gate.effect) == ("failed", effect) or (gate.status, gate.on_unknown) == (
                "unknown",
                effect,
            )

    def test_a_question_stakes_at_most_the_band(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            width = (record.score.high or Decimal(0)) - (record.score.low or Decimal(0))
            assert all(Decimal(0) <= (q.at_stake or Decimal(0)) <= width for q in record.questions)
            assert all(f.value is None for f in record.facts if f.id in {q.fact_id for q in record.questions})

    def test_a_known_fact_is_never_asked(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            known = {f.id for f in record.facts if f.value is not None}
            assert not known & {q.fact_id for q in record.questions}

    def test_out_of_scope_companies_are_not_judged(self, dossiers: dict[str, CompanyRecord]) -> None:
        record = dossiers["out_of_scope"]
        assert (record.halves, record.gates, record.facts, record.measures) == ((), (), (), ())
        assert record.score.value is None

    def test_hits_lie_in_the_text_they_quote(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            for text in record.evidence:
                for span in text.spans:
                    assert 0 <= span.start < span.end <= len(text.text)

    def test_every_quote_has_its_line(self, dossiers: dict[str, CompanyRecord]) -> None:
        for record in dossiers.values():
            assert all(clause.line for clause, _ in record.clauses)

    def test_measures_surely_hold(self, run: RunData, dossiers: dict[str, CompanyRecord]) -> None:
        record = dossiers["shortlisted"]
        assert tuple(m.id for m in record.measures) == measures_held(run)[record.company.company_id]
        assert {m.id for m in record.measures} <= measures_reached(run)

    @pytest.mark.parametrize("name", ["nobody", "x' OR '1'='1", "", "\x00"])
    def test_an_unknown_company_is_refused(self, run: RunData, name: str) -> None:
        with pytest.raises(RunError, match="has no company"):
            dossier(run, name)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_renders(self, dossiers: dict[str, CompanyRecord], lang: Any) -> None:
        for outcome, record in dossiers.items():
            assert len(render_dossier(record, lang).encode()) < 1_000_000, outcome


class TestRegistryOfFewRows:
    """One file, one table: what rows say differently, whose branch it is, and what the data lack reach the pages."""

    def test_a_branch_is_rejected_with_a_word_on_its_head_company(self, few: RunData) -> None:
        ids = {
            row["name"]: row["company_id"] for row in few.select(parse_one("SELECT name, company_id FROM companies"))
        }
        branch = dossier(few, ids["星禾示例储能有限公司广州分公司"])
        assert branch.outcome == "rejected"
        assert branch.company.parent is not None
        assert (branch.company.parent.company_id, branch.company.parent.name) == (
            "91350100M000100Y43",
            "星禾示例储能有限公司",
        )
        page = render_dossier(branch, "zh")
        assert "分支机构，总机构：星禾示例储能有限公司（" in page
        assert "其总机构“星禾示例储能有限公司”也在数据中" in page
        assert "分支机构，总机构不在数据中" in render_dossier(dossier(few, ids["云岫示例储能有限公司佛山分公司"]), "zh")
        assert dossier(few, "91350100M000100Y43").company.parent is None

    def test_a_contradiction_between_equals_leaves_the_cell_unknown_and_is_shown(self, few: RunData) -> None:
        quality = overview(few).quality
        assert [(c.column, c.groups, c.unsettled) for c in quality.conflicts] == [("city", 1, 1)]
        assert (quality.branches, quality.branches_joined) == (2, 1)
        head = dossier(few, "91350100M000100Y43")
        assert head.company.city is None
        assert head.place is not None and head.place.grade == "unknown"

    def test_what_the_data_lack_is_said_in_the_words_of_the_pack(self, few: RunData) -> None:
        page = render_overview(overview(few), "zh")
        assert "数据中没有表“财务”" in page and "the data have no" not in page.split('id="manifest"')[0]
        assert "数据没有已投项目表" in page


def written(file: str, sheet: str | None, row: int, header: str) -> str:
    """The cell of a file of the sample, read anew."""
    path = shipped("sample_data") / file
    if path.suffix == ".xlsx":
        sheets = pl.read_excel(path, sheet_name=sheet, has_header=False, drop_empty_rows=False)
        lines = [[str(c) for c in r] for r in sheets.rows()]
    else:
        encoding = "gb18030" if "gb18030" in file else "utf-8-sig"
        reader = csv.reader(io.StringIO(path.read_text(encoding=encoding)))
        # A row is a line of the file; a cell may hold several.
        lines: list[list[str]] = [[]] * 2000
        for line in reader:
            lines[reader.line_num - 1] = line
    heads = next(line for line in lines if header in line)
    return lines[row - 1][heads.index(header)].replace(",", "")


def test_a_trace_leads_to_the_very_cell_by_the_header_as_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of files in 万元 and in yuan, with headers in Chinese and in English: row and column hold the fact."""
    followed: set[tuple[str, str]] = set()
    with opened(sample_run(tmp_path_factory.getbasetemp()).run_dir) as data:
        ids = [c.company_id for c in overview(data).ranking][::9]
        for record in company_records(data, ids):
            for f in record.facts:
                if f.id not in ("annual_revenue", "phd_count", "founder_prior_startups", "amount_asked", "staff_count"):
                    continue
                for source in f.sources if len(f.sources) == 1 else ():
                    cell = written(source.file or "", source.sheet, source.row or 0, source.columns[0])
                    scale = 10_000 if "万元" in source.columns[0] else 1
                    assert len(source.columns) == 1 and Decimal(cell) * scale == f.value, (source, cell)
                    followed.add((source.file or "", source.columns[0]))
    assert len(followed) >= 5 and ("financials_parks.csv", "营业收入(万元)") in followed
