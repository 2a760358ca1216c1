"""Companies alike in all that a step reads are judged once: the relation is the same as when each is judged."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from screening.engine import alike
from screening.engine.export import write
from screening.engine.session import session
from screening.engine.steps import Step
from screening.errors import RunError
from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlglot import exp

    from screening.engine.session import Session

SOURCE = (
    'SELECT "facts"."company_id", "age", "stage", "city" FROM "facts" JOIN "stages" USING (company_id) '
    'LEFT JOIN "places" USING (company_id)'
)
SQL = (
    f"WITH source AS ({SOURCE}), layer AS (SELECT *, age * 2 AS twice FROM source) "  # noqa: S608
    "SELECT company_id, twice, CASE WHEN stage = 'seed' THEN twice END AS points, city IS NULL AS nowhere FROM layer"
)
STEP = Step("criteria", "company", ("facts", "stages", "places"), SQL, SOURCE, "facts")


def judged(folder: Path, kinds: int, companies: int = 300) -> tuple[list[tuple[object, ...]], bool]:
    """Return the rows of the step, and whether companies were put together."""
    chance = random.Random(kinds)
    ids = [f"c{number}" for number in range(companies)]
    told = [
        (chance.randrange(1, kinds + 1), chance.choice(("seed", "early", None)), chance.choice(("甲", None)))
        for _ in ids
    ]
    with session(folder, threads=2, memory_limit="500MB") as running:
        for name, place, column in (("facts", 0, "age"), ("stages", 1, "stage")):
            running.frame(name, pl.DataFrame({"company_id": ids, column: [row[place] for row in told]}))
        running.frame("places", pl.DataFrame({"company_id": ids[::2], "city": [row[2] for row in told][::2]}))
        with pytest.MonkeyPatch.context() as watched:
            made: list[str] = []
            create = type(running).create

            def noted(session: Session, name: str, statement: exp.Expr | str) -> None:
                made.append(name)
                create(session, name, statement)

            watched.setattr(type(running), "create", noted)
            alike.create(running, STEP)
        rows = running.rows('SELECT * FROM "criteria" ORDER BY company_id')
        assert len(running.rows('SELECT * FROM "facts"')) == companies, "the relation it stood for is back"
        return rows, len(made) > 1


@pytest.fixture
def put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FEWEST", 10)
    monkeypatch.setattr(alike, "WIDE", 1)


@pytest.mark.parametrize("kinds", [1, 2, 7])
def test_few_kinds_give_the_rows_of_each_company(kinds: int, tmp_path: Path, put_together: None) -> None:
    rows, together = judged(tmp_path, kinds)
    assert together
    with pytest.MonkeyPatch.context() as each:
        each.setattr(alike, "FEWEST", 10_000)
        plain, apart = judged(tmp_path, kinds)
    assert not apart
    assert rows == plain
    assert len(rows) == 300


def test_companies_that_differ_are_judged_each(
    tmp_path: Path, put_together: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "LOOKED_AT", 100)
    _, together = judged(tmp_path, 100_000)
    assert not together


def test_the_criteria_of_the_plan_stand_over_one_layer() -> None:
    """Or nothing would ever be put together."""
    import datetime

    from screening.engine.inputs import Inputs
    from screening.engine.steps import step
    from screening.rulebook.loader import load_pack
    from screening.rulebook.parsing import parse_pack

    as_of = datetime.date(2026, 6, 30)
    parsed = parse_pack(load_pack("guangdong-2024"), as_of)
    judged = step(parsed, Inputs(as_of, {"companies": frozenset({"name"})}), "contributions")
    assert judged.over == "facts"
    assert len(judged.sql) > alike.WIDE


@pytest.mark.parametrize("parts", [2, 7])
def test_where_memory_ends_the_same_rows_come_part_by_part(
    parts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a relation that is temporary, one in a file and one with companies of its own; expect the rows of the whole, and all back."""
    sql = (
        'WITH rows_ AS (SELECT company_id, count(*) AS rows FROM "patents" GROUP BY company_id) SELECT company_id, age, rows, (SELECT max(n) FROM "plan") AS n '
        'FROM "profile" JOIN "companies" USING (company_id) LEFT JOIN rows_ USING (company_id)'
    )
    step = Step("facts", "company", ("companies", "patents", "plan", "profile"), sql)
    ids = [f"c{number:03}" for number in range(100)]
    pl.DataFrame({"company_id": ids * 3}).write_parquet(tmp_path / "patents.parquet")
    with session(tmp_path, threads=2, memory_limit="500MB") as running:
        running.frame("companies", pl.DataFrame({"company_id": ids, "age": range(100)}))
        running.frame("plan", pl.DataFrame({"n": [1, 2]}))
        running.view("patents", tmp_path / "patents.parquet")
        running.rows("CREATE TEMP TABLE profile AS SELECT company_id FROM companies WHERE age < 90")
        alike.create(running, step)
        whole = running.rows('SELECT * FROM "facts" ORDER BY company_id')
        running.drop("facts")
        create, refused = type(running).create, [parts // 2]

        def short(session: Session, name: str, statement: exp.Expr | str) -> None:
            if refused[0] and name == step.name:
                refused[0] -= 1
                raise RunError("step 'facts' failed: Out of Memory") from duckdb.OutOfMemoryException()
            create(session, name, statement)

        monkeypatch.setattr(alike, "FEWEST", 10)
        monkeypatch.setattr(type(running), "create", short)
        alike.create(running, step)
        assert running.rows('SELECT * FROM "facts" ORDER BY company_id') == whole
        assert len(running.rows('SELECT * FROM "profile"')) == 90
        assert len(running.rows('SELECT * FROM "patents"')) == 300
        refused[0] = 100
        running.drop("facts")
        with pytest.raises(RunError, match="Out of Memory"):
            alike.create(running, step)
        assert len(running.rows('SELECT * FROM "profile"')) == 90


def test_a_relation_too_large_to_be_sorted_at_once_is_written_stretch_by_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given forty columns of 20,000 companies in no order, and 40 MB; expect the file that a run with room writes."""
    facts = next(each for each in RELATIONS if each.name == "facts")
    cells = ", ".join(f"md5(company_id || '{n}') AS c{n}" for n in range(40))
    stretches, tried = alike._stretches, list[int]()

    def noted(running: Session, parts: int) -> list[exp.Expr]:
        tried.append(parts)
        return stretches(running, parts)

    monkeypatch.setattr(alike, "_stretches", noted)
    for limit in ("1GB", "40MB"):
        work = tmp_path / limit
        work.mkdir()
        with session(work, threads=2, memory_limit=limit) as running:
            running.rows(
                "CREATE TABLE companies AS SELECT 'c' || (n * 7919) % 20000 AS company_id FROM range(20000) r(n)"
            )
            running.rows(f"CREATE TABLE facts AS SELECT company_id, {cells} FROM companies")  # noqa: S608
            write(running, facts, work / "facts.parquet")
        assert bool(tried) is (limit == "40MB")
    one, other = (pl.read_parquet(tmp_path / limit / "facts.parquet") for limit in ("1GB", "40MB"))
    assert other.equals(one)
    assert other["company_id"].is_sorted()
