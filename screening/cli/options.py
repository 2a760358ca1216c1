"""The options of the commands, each declared once."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screening.api import DEFAULT_MEMORY, DEFAULT_PACK

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]i?b)", re.IGNORECASE)


def day(value: str) -> datetime.date:
    """Read a date of the command line: 2024-09-14."""
    try:
        return datetime.date.fromisoformat(value.strip())
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a date; write year-month-day, for example 2024-09-14") from None


def size(value: str) -> str:
    """Read an amount of memory of the command line: 2GB, 512MB, 1.5GiB."""
    found = _SIZE.fullmatch(value.strip())
    if found is None or not float(found[1]):
        raise click.BadParameter(f"'{value}' is not a size; write a number and a unit, for example 2GB or 512MB")
    return f"{found[1]}{found[2]}"


PATH = click.Path(path_type=Path)
trusting = click.option(
    "--trust",
    "trusted",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="规则包可以引用的其他文件夹。 Another folder that the pack may refer to.",
)
"""The analyst's word for a folder outside the pack that `extends:` or `tables:` may name."""
of_run = click.option(
    "--run",
    "run_dir",
    type=click.Path(path_type=Path),
    help="运行文件夹;缺省为 reports/ 中最新一次。 Run folder; default: the newest in reports/.",
)
in_language = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language."
)
as_json_too = click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
with_rules = click.option(
    "--rules",
    default=DEFAULT_PACK,
    show_default=True,
    help="规则包:路径或自带包名。 Rule pack: a path or a shipped pack.",
)
on_data = click.option(
    "--data",
    type=PATH,
    help="数据文件、文件夹或 dataset.yaml;缺省为样例数据(与某次运行比较时为其数据表)。 "
    "Data; default: the sample, or the tables of the run compared with.",
)
at_date = click.option("--as-of", type=day, metavar="YYYY-MM-DD", help="数据基准日。 The date of knowledge.")
page_too = click.option("--html", type=PATH, help="同时写出可打印的 HTML。 Also write a page to print.")
with_threads = click.option("--threads", type=click.IntRange(1, 256), help="线程数。 Threads.")
within_memory = click.option(
    "--memory-limit",
    type=size,
    default=DEFAULT_MEMORY,
    show_default=True,
    help="数据库内存上限,如 2GB。 Memory limit of the database, such as 2GB.",
)
failing_on_change = click.option(
    "--fail-on-change",
    is_flag=True,
    help="有企业变动时退出码为 1(用于评审)。 Exit code 1 when a company stands elsewhere, for use in a review.",
)


def listing(default: int, least: int = 0) -> Callable[[Any], Any]:
    """Return the option of how many to list."""
    said = "列出几项。 How many to list."
    return click.option("--show", type=click.IntRange(least), default=default, show_default=True, help=said)
