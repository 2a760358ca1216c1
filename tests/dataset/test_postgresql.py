"""A PostgreSQL table as a source, on a real server that the test starts; skipped where it cannot be started."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.dataset.database import Databases, _why_not
from screening.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Intake

MANIFEST = """\
dataset: {id: demo, label: Demo, as_of: 2026-01-31}
tables:
  companies: {database: DEMO_DATABASE, table: %s}
"""


def source(folder: Path, table: str = "registry.companies") -> Path:
    (folder / "dataset.yaml").write_text(MANIFEST % table, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server in a folder of its own, reached through a socket only."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    found = shutil.which("initdb")
    programs = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("no PostgreSQL server is installed")
    # The server refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, user)
    tool = {name: str(programs[-1] / name) for name in ("initdb", "pg_ctl")}
    data = folder / "data"

    def call(command: list[object]) -> None:
        subprocess.run(
            list(map(str, command)),
            check=True,
            user=user,
            cwd=folder,
            timeout=90,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    try:
        call([tool["initdb"], "-D", data, "-U", "analyst", "-A", "trust", "-E", "UTF8", "--locale=C"])
        call(
            [
                tool["pg_ctl"],
                "-D",
                data,
                "-w",
                "-l",
                folder / "log",
                "-o",
                f"-k {folder} -c listen_addresses=''",
                "start",
            ]
        )
    except (OSError, subprocess.SubprocessError):
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip("the PostgreSQL server here cannot be started")
    try:
        yield f"postgresql://analyst@/postgres?host={folder}"
    finally:
        call([tool["pg_ctl"], "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def filled(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop schema if exists registry cascade")
        connection.execute("create schema registry")
        connection.execute(
            'create table registry.companies ("企业名称" text, "注册资本(万元)" numeric, "成立日期" date, other interval)'
        )
        connection.execute(
            "insert into registry.companies values ('星禾示例公司', 1200.5, '2020-01-02', '1 day'),"
            " ('云岫示例公司', null, '2021-01-02', null)"
        )
    monkeypatch.setenv("DEMO_DATABASE", server)
    return server


def test_a_table_of_a_server_is_read_like_a_file(filled: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(source(tmp_path))
    clean = pl.read_parquet(dataset.tables["companies"]).sort("name")
    assert clean.select("name", "registered_capital").rows() == [
        ("云岫示例公司", None),
        ("星禾示例公司", Decimal("12005000")),
    ]
    assert [(record["path"], record["form"], len(record["sha256"])) for record in dataset.files] == [
        ("DEMO_DATABASE/registry.companies", "postgresql", 64)
    ]


def test_how_the_server_writes_values_changes_none(filled: str, tmp_path: Path, intake: Intake) -> None:
    """Its dates may go day first, its moments by a clock elsewhere, its money with a sign, its bytes as digits: none of it is read."""
    import psycopg

    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("alter database postgres set datestyle = 'SQL, DMY'")
        connection.execute("alter database postgres set timezone = 'UTC'")
        connection.execute("alter database postgres set extra_float_digits = -9")
        connection.execute(
            'create table registry.odd ("企业名称" char(30), "成立日期" timestamptz, "注册资本(元)" money,'
            ' "员工人数" real, "企业地址" bytea)'
        )
        connection.execute(
            "insert into registry.odd values"
            " ('甲样例公司', '2020-01-01 16:30+00', 1234567.89, 1234567, convert_to('广东省深圳市南山区', 'UTF8')),"
            " ('乙样例公司', '2020-04-03 00:00+08', 0.5, 3, '\xff'), ('丙样例公司', 'infinity', null, 'NaN', null)"
        )
        try:
            clean = pl.read_parquet(intake(source(tmp_path, "registry.odd")).tables["companies"]).sort("established_on")
        finally:
            connection.execute("alter database postgres reset all")
    assert clean.select("name", pl.col("established_on").cast(str), "registered_capital", "staff", "city").rows() == [
        ("丙样例公司", None, None, None, None),
        ("甲样例公司", "2020-01-02", Decimal("1234567.89"), 1_234_567, "深圳市"),
        ("乙样例公司", "2020-04-03", Decimal("0.5"), 3, None),
    ]


def test_order_on_the_server_changes_nothing(filled: str, tmp_path: Path, intake: Intake) -> None:
    import psycopg

    first = intake(source(tmp_path))
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("create table registry.turned as select * from registry.companies order by 1 desc")
    second = intake(source(tmp_path, "registry.turned"))
    tables = [
        pl.read_parquet(d.tables["companies"]).drop("source_file", "source_row", "source_sheet")
        for d in (first, second)
    ]
    assert tables[0].equals(tables[1])
    assert first.files[0]["sha256"] == second.files[0]["sha256"]


@pytest.mark.parametrize(
    "table", ["nothing", 'companies"; drop schema registry cascade; --', "registry.companies; select 1"]
)
def test_a_name_is_a_name_and_nothing_else(table: str, filled: str, tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "dataset.yaml").write_text(MANIFEST % repr(table), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert caught.value.problems[0].code == "data/database"
    assert intake(source(tmp_path)).rows["companies"].clean == 2


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "secret-token"])
def test_what_is_no_address_is_refused_and_never_shown(
    address: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    monkeypatch.setenv("DEMO_DATABASE", address)
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path))
    assert [problem.code for problem in caught.value.problems] == ["data/no-address"]
    assert not address or address not in str(caught.value.problems)


def code_and_message(caught: pytest.ExceptionInfo[DatasetError]) -> tuple[str, str]:
    problem = caught.value.problems[0]
    return problem.code, problem.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda address: address.replace("/postgres?", "/nowhere?"), "no database of that name"),
        (lambda address: address.replace("analyst@", "nobody_known@"), "knows no such user"),
        (lambda address: address.split("?")[0] + "?host=/nowhere/at/all", "no server answers"),
        (lambda address: "postgresql://analyst:secret@127.0.0.1:1/postgres", "no server answers"),
        (
            lambda address: "postgresql://analyst@host.invalid/postgres?connect_timeout=3",
            "host of the address is not known",
        ),
        (lambda address: "postgresql://analyst@/postgres?port=abc", "is not one that can be understood"),
    ],
    ids=["database", "user", "socket", "port", "host", "address"],
)
def test_a_connection_that_fails_says_why_and_never_shows_the_address(
    change: Callable[[str], str],
    said: str,
    server: str,
    tmp_path: Path,
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = change(server)
    monkeypatch.setenv("DEMO_DATABASE", address)
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path))
    code, message = code_and_message(caught)
    assert code == "data/no-connection"
    assert said in message
    assert "secret" not in str(caught.value.problems)
    assert address not in str(caught.value.problems)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('connection failed: FATAL:  password authentication failed for user "a"', "refuses the user or the password"),
        ("connection failed: fe_sendauth: no password supplied", "refuses the user or the password"),
        ("connection timeout expired", "does not answer in time"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "a", no encryption', "does not let this computer"),
        ("FATAL:  sorry, too many clients already", "no connection left"),
        ("something new", "cannot be reached"),
    ],
)
def test_what_servers_answer_is_told_in_plain_words(words: str, said: str) -> None:
    assert said in _why_not(words)[0]


def test_a_table_that_takes_too_long_is_stopped(
    filled: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute(
            "create view registry.slow as select '甲示例公司' || pg_sleep(20)::text as \"企业名称\" from generate_series(1, 3)"
        )
    monkeypatch.setattr("screening.dataset.database._OPTIONS", "-c statement_timeout=300ms")
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path, "registry.slow"))
    code, message = code_and_message(caught)
    assert code == "data/database"
    assert "was stopped" in message


def test_all_tables_come_from_one_moment_of_the_server(
    filled: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    read = Databases.read

    def with_a_change_behind_it(self: Databases, *arguments: Any) -> Any:
        table = read(self, *arguments)
        with psycopg.connect(filled, autocommit=True) as connection:
            connection.execute("insert into registry.accounts values ('新来示例公司', 2024, 1)")
        return table

    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute('create table registry.accounts ("企业名称" text, "年度" int, "营业收入(万元)" numeric)')
        connection.execute("insert into registry.accounts values ('星禾示例公司', 2024, 500)")
    monkeypatch.setattr(Databases, "read", with_a_change_behind_it)
    (tmp_path / "dataset.yaml").write_text(
        MANIFEST % "registry.companies" + "  financials: {database: DEMO_DATABASE, table: registry.accounts}\n",
        encoding="utf-8",
    )
    rows = intake(tmp_path).rows["financials"]
    assert (rows.read, rows.clean) == (1, 1)


def test_one_table_that_cannot_be_read_leaves_the_problems_of_the_others(
    filled: str, tmp_path: Path, intake: Intake
) -> None:
    (tmp_path / "dataset.yaml").write_text(
        MANIFEST % "registry.missing" + "  financials: {database: DEMO_DATABASE, table: nowhere.accounts}\n",
        encoding="utf-8",
    )
    with pytest.raises(DatasetError) as caught:
        intake(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["data/database", "data/database"]
    assert all("there is no such table" in problem.message for problem in caught.value.problems)
