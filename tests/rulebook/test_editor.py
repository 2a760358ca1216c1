"""The schemas that editors use: judged by an independent validator on every pack, and on broken ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from screening import strict_yaml
from screening.api import schemas
from screening.rulebook.editor import SECTIONS, text_of
from screening.rulebook.functions import FUNCTION_KINDS
from screening.rulebook.model import RulePack

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules"
PACK_FILES = sorted(p for p in RULES.rglob("*.yaml") if "cases" not in p.parts)
CASE_FILES = sorted(p for p in RULES.rglob("*.yaml") if "cases" in p.parts)
MISTAKES = Path(__file__).parent / "check" / "mistakes"
SCHEMAS = schemas()
POINTER = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def refusals(schema: str, data: Any) -> list[str]:
    """Return where the validator refuses something, as dotted paths."""
    validator = Draft202012Validator(SCHEMAS[schema], format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [".".join(map(str, error.absolute_path)) for error in validator.iter_errors(data)]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("file", PACK_FILES, ids=short)
def test_every_file_of_every_pack_is_valid_by_itself(file: Path) -> None:
    assert refusals("pack.schema.json", strict_yaml.read(file).data) == []


@pytest.mark.parametrize("file", CASE_FILES, ids=short)
def test_every_file_of_cases_is_valid(file: Path) -> None:
    assert refusals("cases.schema.json", strict_yaml.read(file).data) == []


@pytest.mark.parametrize("file", sorted((ROOT / "sample_data").rglob("dataset.yaml")), ids=short)
def test_every_manifest_is_valid(file: Path) -> None:
    assert refusals("dataset.schema.json", strict_yaml.read(file).data) == []


@pytest.mark.parametrize(
    ("mistake", "place"),
    [
        ("02-wrong-indent", "gates.effect"),
        ("03-typo-in-key", "gates.few_staff"),
        ("05-code-without-quotes", "lexicon.二(一)1.industries.1"),
    ],
)
def test_what_an_editor_can_see_of_the_mistakes_it_marks(mistake: str, place: str) -> None:
    assert refusals("pack.schema.json", strict_yaml.read(MISTAKES / f"{mistake}.yaml").data) == [place]


GATE = {"label": "甲", "fails_when": "x", "effect": "warn", "on_unknown": "ignore", "set_by": "fund", "message": "提示"}
BROKEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown section": ("pack", {"gate": {}}, ""),
    "a version without quotes": ("pack", {"pack": {"id": "a", "version": 2024.1}}, "pack.version"),
    "an effect that does not exist": ("pack", {"gates": {"g": {**GATE, "effect": "rejct"}}}, "gates.g.effect"),
    "a date that is none": ("pack", {"gates": {"g": {**GATE, "effective_from": "soon"}}}, "gates.g.effective_from"),
    "a number in full words": (
        "pack",
        {"parameters": {"p": {"value": "five hundred thousand yuan"}}},
        "parameters.p.value",
    ),
    "a band without points": (
        "pack",
        {"deductions": {"items": {"d": {"score": {"of": "x", "bands": [{"from": 1}]}}}}},
        "deductions.items.d.score",
    ),
    "a function that does not exist": (
        "pack",
        {"deductions": {"items": {"d": {"score": {"percentile": 1}}}}},
        "deductions.items.d.score",
    ),
    "a range of one": ("pack", {"facts": {"f": {"range": [0]}}}, "facts.f.range"),
    "a case that expects an unknown outcome": (
        "cases",
        {"cases": [{"name": "甲", "expect": {"outcome": "short_listed"}}]},
        "cases.0.expect.outcome",
    ),
    "a table that comes from nowhere": (
        "dataset",
        {"dataset": {"id": "d", "label": "甲"}, "tables": {"companies": 3}},
        "tables.companies",
    ),
}


@pytest.mark.parametrize(("schema", "data", "place"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_at_its_place(schema: str, data: dict[str, Any], place: str) -> None:
    assert refusals(f"{schema}.schema.json", data) == [place]


@pytest.mark.parametrize("value", [5, 0.05, "5%", "500万元", "36个月", "1,000元", "-50%", "oldest", "最长月数"])
def test_numbers_are_written_as_the_language_reads_them(value: object) -> None:
    assert refusals("pack.schema.json", {"parameters": {"p": {"value": value}}}) == []


# --- documentation ---------------------------------------------------------------------------------------------------


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every key of a schema with its name."""
    for name, definition in [("", schema), *schema["$defs"].items()]:
        for option in [definition, *definition.get("anyOf", [])]:
            for key, property_ in option.get("properties", {}).items():
                yield f"{name}.{key}", property_


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described_in_both_languages(name: str) -> None:
    for key, property_ in properties(SCHEMAS[name]):
        described = property_.get("description", "")
        assert re.search(r"[\u4e00-\u9fff]", described), key
        assert re.search(r"[A-Za-z]", described), key


def test_every_section_says_what_it_is_for() -> None:
    assert set(SECTIONS) == set(RulePack.model_fields)


def test_every_scoring_function_is_offered_and_described() -> None:
    score = SCHEMAS["pack.schema.json"]["$defs"]["Criterion"]["properties"]["score"]
    offered = [option["$ref"].rpartition("/")[2] for option in score["anyOf"]]
    assert sorted(offered) == sorted(model.__name__ for model in FUNCTION_KINDS.values())
    assert all(
        re.search(r"[\u4e00-\u9fff]", SCHEMAS["pack.schema.json"]["$defs"][name]["description"]) for name in offered
    )


# --- the copies beside the packs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_copy_is_current(name: str) -> None:
    assert (RULES / "schema" / name).read_text(encoding="utf-8") == text_of(SCHEMAS[name]), "run: screen schema"


@pytest.mark.parametrize("file", [*PACK_FILES, *CASE_FILES], ids=short)
def test_a_file_points_to_its_schema_in_its_first_line(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    pointer = POINTER.fullmatch(first)
    assert pointer is not None, first
    wanted = "cases.schema.json" if file in CASE_FILES else "pack.schema.json"
    assert (file.parent / pointer[1]).resolve() == RULES / "schema" / wanted
