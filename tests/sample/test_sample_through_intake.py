"""Intake reads the sample as it was meant: behind every odd cell the truth is known, and it must come out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from screening.dataset import Dataset, ingest
from screening.rulebook.loader import load_pack

if TYPE_CHECKING:
    from pathlib import Path

Made = tuple[dict[str, bytes], Any]

# Flaws after which a value cannot be told, or is told with less precision.
LOST = {
    "established_on": {
        "date_month_only",
        "date_unknown_word",
        "date_machine_zero",
        "date_in_the_future",
        "date_before_1949",
        "date_missing",
    },
    "registered_capital": {"capital_missing", "capital_foreign_currency", "yuan_in_wan_column"},
    "status": {"status_missing"},
}
WORDS = {
    "存续": "active",
    "筹建": "preparing",
    "歇业": "dormant",
    "停业": "dormant",
    "清算中": "closing",
    "责令关闭": "closing",
    "除名": "cancelled",
    "迁出": "moving",
    "迁往市外": "moving",
    "迁移异地": "moving",
}


@pytest.fixture(scope="module")
def dataset(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    pack = load_pack(sample.parent / "rules" / "guangdong-2024").pack
    return ingest(sample, pack.tables, pack.geography, None, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def read(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """Company name, brackets folded and forms joined → the clean row."""
    rows = pl.read_parquet(dataset.tables["companies"]).iter_rows(named=True)
    return {folded(row["name"]): row for row in rows}


def folded(name: str) -> str:
    return name.replace("（", "(").replace("）", ")").replace("有限责任公司", "有限公司")


def lost(made: Made, column: str) -> set[str]:
    return {row for flaw, _, row, *_ in made[1].flaws if flaw in LOST[column]}


def named(firms: list[Any], made: Made) -> list[Any]:
    nameless = {row for flaw, _, row, *_ in made[1].flaws if flaw == "name_missing"}
    return [firm for firm in firms if firm.name not in nameless]


def test_the_manifest_is_accepted_and_says_what_the_data_is(dataset: Dataset) -> None:
    assert str(dataset.as_of) == "2026-06-30"
    assert dataset.as_of_basis == "dataset"
    assert dataset.synthetic
    assert dataset.fund is not None
    assert dataset.absence["risk_events"] == "zero"
    assert dataset.absence["financials"] == "unknown"


def test_nothing_is_lost(dataset: Dataset) -> None:
    for table, count in dataset.rows.items():
        assert count.read == count.clean + count.set_aside, table


def test_every_named_company_is_there_once(firms: list[Any], made: Made, read: dict[str, Any]) -> None:
    names = [folded(firm.name) for firm in named(firms, made)]
    assert len(set(names)) == len(names)
    assert set(names) <= read.keys()


def test_every_duplicate_and_every_row_without_a_name_is_set_aside(dataset: Dataset, made: Made) -> None:
    seeded = Counter(flaw for flaw, *_ in made[1].flaws)
    reasons = dataset.rows["companies"].set_aside_by_reason
    assert reasons["duplicate"] == sum(count for flaw, count in seeded.items() if flaw.startswith("duplicate_"))
    assert reasons["repeated_header"] == seeded["header_repeated"]
    assert reasons["no_name"] + reasons.get("total_row", 0) >= seeded["name_missing"] + seeded["total_row"]


def test_every_capital_spelling_means_its_amount(firms: list[Any], made: Made, read: dict[str, Any]) -> None:
    unclear = lost(made, "registered_capital")
    for firm in named(firms, made):
        if firm.capital is not None and firm.name not in unclear:
            cell = read[folded(firm.name)]["registered_capital"]
            assert cell is not None, firm.name
            assert float(cell) == firm.capital, firm.name


def test_foreign_capital_keeps_its_currency_and_is_no_yuan_amount(firms: list[Any], read: dict[str, Any]) -> None:
    foreign = [firm for firm in firms if firm.currency != "人民币"]
    assert len(foreign) == 4
    codes = {"美元": "USD", "港元": "HKD", "欧元": "EUR", "日元": "JPY"}
    for firm in foreign:
        row = read[folded(firm.name)]
        assert row["registered_capital_currency"] == codes[firm.currency]
        assert row["registered_capital"] is None


def test_every_date_spelling_means_its_day(firms: list[Any], made: Made, read: dict[str, Any]) -> None:
    unclear = lost(made, "established_on")
    for firm in named(firms, made):
        if firm.name not in unclear:
            assert read[folded(firm.name)]["established_on"] == firm.established, firm.name


def test_every_city_of_the_province_is_found(firms: list[Any], made: Made, read: dict[str, Any]) -> None:
    for firm in named(firms, made):
        if firm.province == "广东省":
            row = read[folded(firm.name)]
            assert row["city"] == firm.city, (firm.name, row["address"])


def test_every_status_word_is_understood(firms: list[Any], made: Made, read: dict[str, Any]) -> None:
    unclear = lost(made, "status")
    for firm in named(firms, made):
        status = read[folded(firm.name)]["status"]
        if firm.name in unclear:
            assert status is None, firm.name
        elif firm.status in WORDS:
            assert status == WORDS[firm.status], firm.name
        else:
            assert status == ("revoked" if "吊销" in firm.status and "已注销" not in firm.status else "cancelled")


def test_codes_are_normalised_and_unusable_ones_do_not_become_ids(
    firms: list[Any], made: Made, read: dict[str, Any]
) -> None:
    mended = {
        row for flaw, _, row, *_ in made[1].flaws if flaw in {"code_lower_case", "code_with_spaces", "code_full_width"}
    }
    unusable = {
        row
        for flaw, _, row, *_ in made[1].flaws
        if flaw in {"code_as_excel_number", "code_missing", "code_is_registration_number"}
    }
    for firm in named(firms, made):
        row = read[folded(firm.name)]
        if firm.name in mended:
            assert row["uscc"] == firm.uscc
        if firm.name in unusable and firm.file == "registry":
            assert row["company_id"].startswith("n-")


def test_orphans_and_later_events_are_set_aside_and_names_are_resolved(dataset: Dataset, made: Made) -> None:
    orphans = Counter(file.removesuffix(".csv") for flaw, file, *_ in made[1].flaws if flaw == "child_without_company")
    for table, count in orphans.items():
        assert dataset.rows[table].set_aside_by_reason["no_company"] == count, table
    later = sum(flaw == "dated_after_the_data" for flaw, *_ in made[1].flaws)
    assert dataset.rows["milestones"].set_aside_by_reason["after_as_of"] == later


def test_accounts_in_ten_thousands_become_yuan(firms: list[Any], dataset: Dataset) -> None:
    revenue = {
        (row["company_id"], row["fiscal_year"]): row["revenue"]
        for row in pl.read_parquet(dataset.tables["financials"]).iter_rows(named=True)
    }
    parks = [firm for firm in firms if firm.file == "parks" and firm.rows["financials"]]
    assert len(parks) >= 10
    for firm in parks:
        for row in firm.rows["financials"]:
            assert float(revenue[firm.key, row["fiscal_year"]]) == pytest.approx(row["revenue"], abs=51), firm.name
