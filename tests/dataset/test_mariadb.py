"""A MariaDB table as a source, on a real server that the test starts; skipped where it cannot be started."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.dataset.mysql import MySQLServer
from screening.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .conftest import Intake

PASSWORD = "geheim-7x"
MANIFEST = """\
dataset: {id: demo, label: Demo, as_of: 2026-01-31}
tables:
  companies: {database: DEMO_DATABASE, table: %s}
"""
TABLES = """
SET sql_mode = '';
CREATE DATABASE registry CHARACTER SET utf8mb4;
USE registry;
CREATE TABLE companies (`企业名称` varchar(100), `注册资本(万元)` decimal(20,4), `成立日期` date, `员工人数` int unsigned,
    place geometry, changed timestamp);
INSERT INTO companies VALUES ('星禾示例公司', 1200.5, '2020-01-02', 7, point(1, 2), '2020-01-02 03:04:05'),
    ('云岫示例公司', NULL, '2021-01-02', NULL, NULL, NULL), ('松间示例𠮷公司', 0.0001, '0000-00-00', 0, NULL, NULL);
CREATE TABLE measured (`企业名称` varchar(100), `注册资本(元)` float, `员工人数` bit(8));
INSERT INTO measured VALUES ('星禾示例公司', 16777216, b'1001'), ('云岫示例公司', 1234567.9, b'0'), ('松间示例公司', 1200.1, NULL);
SET GLOBAL time_zone = '+00:00'; SET time_zone = '+08:00';
CREATE TABLE odd (`企业名称` char(30), `成立日期` timestamp NULL, `统一社会信用代码` varchar(18) CHARACTER SET gbk, `企业地址` varbinary(60),
    `员工人数` int(6) zerofill, `登记状态` enum('存续','注销'), kept json, day date);
INSERT INTO odd VALUES ('甲样例公司', '2020-01-02 00:30:00', '91440300MA5D000001', '广东省深圳市南山区', 12, '存续', '{"a": 1}', '2020-02-00'),
    ('乙样例公司', '2020-03-04 00:00:00', NULL, unhex('FF41'), 3, '', NULL, NULL);
CREATE TABLE turned AS SELECT * FROM companies ORDER BY `企业名称` DESC;
CREATE VIEW seen AS SELECT `企业名称`, `成立日期` FROM companies;
CREATE TABLE accounts (`企业名称` varchar(100), `年度` year, `营业收入(万元)` decimal(20,2));
INSERT INTO accounts VALUES ('星禾示例公司', 2024, 500);
CREATE TABLE hidden (`企业名称` varchar(100));
CREATE FUNCTION slowly() RETURNS int RETURN sleep(20);
CREATE VIEW slow AS SELECT `企业名称`, slowly() AS `员工人数` FROM companies;
CREATE FUNCTION writing() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO accounts VALUES ('x', 1, 1); RETURN 1; END;
CREATE VIEW writes AS SELECT `企业名称`, writing() AS `员工人数` FROM companies;
CREATE FUNCTION of_others() RETURNS int RETURN 1;
CREATE VIEW unused AS SELECT `企业名称`, of_others() AS `员工人数` FROM companies;
CREATE USER analyst@'127.0.0.1' IDENTIFIED BY 'geheim-7x';
GRANT SELECT ON registry.companies TO analyst@'127.0.0.1';
GRANT SELECT ON registry.measured TO analyst@'127.0.0.1';
GRANT SELECT ON registry.odd TO analyst@'127.0.0.1';
GRANT SELECT ON registry.turned TO analyst@'127.0.0.1';
GRANT SELECT ON registry.seen TO analyst@'127.0.0.1';
GRANT SELECT ON registry.accounts TO analyst@'127.0.0.1';
GRANT SELECT ON registry.slow TO analyst@'127.0.0.1';
GRANT SELECT ON registry.writes TO analyst@'127.0.0.1';
GRANT SELECT ON registry.unused TO analyst@'127.0.0.1';
GRANT EXECUTE ON FUNCTION registry.slowly TO analyst@'127.0.0.1';
GRANT EXECUTE ON FUNCTION registry.writing TO analyst@'127.0.0.1';
"""


def source(folder: Path, table: str = "companies", *more: str) -> Path:
    (folder / "dataset.yaml").write_text(MANIFEST % table + "".join(more), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server in a folder of its own, on the loopback address only."""
    pytest.importorskip("connectorx", reason="the extra `mysql` is not installed")
    programs = {name: shutil.which(name) for name in ("mariadbd", "mariadb-install-db", "mariadb")}
    if None in programs.values():
        pytest.skip("no MariaDB server is installed")
    folder = Path(tempfile.mkdtemp(prefix="mdb"))
    user = "mysql" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    mine = [f"--user={user}"] if user else []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    made = [str(programs["mariadb-install-db"]), "--no-defaults", *mine, f"--datadir={folder}/data"]
    subprocess.run([*made, "--auth-root-authentication-method=normal", "--skip-test-db"], check=True, **quiet)  # type: ignore[call-overload]
    options = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder}/s", "--innodb-buffer-pool-size=8M"]
    running = subprocess.Popen(
        [str(programs["mariadbd"]), "--no-defaults", *mine, f"--datadir={folder}/data", *options], **quiet
    )  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 60
        while not (folder / "s").exists() and running.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        client = [
            str(programs["mariadb"]),
            "--no-defaults",
            "-S",
            f"{folder}/s",
            "-u",
            "root",
            "--default-character-set=utf8mb4",
            "--delimiter=//",
        ]
        subprocess.run(client, input=TABLES.replace(";\n", "//\n"), text=True, check=True, capture_output=True)
        yield f"mariadb://analyst:{PASSWORD}@127.0.0.1:{port}/registry"
    finally:
        running.terminate()
        running.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DEMO_DATABASE", server)
    return server


def test_a_table_of_a_server_is_read_like_a_file(address: str, tmp_path: Path, intake: Intake) -> None:
    dataset = intake(source(tmp_path))
    clean = pl.read_parquet(dataset.tables["companies"]).sort("name")
    assert clean.select("name", "registered_capital", "staff").rows() == [
        ("云岫示例公司", None, None),
        ("星禾示例公司", Decimal(12_005_000), 7),
        ("松间示例𠮷公司", Decimal(1), 0),
    ]
    assert [(record["path"], record["form"], len(record["sha256"])) for record in dataset.files] == [
        ("DEMO_DATABASE/companies", "mysql", 64)
    ]
    assert PASSWORD not in str(dataset)


def test_floats_and_bits_mean_what_they_are(address: str, tmp_path: Path, intake: Intake) -> None:
    """MariaDB itself writes the FLOAT 16777216 as 16777200, and 1234567.9 as 1234570."""
    clean = pl.read_parquet(intake(source(tmp_path, "measured")).tables["companies"])
    assert dict(clean.select("name", "staff").rows()) == {"星禾示例公司": 9, "云岫示例公司": 0, "松间示例公司": None}
    assert dict(clean.select("name", "registered_capital").rows()) == {
        "星禾示例公司": Decimal(16_777_216),
        "云岫示例公司": Decimal("1234567.9"),
        "松间示例公司": Decimal("1200.1"),
    }


def test_a_moment_is_a_day_in_china_and_bytes_are_text(address: str, tmp_path: Path, intake: Intake) -> None:
    """The server's clock is in UTC, as in a container: half past midnight in China is the day before there."""
    clean = pl.read_parquet(intake(source(tmp_path, "odd")).tables["companies"]).sort("established_on")
    assert clean.select(
        "name", pl.col("established_on").cast(str), "uscc", "address", "staff", "status_text"
    ).rows() == [
        ("甲样例公司", "2020-01-02", "91440300MA5D000001", "广东省深圳市南山区", 12, "存续"),
        ("乙样例公司", "2020-03-04", None, "�A", 3, None),
    ]


def test_tables_of_one_server_are_read_one_after_the_other(address: str, tmp_path: Path, intake: Intake) -> None:
    more = "  financials: {database: DEMO_DATABASE, table: registry.accounts}\n"
    dataset = intake(source(tmp_path, "companies", more))
    accounts = pl.read_parquet(dataset.tables["financials"])
    assert accounts.select("fiscal_year", "revenue").rows() == [(2024, Decimal(5_000_000))]
    assert "data/not-one-moment" in [notice.code for notice in dataset.notices]


def test_order_on_the_server_changes_nothing(address: str, tmp_path: Path, intake: Intake) -> None:
    first, second = intake(source(tmp_path)), intake(source(tmp_path, "turned"))
    tables = [
        pl.read_parquet(d.tables["companies"]).drop("source_file", "source_row", "source_sheet")
        for d in (first, second)
    ]
    assert tables[0].equals(tables[1])
    assert first.files[0]["sha256"] == second.files[0]["sha256"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("nothing", "there is no such table or view"),
        ("hidden", "there is no such table or view that the account may read"),
        ("unused", "the account may not use a function of the view"),
        ("'companies`; drop table registry.companies; --'", "there is no such table or view"),
        ("\"companies' or '1'='1\"", "there is no such table or view"),
        ("writes", "reading it would write"),
    ],
)
def test_a_name_is_a_name_and_reads_only(table: str, said: str, address: str, tmp_path: Path, intake: Intake) -> None:
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path, table))
    [problem] = caught.value.problems
    assert (problem.code, said in problem.message) == ("data/database", True), problem.message
    assert intake(source(tmp_path, "seen")).rows["companies"].clean == 3


def test_a_table_that_takes_too_long_is_stopped(
    address: str, tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("screening.dataset.mysql._FIRST", ("SET SESSION max_statement_time = 0.3",))
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path, "slow"))
    assert "was stopped" in caught.value.problems[0].message
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda address: "mysql://analyst:geheim@127.0.0.1:1/registry", "no server answers"),
        (lambda address: "mysql://analyst:geheim@host.invalid/registry", "host of the address is not known"),
        (lambda address: "mysql://analyst:geheim@127.0.0.1:abc/registry", "is not one that can be understood"),
        (lambda address: "mysql://", "is not one that can be understood"),
    ],
    ids=["port", "host", "number", "empty"],
)
def test_a_connection_that_fails_says_why_and_never_shows_the_address(
    change: Callable[[str], str],
    said: str,
    server: str,
    tmp_path: Path,
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEMO_DATABASE", change(server))
    with pytest.raises(DatasetError) as caught:
        intake(source(tmp_path))
    problem = caught.value.problems[0]
    assert problem.code == "data/no-connection"
    assert said in problem.message
    shown = str(caught.value.problems) + capfd.readouterr().err
    assert "geheim" not in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("MySqlError { ERROR 1045 (28000): Access denied for user 'a'@'h' }", "refuses the user or the password"),
        (
            "timed out: MySqlError { ERROR 1044 (42000): Access denied for user 'a' to 'b' }",
            "may not use this database",
        ),
        ("MySqlError { ERROR 1049 (42000): Unknown database 'b' }", "no database of that name"),
        ("MySqlError { ERROR 1040 (08004): Too many connections }", "no connection left"),
        ("timed out waiting for connection: DriverError { broken pipe }", "cannot be reached"),
        ("MySqlError { ERROR 9999 (HY000): geheim }", "answered: ERROR 9999"),
    ],
)
def test_what_servers_answer_is_told_in_plain_words(words: str, said: str, server: str) -> None:
    problem = MySQLServer("DEMO_DATABASE", server, "demo")._answered(words).problems[0]
    assert said in problem.message
    assert "geheim" not in str(problem)
