"""Writes docs/rules-reference.md from the models, the functions and the tested snippets. Run: python -m docs.make_rules_reference

A test fails when the committed file is not what this writes.
"""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from screening.catalog import UNIT_LABELS, Label
from screening.expression import FUNCTIONS
from screening.quantity import Quantity
from screening.rulebook.cases import CaseFile
from screening.rulebook.editor import SAID_BETTER, SECTIONS
from screening.rulebook.functions import FUNCTION_KINDS
from screening.rulebook.model import RulePack
from screening.rulebook.scope import CLASSIFIED, PLACED, TOTALS
from tests.language.snippets import SHOWN, Snippet, snippets

HERE = Path(__file__).parent
TARGET = HERE / "rules-reference.md"
SEMANTICS = HERE / "rules-semantics.md"
HEAD = """\
# 规则语言参考 Reference of the rule language

<!-- 由 docs/make_rules_reference.py 生成,请勿手改。 Generated; do not edit. -->

先读 [rules/README.zh-CN.md](../rules/README.zh-CN.md)(十五分钟写出第一个规则包)。本文依次是:缺数据怎样算、每种写法一个可运行的
例子、函数与名称、每个键的说明。例子与这里印出的字句都由测试运行,不会过时。检查会报的每一条见 [rules-checks.md](rules-checks.md)。

Read [rules/README.md](../rules/README.md) first. Then: what missing data do, one runnable example of every construct, functions and names, every
key. All examples are run by the tests. What the check can say is listed in [rules-checks.md](rules-checks.md).
"""
_EXPRESSIONS = {
    "expr",
    "of",
    "where",
    "when",
    "fails_when",
    "applies_when",
    "not_applicable_when",
    "shortlist_when",
    "switch",
    "formula",
    "low",
    "high",
}
_HIDDEN = (Label, Quantity)


def reference() -> str:
    """Return the whole reference."""
    parts = [
        HEAD,
        SEMANTICS.read_text(encoding="utf-8").rstrip(),
        "## 每种写法一个例子 One example of every construct",
        _EXAMPLES_NOTE,
    ]
    parts += [_example(snippet) for snippet in snippets()]
    parts += [_functions(), _names(), _units(), "## 每个键 Every key", *_keys()]
    return "\n\n".join(parts) + "\n"


_EXAMPLES_NOTE = """\
`facts:`、`criteria:` 等是规则包里的顶层键;“criterion”表示写在 `criteria.<half>.pillars.<pillar>.criteria.<id>` 之下的一项(另加 `label` 与依据)。
案例放在规则包的 `cases/` 里,用 `screen test` 运行:`given` 写给定,`expect` 写预期;数表示已知,`[低, 高]` 表示仍未定。

`facts:`, `criteria:` and so on are top-level keys of a pack; a "criterion" is one body under `criteria.<half>.pillars.<pillar>.criteria.<id>`, which also
has `label` and its ground. Cases live in the pack's `cases/` and are run by `screen test`: a number means known, `[low, high]` still open."""

_CASES = """\
### `cases/*.yaml`

规则的测试,由 `screen test` 运行。事实可写值(`5%`)、`[低, 高]`、`missing`、`{missing: 原因}` 或 `not_applicable`;子表写出的行即全部的行,
没有写的表按 `absence`(缺省 `unknown`,与 `dataset.yaml` 相同)。`like` 沿用 `starting_points`,事实与列逐个覆盖,表整张覆盖。

Tests of rules, run by `screen test`. A fact is a value, `[low, high]`, `missing`, `{missing: reason}` or `not_applicable`; the rows written are all the
rows there are, and a table that is not written goes by `absence` (default `unknown`, as in `dataset.yaml`). `like` starts from one of `starting_points`:
facts and columns are replaced one by one, tables whole.

| code | |
|---|---|
| `case/unknown-name` | 规则包里没有这个名称。 The pack has no such name. |
| `case/value` | 写出的值不合类型。 The value does not fit its type. |
| `unit/mismatch` | 单位不同。 Another unit. |
| `case/no-date` | 没有基准日。 No `as_of`. |
| `case/edges` | `edges` 须恰写 points_of、gate、axis 之一。 Exactly one of the three. |
| `case/circle` | 起点互相沿用。 Starting points that start from each other. |"""

_BLOCKS = {
    "files": "文件 file",
    "base": "下层规则包 lower pack",
    "rules": "规则 rules",
    "criterion": "criterion",
    "cases": "案例 cases",
    "edges": "边界 edges",
}


def _example(snippet: Snippet) -> str:
    lines = [f"### {snippet.title}", "", snippet.text.strip()]
    for key in (*SHOWN, "cases", "edges"):
        if key in snippet.data:
            body = snippet.written(key)
            body = f"{key}:\n{_indented(body)}" if key in ("cases", "edges") else body
            lines += ["", f"{_BLOCKS[key]}:", "", "```yaml", body, "```"]
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.splitlines())


def _functions() -> str:
    rows = [
        "## 函数与名称 Functions and names",
        "",
        "| 函数 function | 结果 result | 单位 unit | |",
        "|---|---|---|---|",
    ]
    for function in FUNCTIONS.values():
        unit = "同参数 of its arguments" if function.unit is None else function.unit
        where = "只在子表的 where/of only in rows" if function.rows_only else ""
        rows.append(f"| `{function.usage}` | {function.result} | {unit} | {where} |")
    return "\n".join(rows)


def _names() -> str:
    rows = [
        "引擎给出的名称(事实与参数之外)。 Names that the engine gives, beside facts and parameters:",
        "",
        "| 名称 name | 类型 type | 取值 values | 何处可用 where |",
        "|---|---|---|---|",
        "| `as_of` | date | 基准日 date of knowledge | everywhere |",
        "| `entity_kind` | category | 主体类别 kind of entity | facts, gates, criteria, measures |",
        "| `in_direction` | boolean | 专利是否属于企业的主方向 patent in the company's direction | where/of over patents |",
    ]
    for names, where in (
        (CLASSIFIED, "facts.expr, stages, gates, criteria, measures"),
        (PLACED, "gates, criteria, measures"),
        (TOTALS, "verdict"),
    ):
        rows += [
            f"| `{n.id}` | {n.type} | {', '.join(n.values) or (n.unit if n.unit != 'none' else '')} | {where} |"
            for n in names.values()
        ]
    rows.append(
        "| 阶段轴 stage axes, e.g. `track` | category | 轴的取值 values of the axis | later axes, gates, criteria, measures, verdict |"
    )
    rows.append("| 维度与评分项编号 pillar and criterion ids | decimal | 得分 points | verdict |")
    return "\n".join(rows)


def _units() -> str:
    rows = ["| 单位 unit | 写法 written as |", "|---|---|"]
    written = {
        "cny": "500元 500万元 2亿元",
        "ratio": "5%",
        "years": "3年",
        "months": "36个月",
        "days": "90天",
        "persons": "20人",
        "count": "2项 3件 4次",
        "points": "60分",
    }
    rows += [f"| `{unit}` {zh} | {written.get(unit, '12')} |" for unit, (zh, _) in UNIT_LABELS.items()]
    return "\n".join(rows)


def _keys() -> list[str]:
    parts = []
    seen: set[type[BaseModel]] = set()
    for section, field in RulePack.model_fields.items():
        parts.append(f"### `{section}:`\n\n{SECTIONS.get(section, '')}")
        for model in _models(field.annotation):
            parts += _model(model, seen)
    parts.append(_CASES)
    parts += _model(CaseFile, seen)
    return parts


def _model(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[str]:
    """Return the table of a model and of the models that its keys hold, each once."""
    if model in seen or model in _HIDDEN:
        return []
    seen.add(model)
    lines = [
        f"#### {model.__name__}",
        "",
        (model.__doc__ or "").strip().splitlines()[0],
        "",
        "| 键 key | 类型 type | 缺省 default | 说明 |",
        "|---|---|---|---|",
    ]
    inner: list[type[BaseModel]] = []
    model.model_rebuild()  # A model whose fields name later ones is built where it is first used.
    for name, field in model.model_fields.items():
        key = field.alias or name
        text = SAID_BETTER.get((model.__name__, name)) or field.description or ""
        kind = _kind(field.annotation)
        kind = "表达式 expression" if key in _EXPRESSIONS and kind == "文字 text" else kind
        lines.append(f"| `{key}` | {kind} | {_default(field)} | {text} |")
        inner += _models(field.annotation)
    return ["\n".join(lines), *(part for m in inner for part in _model(m, seen))]


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "" if field.default_factory is not None else "必填 required"
    if field.default in (None, (), ""):
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [] if annotation in _HIDDEN else [annotation]
    return list(dict.fromkeys(m for a in typing.get_args(annotation) for m in _models(a)))


def _kind(annotation: Any) -> str:
    if annotation is None or annotation is type(None):
        return ""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _kind(arguments[0])
    if origin is typing.Literal:
        return " \\| ".join(f"`{a}`" for a in arguments)
    if origin in (typing.Union, types.UnionType):
        if set(FUNCTION_KINDS.values()) <= set(_models(annotation)):
            return "得分函数 scoring function"
        if any(_plain(a) is Quantity for a in arguments):
            return "数或参数 number or parameter" + ("" if bool not in arguments else " \\| true/false")
        return " \\| ".join(dict.fromkeys(k for a in arguments if (k := _kind(a))))
    if origin is dict:
        return f"编号 id → {_kind(arguments[1])}"
    if origin is tuple:
        return (
            f"列表 list: {_kind(arguments[0])}"
            if len(arguments) == 2 and arguments[1] is Ellipsis
            else f"[{', '.join(map(_kind, arguments))}]"
        )
    if isinstance(annotation, type):
        if annotation is Label:
            return "文字 text 或 {zh, en}"
        if issubclass(annotation, BaseModel):
            return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
        return {
            "str": "文字 text",
            "float": "数 number",
            "int": "整数 whole number",
            "bool": "true/false",
            "date": "日期 date",
        }.get(annotation.__name__, annotation.__name__)
    return "任意 any" if annotation is Any else str(annotation)


def _plain(annotation: Any) -> Any:
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is typing.Annotated else annotation


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
