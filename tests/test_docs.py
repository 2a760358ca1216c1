"""The documentation, held to the program: commands, options, outcomes, exit codes, links, and every column of the result."""

from __future__ import annotations

import hashlib
import math
import re
import shlex
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl
import pytest

from screening.cli import COMMANDS, group
from screening.cli.console import Exit
from screening.result import contract
from screening.rulebook.check.never_scored import NEVER_SCORED
from tests.run.shared import sample_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
SKIPPED = {"node_modules", "build", "dist"}
PAGES = sorted(
    p.relative_to(ROOT).as_posix()
    for p in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in SKIPPED for part in p.relative_to(ROOT).parts)
)
CONTRACT = (ROOT / "docs" / "result-contract.md").read_text(encoding="utf-8")

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"^(?:py(?:thon)? -m screening|screen)\s+(.*)$")


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def command_lines(page: str) -> Iterator[list[str]]:
    """Arguments of each `screen …` in the code blocks and code spans of a page."""
    text = text_of(page)
    codes = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    codes += _SPAN.findall(_FENCE.sub("", text))
    for code in codes:
        for part in code.split("&&"):
            found = _COMMAND.match(part.strip())
            if found:
                yield shlex.split(found[1].split(" #")[0], posix=False)


def options_of(command: click.Command) -> set[str]:
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help", "-h"}


def command_of(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert found is not None, f"there is no command `screen {name}`"
    return found


# --- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES)
def test_every_command_of_a_page_exists_with_its_options(document: str) -> None:
    for arguments in command_lines(document):
        if not arguments or not re.match(r"[a-z]+$", arguments[0]):
            continue
        command = command_of(arguments[0])
        used = {a.split("=")[0] for a in arguments[1:] if a.startswith("-") and len(a) > 1}
        assert used <= options_of(command), f"`screen {' '.join(arguments)}`"
        # An argument that may be given many times (`compare A B C`) has nargs -1 and takes whatever stands there.
        taken = [p.nargs for p in command.params if isinstance(p, click.Argument)]
        places = math.inf if -1 in taken else sum(taken)
        bare = (
            len(arguments)
            - 1
            - len(used)
            - sum(1 for p in command.params if isinstance(p, click.Option) and not p.is_flag and used & set(p.opts))
        )
        any_number = any(isinstance(p, click.Argument) and p.nargs == -1 for p in command.params)
        assert any_number or bare <= places, (
            f"`screen {' '.join(arguments)}` gives more arguments than the command takes"
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_had(command: str) -> None:
    assert command_of(command).help


@pytest.mark.parametrize("document", READMES)
def test_readme_names_every_command(document: str) -> None:
    named = {arguments[0] for arguments in command_lines(document) if arguments} | set(_SPAN.findall(text_of(document)))
    assert set(COMMANDS) - named == set()


@pytest.mark.parametrize("document", READMES)
def test_readme_explains_every_option_of_run(document: str) -> None:
    rows = re.findall(r"^\| `(--[a-z-]+)", text_of(document), re.MULTILINE)
    assert set(rows) == options_of(command_of("run")) - {"--help", "-h"}


@pytest.mark.parametrize("document", READMES)
def test_readme_tells_the_defaults_of_run(document: str) -> None:
    rows = dict(
        re.findall(r"^\| `(--[a-z-]+)[^|]*(?:\\\|[^|]*)*\|[^|]*\| ([^|]*) \|$", text_of(document), re.MULTILINE)
    )
    for parameter in command_of("run").params:
        told = [rows[o] for o in parameter.opts if o in rows]
        if told and isinstance(parameter.default, str | int | Path) and not isinstance(parameter.default, bool):
            assert str(parameter.default) in told[0], parameter.opts


@pytest.mark.parametrize("document", READMES)
def test_readme_starts_with_the_two_commands_and_a_picture(document: str) -> None:
    assert _FENCE.findall(text_of(document))[0].split("\n")[:2] == ["pip install .", "screen run"]
    assert text_of(document).index("docs/images/report.png") < text_of(document).index("\n## ")


@pytest.mark.parametrize("document", READMES)
def test_readme_tells_exit_codes_outcomes_and_gate_words(document: str) -> None:
    codes = re.findall(r"^\| (\d) \|", text_of(document), re.MULTILINE)
    assert [int(c) for c in codes] == [e.value for e in Exit]
    outcomes = re.findall(r"^\| [^`|]*`([a-z_]+)` \|", text_of(document), re.MULTILINE)
    assert set(contract.OUTCOMES) <= set(outcomes)


def test_both_readmes_name_the_same_things() -> None:
    one, other = (
        {c for c in _SPAN.findall(text_of(p)) if re.fullmatch(r"[\w./-]+", c) and c.isascii()} for p in READMES
    )
    assert one ^ other <= {"?", "basis", "yes"}, sorted(one ^ other)


def test_readme_lists_as_many_inputs_never_scored_as_the_check_refuses() -> None:
    section = text_of("README.md").split("## What is never scored")[1].split("`check` refuses")[0]
    words = {
        "reinvestment": "reinvest",
        "relocation": "relocate",
        "return_concession": "concessions",
        "registered_address": "registered address",
        "ownership": "ownership",
        "personal_trait": "sex, age",
        "subscribed_capital": "subscribed capital",
        "raw_patent_count": "patents",
        "subsidies": "subsidies",
        "name_only_direction": "only in the name",
        "keyword_strength": "keyword hits",
        "analyst_notes": "notes",
        "fund_affiliation": "affiliation",
        "missingness": "missing",
        "same_fact_twice": "twice",
    }
    assert set(words) == {entry.id for entry in NEVER_SCORED}
    flat = " ".join(section.split())
    assert [i for i, word in words.items() if word not in flat] == []


def test_the_company_of_the_readme_is_in_the_sample() -> None:
    asked = {a[1] for page in READMES for a in command_lines(page) if a and a[0] == "explain" and len(a) > 1}
    names = (ROOT / "sample_data" / "companies_pipeline.csv").read_text(encoding="utf-8-sig")
    assert asked
    assert [name for name in asked if name not in names] == []


# --- links and pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES)
def test_relative_links_lead_somewhere(document: str) -> None:
    for target in _LINK.findall(_FENCE.sub("", text_of(document))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / document).parent / path if path else ROOT / document
        assert found.exists(), f"{document}: {target}"
        if anchor and found.suffix == ".md":
            heads = {
                re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-")
                for h in re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            }
            assert anchor in heads, f"{document}: {target}"


def test_pictures_are_small_enough_to_read_over_a_slow_line() -> None:
    pictures = sorted((ROOT / "docs" / "images").glob("*"))
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > 300_000] == []


def test_every_picture_is_used() -> None:
    pages = "".join(text_of(p) for p in PAGES)
    assert [p.name for p in (ROOT / "docs" / "images").glob("*") if f"images/{p.name}" not in pages] == []


def test_sample_report_is_whole_fictional_and_offline() -> None:
    folder = ROOT / "reports" / "sample"
    report = (folder / "report.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'href="([^"#:]+)"', report))
    assert len(linked) == 3, "two dossiers, and the report in its other language"
    for page in (folder / name for name in ("report.html", *linked)):
        html = page.read_text(encoding="utf-8")
        assert ("Fictional sample data" if page.name.endswith(".en.html") else "虚构示例数据") in html
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_every_decision_is_listed() -> None:
    index = text_of("docs/adr/README.md")
    decisions = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert decisions
    for number, path in enumerate(decisions, start=1):
        assert path.name.startswith(f"{number:04d}-"), "decisions are numbered without gaps"
        text = path.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert title.startswith(f"{number}. ")
        assert f"[{title}]({path.name})" in index
        assert re.findall(r"^\*\*(Context|Decision|Consequences)\.\*\*", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_architecture_lists_the_floors_as_they_are_held() -> None:
    text = text_of("docs/architecture.md")
    layers = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [room for layer in layers for room in re.findall(r"screening\.(\w+)", layer)]
    rows = "\n".join(re.findall(r"^\| \d \|.*$", text, re.MULTILINE))
    assert [room for room in rooms if f"screening/{room}`" not in rows and f"`{room}`" not in rows] == []
    assert [
        room for room in rooms if not any((ROOT / "screening" / name).exists() for name in (room, f"{room}.py"))
    ] == []


@pytest.mark.parametrize("document", [p for p in PAGES if p.startswith(("docs/architecture", "docs/adr/"))])
def test_files_that_a_page_names_are_there(document: str) -> None:
    named = [
        name for name in _SPAN.findall(text_of(document)) if re.fullmatch(r"[\w./-]+\.(?:py|sql|toml|j2|yaml|md)", name)
    ]
    roots = (ROOT, ROOT / "screening", ROOT / "screening" / "report", ROOT / "screening" / "engine" / "sql")
    own = {"dataset.yaml", "pack.yaml"}
    assert [n for n in named if n not in own and not any((root / n).exists() for root in roots)] == []


# --- the result contract ---------------------------------------------------------------------------------------------


def sections() -> Mapping[str, tuple[str, str]]:
    """Relation → its grain and its section, as the page has them."""
    parts = re.split(r"^## ", CONTRACT, flags=re.MULTILINE)
    heads = [re.match(r"`(\w+)`: (.*)\n", part) for part in parts]
    return {m[1]: (m[2], part) for m, part in zip(heads, parts, strict=True) if m}


def documented(relation: str) -> dict[str, str]:
    """Column → the type of its row in the relation's table. An ending such as `.low` continues the name before it."""
    columns: dict[str, str] = {}
    for names, kind in re.findall(r"^\| (`.*?) \| (.*?) \| .*\|$", sections()[relation][1], re.MULTILINE):
        stem = ""
        for name in re.findall(r"`([^`]+)`", names):
            whole = stem + name if name.startswith(".") else name
            stem = whole.rpartition(".")[0]
            columns[whole] = kind
    return columns


def test_contract_page_has_the_relations_in_their_order() -> None:
    assert list(sections()) == [r.name for r in (*contract.RELATIONS, *contract.ANSWERS)]
    listed = re.search(r"in its order \(([\w, ]+)\)", CONTRACT)
    assert listed is not None
    assert listed[1].split(", ") == [r.name for r in contract.RELATIONS if r.digested]


@pytest.mark.parametrize("relation", (*contract.RELATIONS, *contract.ANSWERS), ids=lambda r: r.name)
def test_contract_page_names_grain_key_and_every_column_with_its_type(relation: contract.Relation) -> None:
    grain, section = sections()[relation.name]
    assert re.split(r"[;:,(]", relation.grain)[0].strip() in grain
    assert f"Key `{', '.join(relation.key)}`" in section
    columns = documented(relation.name)
    assert {name: columns.get(name) for name, _ in relation.columns} == dict(relation.columns)
    endings = re.findall(r"<[^;, ]+|\.\w+", relation.open_columns)
    assert [e for e in endings if not any(c.endswith(e) for c in columns)] == []


def test_contract_page_names_every_id_of_the_vocabularies() -> None:
    rows = dict(re.findall(r"^\| \*([\w ]+)\* \| (.*) \|$", CONTRACT, re.MULTILINE))
    for name, ids in {
        "outcome": contract.OUTCOMES,
        "grade": contract.GRADES,
        "gate status": contract.GATE_STATUSES,
        "missing reason": contract.MISSING_REASONS,
        "state": contract.STATES,
        "place grade": contract.PLACE_GRADES,
    }.items():
        assert set(re.findall(r"`(\w+)`", rows[name])) == set(ids)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    """A run on the sample: its folder and manifest."""
    done = sample_run(tmp_path_factory.getbasetemp())
    return done.run_dir, done.manifest


def test_every_column_of_a_run_is_on_the_contract_page(finished: tuple[Path, Mapping[str, Any]]) -> None:
    for relation in (*contract.RELATIONS, *contract.ANSWERS):
        known = [re.compile(re.sub(r"<\w+>", "[^.]+", name.replace(".", r"\."))) for name in documented(relation.name)]
        columns = pl.read_parquet_schema(finished[0] / "result" / f"{relation.name}.parquet")
        assert [c for c in columns if not any(k.fullmatch(c) for k in known)] == []
        assert [c for c, kind in columns.items() if kind.is_float()] == []


def test_every_key_of_the_manifest_is_on_the_contract_page(finished: tuple[Path, Mapping[str, Any]]) -> None:
    section = CONTRACT.split("## `manifest.json`")[1].split("\n## ")[0]
    keys = [k for names in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for k in re.findall(r"`(\w+)`", names)]
    assert sorted(keys) == sorted(finished[1])


def test_digest_can_be_computed_from_its_specification_alone(finished: tuple[Path, Mapping[str, Any]]) -> None:
    run_dir, manifest = finished
    said = ["specification 2"]
    for relation in (r for r in contract.RELATIONS if r.digested):
        frame = pl.read_parquet(run_dir / "result" / f"{relation.name}.parquet")
        names = sorted(frame.columns)
        rows = sorted(frame.iter_rows(named=True), key=lambda row: [(row[k] is not None, row[k]) for k in relation.key])
        lines = [f"column {n} {sha256_of([written(row[n]) for row in rows])}" for n in names]
        said.append(f"relation {relation.name} {sha256_of(lines)}")
    assert sha256_of(said) == manifest["result_digest"]


def sha256_of(lines: list[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def written(value: object) -> str:
    """A value as the specification writes it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return str(value).lower()
    # Python writes a zero of many places as 0E-10.
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    for raw, escaped in (("\\", "\\\\"), ("\r", "\\r"), ("\n", "\\n")):
        text = text.replace(raw, escaped)
    return text
