"""The second direction of a company: domain and direction are those of one row, whichever rows tell only a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from screening.engine.classify import READS, classify, statement

if TYPE_CHECKING:
    from screening.rulebook.model import RulePack

ROWS = {
    "two whole rows": ([("A", "A1", 2), ("B", "B1", 3)], ("A", "A1")),
    "the nearer row tells only its domain": ([("A", None, 2), ("B", "B1", 3)], ("B", "B1")),
    "only domains are told": ([("A", None, 2), ("B", None, 3)], ("A", None)),
    "one row": ([("B", "B1", 4)], ("B", "B1")),
    "none": ([], (None, None)),
}


@pytest.mark.parametrize(("rows", "second"), ROWS.values(), ids=ROWS)
def test_domain_and_direction_come_from_one_row(
    rows: list[tuple[str, str | None, int]], second: tuple[str | None, str | None]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE companies AS SELECT 'c' AS company_id")
        connection.execute("CREATE TABLE hits_silent (company_id VARCHAR)")
        connection.execute("CREATE TABLE readings (company_id VARCHAR, field VARCHAR, weight DECIMAL(9, 4))")
        connection.execute(statement("no_overrides"))
        connection.execute(
            "CREATE TABLE classification "
            "(company_id VARCHAR, domain_id VARCHAR, direction_id VARCHAR, nearest_direction_id VARCHAR, strength DECIMAL(9, 2), grade VARCHAR, position INTEGER)"
        )
        for domain, direction, position in [("M", "M1", 1), *rows]:
            connection.execute(
                "INSERT INTO classification VALUES ('c', $1, $2, NULL, 1, 'core', $3)", [domain, direction, position]
            )
        connection.execute(
            "CREATE TABLE classification_rows (company_id VARCHAR, domain_id VARCHAR, domain_is_open BOOLEAN, grade VARCHAR)"
        )
        connection.execute(statement("profile"))
        found = connection.execute("SELECT second_domain_id, second_direction_id FROM profile").fetchall()
    assert found == [second]


def test_nothing_but_the_columns_named_is_read_of_the_clean_tables(plan: RulePack) -> None:
    with duckdb.connect() as connection:
        for table, columns in READS.items():
            connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} VARCHAR' for name in columns)})")
        connection.execute("INSERT INTO companies (company_id, business_scope) VALUES ('c', '石墨烯的研发、生产')")
        connection.execute("INSERT INTO patents VALUES ('c', '1', 'C01B32/184', '石墨烯的制备方法')")
        classify(connection, plan)
        assert connection.execute("SELECT company_id, fit_grade FROM profile").fetchall() == [("c", "core")]
        assert connection.execute("SELECT in_direction FROM patent_directions").fetchall() == [(True,)]
