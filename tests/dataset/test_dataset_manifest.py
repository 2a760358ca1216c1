"""dataset.yaml and fund.yaml: what they may say, what their mistakes get, and what was known when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from screening.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Intake

COMPANIES = "企业编号,企业名称,成立日期,经营状态,注销日期\nX1,星禾示例公司,2020-01-01,注销,2026-02-01\nX2,云岫示例公司,2026-03-01,存续,\n"


def dataset(folder: Path, manifest: str, **files: str) -> Path:
    (folder / "dataset.yaml").write_text(manifest, encoding="utf-8")
    for name, content in {"companies": COMPANIES, **files}.items():
        suffix = "yaml" if name == "fund" else "csv"
        (folder / f"{name}.{suffix}").write_text(content, encoding="utf-8")
    return folder


def problems(folder: Path, intake: Intake) -> list[tuple[str, int]]:
    with pytest.raises(DatasetError) as caught:
        intake(folder)
    return [(problem.code, problem.position.line if problem.position else 0) for problem in caught.value.problems]


def test_every_mistake_of_the_manifest_is_named_with_its_line(tmp_path: Path, intake: Intake) -> None:
    found = problems(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, lable: Demo, as_of: 2026-13-01}
tables:
  companies:
    - {file: companies.csv, encodng: utf-8, header_row: 0}
  patents: {file: patents.csv, absence: none}
""",
        ),
        intake,
    )
    assert found == [
        ("dataset/missing-key", 1),
        ("dataset/value", 1),
        ("dataset/unknown-key", 1),
        ("dataset/value", 4),
        ("dataset/unknown-key", 4),
        ("dataset/value", 5),
    ]


def test_unknown_tables_and_columns_are_suggested(tmp_path: Path, intake: Intake) -> None:
    with pytest.raises(DatasetError) as caught:
        intake(
            dataset(
                tmp_path,
                """\
dataset: {id: demo, label: Demo}
tables:
  companies: {file: companies.csv, columns: {nmae: 企业名称}, units: {registered_captial: 万元}}
  patent: {file: companies.csv}
""",
            )
        )
    assert [(p.code, p.remedy) for p in caught.value.problems] == [
        ("dataset/unknown-column", "did you mean 'name'?"),
        ("dataset/unknown-column", "did you mean 'registered_capital'?"),
        ("dataset/unknown-table", "did you mean 'patents'?"),
    ]


@pytest.mark.parametrize("file", ["../secret.csv", "/etc/passwd", "sub/../../secret.csv"])
def test_a_manifest_cannot_reach_outside_its_folder(file: str, tmp_path: Path, intake: Intake) -> None:
    folder = tmp_path / "travelled"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(COMPANIES, encoding="utf-8")
    assert problems(
        dataset(folder, f"dataset: {{id: d, label: D}}\ntables: {{companies: {{file: {file}}}}}\n"), intake
    ) == [("dataset/outside", 2)]


def test_a_link_cannot_reach_outside_either(tmp_path: Path, intake: Intake) -> None:
    folder = tmp_path / "travelled"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(COMPANIES, encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert problems(dataset(folder, "dataset: {id: d, label: D}\ntables: {companies: {file: link.csv}}\n"), intake) == [
        ("dataset/outside", 2)
    ]


def test_a_dataset_without_companies_says_so(tmp_path: Path, intake: Intake) -> None:
    assert problems(
        dataset(tmp_path, "dataset: {id: d, label: D}\ntables: {patents: {file: companies.csv}}\n"), intake
    ) == [("dataset/no-root", 0)]


def test_constants_units_and_several_files(tmp_path: Path, intake: Intake) -> None:
    found = intake(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: {zh: 示例, en: Demo}, as_of: 2026-06-01, synthetic: true}
tables:
  companies:
    - {file: companies.csv, constants: {source_kind: registry, province: 广东}}
    - file: parks.csv
      columns: {name: 单位, registered_capital: 资本}
      units: {registered_capital: 万元}
      constants: {source_kind: self_reported}
""",
            parks="单位,资本\n朔光示例公司,300\n",
        )
    )
    clean = pl.read_parquet(found.tables["companies"]).sort("name")
    assert clean.select("name", "source_kind", "province", "registered_capital", "source_file").rows() == [
        ("云岫示例公司", "registry", "广东", None, "companies.csv"),
        ("星禾示例公司", "registry", "广东", None, "companies.csv"),
        ("朔光示例公司", "self_reported", None, pytest.approx(3_000_000), "parks.csv"),
    ]
    assert (found.id, found.label, found.synthetic) == ("demo", {"zh": "示例", "en": "Demo"}, True)
    assert [(record["path"], record["rows"]) for record in found.files] == [("companies.csv", 2), ("parks.csv", 1)]


ABSENCE = """\
dataset: {id: demo, label: Demo, as_of: 2026-06-01}
tables:
  companies: {file: companies.csv}
  risk_events: {absence: zero, searched_on: 2026-05-01}
  patents: {file: patents.csv}
"""


def test_searched_and_not_searched_never_look_alike(tmp_path: Path, intake: Intake) -> None:
    found = intake(dataset(tmp_path, ABSENCE, patents="企业编号,专利号\nX1,P1\n"))
    assert found.absence == {"companies": "unknown", "risk_events": "zero", "patents": "unknown"}
    assert found.searched_on == {"companies": None, "risk_events": date(2026, 5, 1), "patents": None}
    assert pl.read_parquet(found.tables["risk_events"]).height == 0
    assert "financials" not in found.tables


KNOWN = """\
dataset: {{id: demo, label: Demo{as_of}}}
tables:
  companies: {{file: companies.csv}}
  patents: {{file: patents.csv}}
  financials: {{file: financials.csv}}
  certificates: {{file: certificates.csv}}
"""
PATENTS = "企业编号,专利号,申请日,授权日,法律状态,数据日期\nX1,P1,2024-01-01,2025-12-01,授权,\nX1,P2,2025-12-15,,审中,\nX1,P3,2023-01-01,,审中,2026-01-01\n"
FINANCIALS = "企业编号,年度,营业收入\nX1,2024,5万元\nX1,2025,6万元\n"
CERTIFICATES = "企业编号,资质,发证日期,有效期至\nX1,高新技术企业,2024-06-01,2027-06-01\n"


def known(folder: Path, as_of: str = "") -> Path:
    return dataset(folder, KNOWN.format(as_of=as_of), patents=PATENTS, financials=FINANCIALS, certificates=CERTIFICATES)


def test_nothing_known_later_than_the_date_of_knowledge_is_used(tmp_path: Path, intake: Intake) -> None:
    found = intake(known(tmp_path), date(2025, 11, 30))
    companies = pl.read_parquet(found.tables["companies"])
    # The company cancelled later existed; that it was cancelled is not known yet.
    assert companies.select("company_id", "status", "status_text", "cancelled_on").rows() == [("X1", None, None, None)]
    patents = pl.read_parquet(found.tables["patents"])
    assert patents.select("patent_no", "granted_on", "legal_status").rows() == [("P1", None, None)]
    assert pl.read_parquet(found.tables["financials"])["fiscal_year"].to_list() == [2024]
    assert pl.read_parquet(found.tables["certificates"])["expires_on"].to_list() == [date(2027, 6, 1)]
    assert {name: dict(rows.set_aside_by_reason) for name, rows in found.rows.items()} == {
        "companies": {"after_as_of": 1},
        "patents": {"after_as_of": 2},
        "financials": {"after_as_of": 1},
        "certificates": {},
    }
    assert pl.read_parquet(found.set_aside["patents"])["detail"].to_list() == [
        "filed_on 2025-12-15",
        "observed_on 2026-01-01",
    ]
    assert found.as_of_basis == "given"


def test_date_of_knowledge_is_given_then_declared_then_the_newest_date(tmp_path: Path, intake: Intake) -> None:
    folder = known(tmp_path, ", as_of: 2026-05-05")
    assert (intake(folder, date(2026, 5, 4)).as_of, intake(folder).as_of) == (date(2026, 5, 4), date(2026, 5, 5))
    newest = intake(known(tmp_path))
    assert (newest.as_of, newest.as_of_basis) == (date(2026, 3, 1), "newest_date")


FUND = """\
id: demo-fund
label: 示例基金
size: 10亿元
term_years: 8
ticket: [500万元, 5000万元]
concentration: {basis: size, limit: 20%}
"""


def test_fund_beside_the_dataset_is_read_in_yuan(tmp_path: Path, intake: Intake) -> None:
    found = intake(
        dataset(tmp_path, "dataset: {id: d, label: D}\ntables: {companies: {file: companies.csv}}\n", fund=FUND)
    )
    assert found.fund is not None
    assert (found.fund["size"], found.fund["concentration"]) == (1_000_000_000, {"basis": "size", "limit": 0.2})
    assert found.fund["ticket"] == [5_000_000, 50_000_000]


def test_mistakes_of_the_fund_are_named_with_their_line(tmp_path: Path, intake: Intake) -> None:
    broken = FUND.replace("10亿元", "许多").replace("limit: 20%", "limit: 120%").replace("term_years", "term_year")
    found = problems(
        dataset(tmp_path, "dataset: {id: d, label: D}\ntables: {companies: {file: companies.csv}}\n", fund=broken),
        intake,
    )
    assert found == [("fund/value", 3), ("fund/value", 6), ("fund/unknown-key", 4)]


def test_a_unit_or_currency_that_is_not_known_is_refused(tmp_path: Path, intake: Intake) -> None:
    """Read as yuan it would be wrong by a power of ten."""
    found = problems(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: Demo}
tables:
  companies:
    - {file: companies.csv, units: {registered_capital: wan, established_on: 天}}
  holders: {file: companies.csv, units: {share: 成}}
""",
        ),
        intake,
    )
    assert found == [("dataset/unit", 4), ("dataset/unit", 4), ("dataset/unit", 5)]
    assert problems(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: Demo}
tables:
  companies: {file: companies.csv, currency: 贝壳}
""",
        ),
        intake,
    ) == [("dataset/value", 3)]


def test_a_manifest_states_the_currency_of_bare_amounts(tmp_path: Path, intake: Intake) -> None:
    found = intake(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: Demo}
tables:
  companies: {file: companies.csv, currency: 美元}
""",
            companies="企业名称,注册资本\n星禾示例公司,100\n云岫示例公司,100万元人民币\n",
        )
    )
    clean = pl.read_parquet(found.tables["companies"]).sort("name")
    assert clean.select("registered_capital_currency", "missing_reasons").rows() == [
        ("CNY", None),
        ("USD", "registered_capital=other_currency"),
    ]


def test_a_declared_header_row_is_found_however_far_down(tmp_path: Path, intake: Intake) -> None:
    title = "标题\n" * 40
    found = intake(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: Demo}
tables:
  companies:
    - {file: companies.csv, header_row: 41}
    - {file: two.csv, header_row: 42}
""",
            companies=title + "企业名称,地区\n星禾示例公司,深圳\n",
            two=title + "\n企业名称,资本,\n,注册资本(万元),实缴资本\n云岫示例公司,5,2万\n",
        )
    )
    clean = pl.read_parquet(found.tables["companies"]).sort("name")
    assert clean.select("name", "registered_capital").rows() == [
        ("云岫示例公司", pytest.approx(50_000)),
        ("星禾示例公司", None),
    ]


def test_holdings_write_cities_as_companies_do_and_find_their_company(tmp_path: Path, intake: Intake) -> None:
    found = intake(
        dataset(
            tmp_path,
            """\
dataset: {id: demo, label: Demo, as_of: 2026-06-01}
tables:
  companies: {file: companies.csv}
  holdings: {file: holdings.csv}
""",
            holdings="项目编号,企业名称,城市,投资金额,持股比例\nH1,星禾示例公司,深圳,500万元,12.5%\nH2,外部示例公司,杭州市,300万元,5%\n",
        )
    )
    holdings = pl.read_parquet(found.tables["holdings"])
    assert holdings.select("holding_id", "company_id", "city").rows() == [
        ("H1", "X1", "深圳市"),
        ("H2", None, "杭州市"),
    ]
