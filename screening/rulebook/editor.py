"""JSON Schemas (draft 2020-12) from the models, so that an ordinary YAML editor completes and explains every key.

An editor checks one file while it is typed. A pack is spread over files and overlays state only what differs, so no key is
compulsory there, save in list entries, which are always written whole; `screen check` asks for the rest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from screening.rulebook.case_file import CaseFile
from screening.rulebook.model import RulePack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

SECTIONS: Mapping[str, str] = {
    "pack": "规则包是什么、依据哪份文件。 What the pack is and which document it encodes.",
    "tables": "数据表:粒度、键、列。 The tables it reads: grain, key, columns.",
    "clauses": "条款:编号与段落起首文字。 Clauses of the plan with their opening words.",
    "parameters": "参数:规则按名称引用的数值。 Numbers that rules refer to by name.",
    "catalogues": "目录文件。 Lists of codes kept in CSV files.",
    "domains": "重点领域及其方向。 Priority domains and their directions.",
    "lexicon": "词表:方向(或领域)编号: 词。 The words of each direction or domain.",
    "classification": "命中如何定级。 How hits become grades.",
    "places": "空间布局。 The province, its cities, and what the plan says of each.",
    "stages": "阶段轴。 Stage axes, tried from the top.",
    "facts": "事实:门槛和评分只看这里。 All that gates and criteria look at.",
    "gates": "门槛。 Knock-outs and cautions.",
    "risks": "风险:一种记录的事实、门槛、问题与提示写在一处。 Risks: fact, gate, question and message in one place.",
    "weights": "权重表:各半一张,每行一个维度或评分项,每列一个赛道。 Weights: one table a half, a row each pillar or criterion, a column each track.",
    "criteria": "评分:fit 契合度、merit 企业质量。 The two halves: fit and merit.",
    "deductions": "扣分,合计封顶。 Capped deductions.",
    "verdict": "结论:权重、入围条件、分级。 Weights, short list, tiers.",
    "crowding": "拥挤:何谓一个城市里一个方向太多。 When a direction in one city counts as crowded.",
    "peers": "同行比较:按哪些事实与同行相比。 Peers: by which facts a company is compared.",
    "measures": "可关注的措施。 Instruments of the plan worth a look.",
    "actions": "方案的行动。 The plan's actions.",
    "targets": "目标。 Numeric targets.",
    "combos": "标杆示范组合。 Demonstration combinations.",
    "ladder": "企业梯队。 The enterprise ladder.",
    "safeguards": "组织保障条款。 Clauses on organisation and monitoring.",
}
"""What each section of a pack is for."""

SAID_BETTER: Mapping[tuple[str, str], str] = {
    ("Threshold", "at_least"): "达到(≥)此值得分。 Points at this value and above.",
    ("Threshold", "above"): "超过(>)此值得分。 Points above this value.",
    ("Threshold", "at_most"): "不超过(≤)此值得分。 Points at this value and below.",
    ("Threshold", "below"): "低于(<)此值得分。 Points below this value.",
    ("Step", "id"): "这一段的编号。 Id of the step.",
    ("Step", "at_least"): "达到(≥)此分。 Reached from this many points.",
    ("Manifest", "dataset"): "数据集:编号、名称、数据日期。 The dataset: id, label, date of knowledge.",
    ("Manifest", "tables"): "标准表: 取自哪些文件。 Standard table: the files it comes from.",
    ("CaseFile", "defaults"): "本文件各案例共有的设定。 What all cases of the file share.",
}
"""Descriptions that the models leave to the name of the key."""

_NUMBER: Schema = {
    "description": "数,或带单位的数(5%、500万元、36个月)。 A number, alone or with its unit.",
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": r"^\s*-?[0-9][0-9,]*(\.[0-9]+)?\s*[%％A-Za-z\u4e00-\u9fff]{1,7}\s*$"},
    ],
}
_PARAMETER: Schema = {
    "type": "string",
    "pattern": r"^[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*$",
    "description": "参数编号。 The id of a parameter.",
}
_FUNCTIONS = "得分函数:写 bands、lookup、cases 等其中一种。 A scoring function: one of bands, lookup, cases and so on."


def pack_schema() -> Schema:
    """Return the schema of every file of a pack: any sections, in any order."""
    schema = schema_of(RulePack, "规则包 Rule pack", partial=True)
    for section, described in SECTIONS.items():
        schema["properties"][section]["description"] = described
    return schema


def cases_schema() -> Schema:
    """Return the schema of the files in `cases/`."""
    return schema_of(CaseFile, "规则包案例 Cases of a rule pack")


def schema_of(model: type[BaseModel], title: str, *, partial: bool = False) -> Schema:
    """Return the schema of one model. `partial`: keys are not compulsory but in entries of lists."""
    raw = model.model_json_schema()
    definitions = raw.pop("$defs", {})
    whole = set(_list_entries(raw)) | {entry for d in definitions.values() for entry in _list_entries(d)}
    for name, definition in definitions.items():
        _describe(name, definition)
        if partial and name not in whole:
            definition.pop("required", None)
        definitions[name] = _told(definition)
    if "Quantity" in definitions:
        definitions["Quantity"] = _NUMBER
    if "Label" in definitions:
        definitions["Label"] = {
            "description": definitions["Label"].get("description", ""),
            "anyOf": [{"type": "string", "description": "只写中文。 Chinese only."}, definitions["Label"]],
        }
    _describe(model.__name__, raw)
    if partial:
        raw.pop("required", None)
    return {
        "$schema": DRAFT,
        "title": title,
        **{k: v for k, v in _told(raw).items() if k != "title"},
        "$defs": definitions,
    }


def text_of(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _list_entries(schema: Any) -> Iterator[str]:
    """Yield the definitions that stand directly in lists, scoring functions left out: an overlay may state parts of those."""
    if isinstance(schema, dict):
        reference = schema.get("items", {}).get("$ref", "") if isinstance(schema.get("items"), dict) else ""
        if reference:
            yield reference.rpartition("/")[2]
        for value in schema.values():
            yield from _list_entries(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _list_entries(value)


def _describe(name: str, definition: Schema) -> None:
    for key, property_ in definition.get("properties", {}).items():
        if (name, key) in SAID_BETTER:
            property_["description"] = SAID_BETTER[name, key]


def _told(schema: Schema) -> Schema:
    """Return a schema without machine-made titles and empty defaults, with numbers and functions as a person writes them."""
    told: Schema = {}
    if "default" in schema and schema["default"] is None and "anyOf" in schema:
        # A key that may be left out need not be written empty; one alternative less makes an editor's message exact.
        options = [option for option in schema["anyOf"] if option != {"type": "null"}]
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        schema = {**options[0], **rest} if len(options) == 1 else {**rest, "anyOf": options}
    for key, value in schema.items():
        if key == "title" or (key == "default" and value in (None, "", [], {})):
            continue
        if key == "default" and isinstance(value, dict) and "text" in value and "unit" in value:
            told[key] = value["value"]
        elif key == "properties":
            told[key] = {name: _told(inner) for name, inner in value.items()}
        elif key in ("anyOf", "oneOf"):
            told["anyOf"] = [_told(option) for option in _alternatives(value)]
            if key == "oneOf":
                told.setdefault("description", _FUNCTIONS)
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            told[key] = _told(value)
        elif key == "prefixItems":
            told[key] = [_told(item) for item in value]
        elif key != "discriminator":
            told[key] = value
    return told


def _alternatives(options: list[Schema]) -> list[Schema]:
    """Beside a number, a text can only be the id of a parameter."""
    has_number = any(option.get("$ref", "").endswith("/Quantity") for option in options)
    return [_PARAMETER if has_number and option == {"type": "string"} else option for option in options]
