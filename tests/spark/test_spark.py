"""A run in Spark's partitions is the run of one machine: the same digest, whatever the partitions and whoever is lost on the way."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.api import open_run
from screening.dataset import ingest
from screening.errors import DatasetError, RunError
from screening.rulebook.loader import load_pack
from screening.rulebook.parsing import parse_pack
from screening.run import partitions
from screening.run.options import Options
from screening.run.partitions import screened_in_partitions
from screening.run.screening import inputs_from, run
from screening.run.verify import verify
from screening.store import OFF, VARIABLE
from tests.run.shared import DEVICES, MEALS, PACK, companies, sample_run, small
from tests.spark.conftest import LIGHT, skip_without_spark

if TYPE_CHECKING:
    from screening.run.screening import Finished
    from tests.spark.conftest import Cluster

BANDS = """of: staff_count
              bands:
                - {from: 50, points: 10}
                - {from: 10, to: 50, points: 5}
                - {from: 0, to: 10, points: 0}"""
RELATIVE = "of: staff_count, relative: to_mean, bands: [{from: 1.2, points: 10}, {from: 0.6, to: 1.2, points: 5}, {to: 0.6, points: 0}]"
DAY = datetime.date(2025, 6, 1)


def both(data: Path, folder: Path, rules: str = PACK, count: int = 3, **choices: object) -> tuple[Finished, Finished]:
    """Screen data on one machine and in partitions."""
    here = Options(rules=rules, data=data, out=folder / "one", dossiers="none", **choices)  # type: ignore[arg-type]
    there = Options(
        rules=rules, data=data, out=folder / "many", dossiers="none", engine="spark", partitions=count, **choices
    )  # type: ignore[arg-type]
    return run(here), run(there)


def many_companies(folder: Path, number: int = 40) -> Path:
    rows = [
        (f"样例{i:03}科技有限公司", DEVICES if i % 3 else MEALS, str(i * 17 % 90) if i % 7 else "未披露")
        for i in range(number)
    ]
    return companies(folder / "many.csv", *rows)


def changed_pack(folder: Path, was: str, now: str) -> str:
    text = (Path(PACK) / "pack.yaml").read_text(encoding="utf-8")
    assert was in text
    pack = folder / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text(text.replace(was, now), encoding="utf-8")
    return str(pack)


def test_sample_on_two_workers(cluster: Cluster, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    one = sample_run(tmp_path_factory.getbasetemp())
    many = run(Options(out=tmp_path, dossiers="none", engine="spark", partitions=3))
    assert many.manifest["result_digest"] == one.manifest["result_digest"]
    assert many.manifest["outcomes"] == one.manifest["outcomes"]
    assert not list(many.run_dir.rglob(".attempt*"))
    assert not (many.run_dir / "parts").exists()


def test_overrides_point_at_one_company_of_all(cluster: Cluster, tmp_path: Path) -> None:
    """By name, code or id, ambiguous, unmatched or later than the data: each state is the one of a whole run.

    More partitions than companies are asked for: there are only as many as there are companies, and the companies are all there.
    """
    data = companies(
        tmp_path / "data.csv",
        ("样例甲科技有限公司", MEALS, "60"),
        ("样例乙科技有限公司", DEVICES, "60"),
        "样例丙科技有限公司,,2020-01-01,1万元,深圳,餐饮,5",
        "样例丙科技有限公司,,2021-01-01,1万元,深圳,餐饮,5",
    )
    overrides = tmp_path / "overrides.csv"
    lines = [
        "样例甲科技有限公司,甲1,core,见实地记录,ab,2024-06-01",
        "样例甲科技有限公司,甲1,related,见第二次记录,ab,2024-07-01",
        "样例乙科技有限公司,无,none,不再从事,ab,2024-06-01",
        "样例丙科技有限公司,甲1,core,哪一家不明,ab,2024-06-01",
        "样例丁科技有限公司,甲1,core,不在名单,ab,2024-06-01",
        "样例乙科技有限公司,甲1,core,尚未发生,ab,2035-06-01",
    ]
    overrides.write_text("\n".join(["company,direction,grade,reason,initials,date", *lines]) + "\n", encoding="utf-8")
    one, many = both(data, tmp_path, count=8, overrides=overrides)
    assert many.manifest["result_digest"] == one.manifest["result_digest"]
    assert many.manifest["overrides"] == one.manifest["overrides"]
    assert [n["code"] for n in many.manifest["notices"]] == [n["code"] for n in one.manifest["notices"]]
    assert {o["state"] for o in one.manifest["overrides"]} >= {"applied", "superseded"}


def test_points_by_standing_and_large_relations(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mean is that of all companies, not of a partition's. Above the stated size a relation is a folder of files; the run is
    read and verified all the same.
    """
    monkeypatch.setattr(partitions, "LARGEST_FILE", 0)
    rules = changed_pack(tmp_path, f"\n              {BANDS}", f" {{{RELATIVE}}}")
    one, many = both(many_companies(tmp_path), tmp_path, rules)
    points = pl.read_parquet(one.run_dir / "result" / "criteria.parquet")["staff_points.points"]
    assert points.n_unique() > 2
    assert many.manifest["result_digest"] == one.manifest["result_digest"]
    assert (many.run_dir / "result" / "facts.parquet").is_dir()
    assert (many.run_dir / "result" / "ranking.parquet").is_file(), (
        "verdicts rest on standings, so all of it is worked out here"
    )
    assert [f for f in verify(many.run_dir) if not f.ok] == []
    opened = open_run(many.run_dir)
    assert opened.relation("facts").height == open_run(one.run_dir).relation("facts").height
    assert (
        opened.company("样例001科技有限公司").record.rank
        == open_run(one.run_dir).company("样例001科技有限公司").record.rank
    )


def odd_parts(folder: Path) -> Path:
    """A folder as Spark and others leave it, with accounts beside it.

    Districts told by folders; a part without rows, one without a column, one with its columns in another order, one of other types; orders of
    the day that one part leaves open and another settles; repeats, a renamed company and a head office in different parts; nobody's accounts.
    """
    names = [f"样例{character}脑机接口科技有限公司" for character in "甲乙丙丁戊己庚辛"]
    scope = "脑机接口设备研发、制造"
    parts: dict[str, dict[str, list[object]]] = {
        "员工人数=0755/a": {
            "企业名称": names[:3],
            "成立日期": ["05/04/1968", "06/07/2013", None],
            "经营范围": [scope] * 3,
        },
        "员工人数=0755/b": {
            "经营范围": [scope, "餐饮服务"],
            "成立日期": ["25/04/2013", "05/05/2014"],
            "企业名称": [names[3], names[0]],
        },
        "员工人数=__HIVE_DEFAULT_PARTITION__/c": {
            "企业名称": [f"{names[0]}珠海分公司", "合计", None],
            "经营范围": [scope, None, scope],
        },
        "员工人数=12/d": {
            "企业名称": [names[5], names[6]],
            "曾用名": [names[7], None],
            "成立日期": [datetime.date(1966, 1, 2), datetime.date(2020, 2, 29)],
            "注册资本(万元)": [Decimal("1234.50"), None],
            "经营范围": [scope, None],
        },
        "员工人数=12/e": {"企业名称": [names[7]], "注册资本(万元)": ["1.234,5"], "经营范围": [scope]},
        "员工人数=9/f": {"企业名称": [], "经营范围": []},
    }
    for place, columns in parts.items():
        path = folder / "companies" / f"{place}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(columns, strict=False).write_parquet(path)
    accounts = {
        "企业名称": [names[0], names[7], "无此公司有限公司"],
        "年度": [2023] * 3,
        "营业收入": ["1.5亿元", "80万元", "1万元"],
    }
    pl.DataFrame(accounts).write_parquet(folder / "accounts.parquet")
    (folder / "dataset.yaml").write_text(
        "dataset: {id: odd, label: Odd, as_of: 2025-06-01}\n"
        "tables: {companies: {file: companies}, financials: {file: accounts.parquet}}\n",
        encoding="utf-8",
    )
    return folder


def test_odd_parts_are_taken_in_where_they_lie(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In partitions the tables, the rows set aside, the notices and the result are those of one machine."""
    monkeypatch.setenv(VARIABLE, OFF)
    monkeypatch.setattr(partitions, "LARGEST_FILE", 0)
    many, one = reversed(both(odd_parts(tmp_path / "odd"), tmp_path, "guangdong-2024", 2))
    told = ("result_digest", "rows", "data", "notices", "outcomes", "inputs")
    assert {key: many.manifest[key] for key in told} == {key: one.manifest[key] for key in told}
    for name in (
        "tables/companies.parquet",
        "tables/financials.parquet",
        "set_aside/companies.parquet",
        "quality.json",
    ):
        assert many.manifest["files"][name] == one.manifest["files"][name], name
    assert (many.run_dir / "result" / "ranking.parquet").is_dir()
    companies = pl.read_parquet(many.run_dir / "tables" / "companies.parquet")
    founded = dict(companies.select("name", "established_on").rows())
    assert founded["样例乙脑机接口科技有限公司"] == datetime.date(2013, 7, 6)
    assert datetime.date(1968, 4, 5) in companies["established_on"].to_list()
    assert set(companies["staff"]) == {755, 12, None}


def test_a_bad_part_is_told_by_its_name(cluster: Cluster, tmp_path: Path) -> None:
    """One part of three was cut short on its way."""
    folder = odd_parts(tmp_path / "odd") / "companies"
    part = folder / "员工人数=12" / "d.parquet"
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(DatasetError) as failed:
        run(Options(data=folder, out=tmp_path / "out", dossiers="none", engine="spark"))
    assert [str(problem.position) for problem in failed.value.problems] == ["员工人数=12/d.parquet"]


def test_error_names_file_and_rows(cluster: Cluster, tmp_path: Path) -> None:
    """A clean table is damaged on the way to the workers: the message says whose row, in which file."""
    parsed = parse_pack(load_pack(PACK), DAY)
    data = companies(tmp_path / "data.csv", *[(f"样例{i:03}科技有限公司", DEVICES, str(i)) for i in range(40)])
    dataset = ingest(data, parsed.pack.tables, None, DAY, tmp_path)
    path = dataset.tables["companies"]
    damaged = pl.col("staff").cast(pl.String).replace("17", "十七又半")
    pl.read_parquet(path).with_columns(damaged).write_parquet(path)
    options = Options(engine="spark", partitions=2)
    with (
        pytest.raises(RunError) as failed,
        screened_in_partitions(tmp_path, parsed, inputs_from(dataset), dataset.tables, options, (), lambda _: None),
    ):
        pass
    [problem] = failed.value.problems
    assert problem.code == "run/partition"
    assert "十七又半" in problem.message
    assert problem.message.endswith("at 1 of its companies: data.csv: 19")


def test_a_worker_of_another_version_is_refused(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results of two versions are not mixed."""
    monkeypatch.setattr("screening.engine.spark._version", lambda: "9.9")
    options = Options(rules=PACK, data=many_companies(tmp_path, 3), out=tmp_path / "out", engine="spark", partitions=2)
    with pytest.raises(RunError) as failed:
        run(options)
    assert [problem.code for problem in failed.value.problems] == ["spark/version"]
    assert not list((tmp_path / "out").iterdir())


def test_lost_worker(cluster: Cluster, tmp_path: Path) -> None:
    """A worker is killed in the middle of its partition: another does it again, and nobody sees it in the result."""
    data = many_companies(tmp_path)
    cluster.add_worker()
    said: list[str] = []
    out = tmp_path / "many"

    def kill() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if len(list(out.glob(".building-*/parts/.attempt-*/made"))) > 1:
                cluster.lose_worker()
                return
            time.sleep(0.01)

    thread = threading.Thread(target=kill)
    thread.start()
    there = run(Options(rules=PACK, data=data, out=out, dossiers="none", engine="spark", partitions=6), said.append)
    thread.join()
    here = run(Options(rules=PACK, data=data, out=tmp_path / "one", dossiers="none"))
    assert len(cluster.workers) == 2
    assert [step for step in said if step.startswith("again")]
    assert there.manifest["result_digest"] == here.manifest["result_digest"]


@pytest.mark.parametrize(
    ("master", "remote", "code"),
    [
        ("sc://127.0.0.1:15002", "", "spark/connect"),
        (None, "sc://127.0.0.1:15002", "spark/connect"),
        ("127.0.0.1:7077", "", "spark/no-master"),
    ],
)
def test_what_takes_no_tasks_is_refused_before_a_file_is_read(
    master: str | None, remote: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark Connect carries tables, not tasks; a bare address is no master."""
    skip_without_spark()
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    if remote:
        monkeypatch.setenv("SPARK_REMOTE", remote)
    with pytest.raises(RunError) as failed:
        run(Options(rules=PACK, data=tmp_path / "absent.csv", out=tmp_path / "out", engine="spark", master=master))
    assert [problem.code for problem in failed.value.problems] == [code]


def test_command_on_this_machine(tmp_path: Path) -> None:
    """`screen run --engine spark` without a cluster: two threads here, nothing on the error stream but progress."""
    skip_without_spark()
    data = many_companies(tmp_path)
    command = ["run", "--rules", PACK, "--data", str(data), "--dossiers", "none", "--threads", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "screening", *command, "--out", str(tmp_path / "out"), "--engine", "spark"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "JDK_JAVA_OPTIONS": LIGHT},
    )
    assert done.stderr == ""
    here = small(data, tmp_path / "here", dossiers="none").manifest
    assert json.loads(done.stdout)["result_digest"] == here["result_digest"]
