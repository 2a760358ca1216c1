"""Writes docs/dataset-reference.md from the models, the standard tables and the vocabularies. Run: python -m docs.make_dataset_reference

With `--check` it writes nothing and fails when the committed page is another; a test does the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from docs.make_rules_reference import _model
from screening import dataset
from screening.catalog import UNIT_LABELS, Parser, Table
from screening.dataset.manifest import Fund, Manifest
from screening.resources import shipped
from screening.strict_yaml import read

if TYPE_CHECKING:
    from pydantic import BaseModel

HERE = Path(__file__).parent
TARGET = HERE / "dataset-reference.md"
HEAD = """\
# 数据清单与标准表 Reference of dataset.yaml and the tables

<!-- 由 docs/make_dataset_reference.py 生成,请勿手改。 Generated; do not edit. -->

`dataset.yaml` 的每个键、标准表的每一列、读入的方法(`parse`)、类别列认得的写法。格子怎样读成数、日期、金额,见 [reading-files.zh-CN.md](reading-files.zh-CN.md)。

Every key of `dataset.yaml`, every column of the standard tables, how a column is read (`parse`), and the words that a column of categories knows. How cells become numbers, dates and
amounts: [reading-files.md](reading-files.md).

```yaml
dataset: {id: my-companies, label: 我的企业, as_of: 2025-06-30}
tables:
  companies: {file: 企业名单.xlsx, sheet: 名单, columns: {name: 申报单位}, units: {registered_capital: 万元}}
  risk_events: {file: 风险.csv, absence: zero, searched_on: 2025-06-20}
  financials: [{file: 利润表.xlsx}, {file: 资产负债表.xlsx}]
```

`screen inspect FOLDER --save dataset.yaml` 起草一份。 drafts one."""
PARSERS: dict[str, str] = {
    "credit_code": "十八位统一社会信用代码,校验位须对;否则不作编号。 An 18-character credit code whose check digit holds; else it identifies nobody.",
    "industry": "国民经济行业分类的代码或名称(GB/T 4754)。 A code or name of GB/T 4754.",
    "currency": "币种的写法,见下。 A currency, see the words below.",
    "status": "登记状态的写法,见下。 A state of registration, see the words below.",
    "city": "地级以上市;认不出时看地址。 A prefecture-level city; the address decides where the cell names none.",
    "district": "区县,用来推出城市。 A district; the city follows from it.",
    "date": "日期;日月先后由整列决定。 A date; the whole column decides between day and month first.",
    "capital": "金额,可带单位与币种,负数无效。 An amount with its unit and currency; never below 0.",
    "percent": "比例:12.5%、0.125,或表头写 % 的 12.5。 A share: 12.5%, 0.125, or 12.5 below a header with %.",
    "headcount": "人数:35人、1.2万人;30-50人、50人以上取下限并计数;只有上限(少于50人)不用。 A number of persons; of a range the lower end, counted; an upper end alone is not used.",
}
"""What a parser reads that is no vocabulary; the others are told by their words."""
MOST_WORDS = 14


def reference() -> str:
    """Return the whole page."""
    seen: set[type[BaseModel]] = set()
    tables = read(shipped("rules") / "standard" / "company.yaml", "company.yaml").data["tables"]
    parts = [HEAD, "## 每个键 Every key of dataset.yaml", *_model(Manifest, seen), "## fund.yaml", *_model(Fund, seen)]
    parts += ["## 标准表 The standard tables", _TABLES]
    parts += [_table(table_id, Table.model_validate(body)) for table_id, body in tables.items()]
    return "\n\n".join([*parts, _parsers(), *_words()]) + "\n"


_TABLES = """\
表头按常见写法自动对应(折叠全半角、空格与大小写);不在其列的用 `columns:` 对应。`必需` 的列缺了,整张表不可用。

Headers are matched by the usual names (width, blanks and case folded); others are mapped with `columns:`. Without a required column the table is of no use."""


def _table(table_id: str, table: Table) -> str:
    rows = [
        f"### `{table_id}` {table.label.zh} {table.label.en}",
        "",
        f"{table.grain.zh}。 {table.grain.en}. 键 key: {', '.join(f'`{key}`' for key in table.key)}",
        "",
        "| 列 column | | 类型 type | 读法 parse | 表头 headers |",
        "|---|---|---|---|---|",
    ]
    for column_id, column in table.columns.items():
        label = f"{column.label.zh} {column.label.en}" if column.label else ""
        unit = f", {UNIT_LABELS[column.unit][0]}" if column.unit != "none" else ""
        made = f"由 {column.derived_from} 推得 derived" if column.derived_from else ""
        headers = "、".join(h for h in column.headers if h != column_id)[:160].replace("|", "\\|")
        required = "(必需 required)" if column.required else ""
        rows.append(f"| `{column_id}` | {label}{required} | {column.type}{unit} | {column.parse or made} | {headers} |")
    return "\n".join(rows)


def _content() -> dict[str, Any]:
    return read(shipped_words(), "vocabularies.yaml").data


def shipped_words() -> Path:
    """Return the file of the vocabularies."""
    return Path(str(dataset.__file__)).parent / "vocabularies.yaml"


def _parsers() -> str:
    content = _content()
    rows = [
        "## 读法 Parsers",
        "",
        "`parse:` 只写在数据表定义里。 Written in the definition of a table.",
        "",
        "| parse | |",
        "|---|---|",
    ]
    for parser in get_args(Parser):
        told = PARSERS.get(parser)
        if told is None:
            assert parser in content, f"say in PARSERS what '{parser}' reads"
            told = f"下面 `{parser}` 的写法。 The words of `{parser}` below."
        rows.append(f"| `{parser}` | {told} |")
    return "\n".join(rows)


def _words() -> list[str]:
    parts = [
        "## 认得的写法 Accepted words",
        "格子整格相符才算(可带年份、批次、省名、“认定”等);前面有 非、未、无、拟、解除、历史 等的不算。自己的写法写在 `synonyms:`。\n\n"
        "A cell counts as a whole (with at most a year, a batch, a province, 认定 round it), and not behind a negation. Words of your own go into `synonyms:`.",
    ]
    for name, section in _content().items():
        if not isinstance(section, dict) or name in ("past", "national"):
            continue
        rows = [f"### `{name}`", "", "| 取值 value | 写法 words |", "|---|---|"]
        for value, words in section.items():
            shown = "、".join(str(word) for word in words[:MOST_WORDS]).replace("|", "\\|").replace("<", "\\<")
            more = f" …(共 {len(words)} 种 of {len(words)})" if len(words) > MOST_WORDS else ""
            rows.append(f"| `{value}` | {shown}{more} |")
        parts.append("\n".join(rows))
    return parts


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == reference() else f"{TARGET.name} is not current")
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
