"""The standard tables, a small geography and a short way to run intake on files made for one test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from screening.catalog import Table
from screening.dataset import Dataset, ingest
from screening.geography import CityNames, Geography
from screening.strict_yaml import read

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent / "examples"
TODAY = date(2026, 6, 30)

# How long an example takes says nothing here: the machine is shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Intake = Callable[..., Dataset]


def examples(name: str) -> list[Any]:
    """Read a table of examples."""
    loaded: list[Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def tables() -> dict[str, Table]:
    document = read(ROOT / "rules" / "standard" / "company.yaml")
    assert not document.problems
    return {name: Table.model_validate(body) for name, body in document.data["tables"].items()}


@pytest.fixture(scope="session")
def geography() -> Geography:
    return Geography(
        "广东省",
        (
            CityNames("广州市", "4401", ("广州开发区",), ("天河区", "黄埔区", "增城区", "白云区")),
            CityNames("深圳市", "4403", ("深汕特别合作区", "深汕", "前海合作区"), ("南山区", "宝安区", "龙华区")),
            CityNames("珠海市", "4404", ("横琴", "横琴粤澳深度合作区"), ("香洲区", "斗门区")),
            CityNames("佛山市", "4406", (), ("南海区", "顺德区")),
            CityNames("汕尾市", "4415", (), ("城区", "海丰县", "陆丰市")),
            CityNames("东莞市", "4419", ("松山湖",), ()),
            CityNames("中山市", "4420", (), ()),
        ),
    )


@pytest.fixture
def intake(tmp_path: Path, tables: dict[str, Table], geography: Geography) -> Intake:
    """Run intake on a file or folder; every run gets its own work folder."""
    runs = 0

    def run(source: Path, as_of: date | None = None, **options: Any) -> Dataset:
        nonlocal runs
        runs += 1
        return ingest(
            source,
            options.get("tables", tables),
            options.get("geography", geography),
            as_of,
            tmp_path / f"work{runs}",
            today=TODAY,
        )

    return run
