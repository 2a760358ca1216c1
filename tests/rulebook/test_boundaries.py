"""A pack stays in its folder, is made of regular files, and is of a bounded size. Nothing outside is read, so nothing travels on."""

from __future__ import annotations

import datetime
import os
import socket
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from screening import strict_yaml
from screening.cli.check import command
from screening.dataset.overrides import read_overrides
from screening.errors import DatasetError, Problem, RulesError
from screening.foreign_file import FileRefused, is_inside, open_file, read_file
from screening.rulebook import layers, loader
from screening.rulebook.cases import load_cases
from screening.rulebook.check import check_pack
from screening.rulebook.loader import load_pack
from screening.strict_yaml import MAX_NODES

AS_OF = datetime.date(2026, 1, 1)
HEAD = 'pack: {id: guest, version: "1", label: 客包, extends: innovative-sme-2022}\n'
MARKER = "parameters: {marker: {label: 标记, value: 1, set_by: fund}}\n"


def pack(folder: Path, text: str = HEAD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return folder


def codes(path: Path, *trusted: Path) -> set[str]:
    try:
        _, problems = check_pack(path, AS_OF, trusted)
    except RulesError as error:
        problems = list(error.problems)
    return {p.code for p in problems if p.is_error}


# --- special files ----------------------------------------------------------------------------------------------------


def special(kind: str, path: Path) -> None:
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as one:
            here = Path.cwd()
            os.chdir(path.parent)  # the name of a socket may have no more than 107 bytes
            try:
                one.bind(path.name)
            finally:
                os.chdir(here)


KINDS = pytest.mark.parametrize("kind", ["a pipe", "a device", "a socket"])
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")


@needs_pipes
@KINDS
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    special(kind, tmp_path / "x")
    with pytest.raises(FileRefused, match=f"{kind}, not a regular file"):
        read_file(tmp_path / "x", most=10)


@needs_pipes
@KINDS
@pytest.mark.parametrize("name", ["pack.yaml", "gates.yaml", "lexicon/1.yaml"])
def test_a_pack_of_special_files_is_refused_at_once(tmp_path: Path, kind: str, name: str) -> None:
    folder = pack(tmp_path / "guest")
    (folder / "lexicon").mkdir()
    (folder / name).unlink(missing_ok=True)
    special(kind, folder / name)
    assert codes(folder) & {"yaml/not-a-file", "pack/no-head"}


@needs_pipes
@KINDS
def test_a_special_file_as_the_pack_or_its_tables_is_refused(tmp_path: Path, kind: str) -> None:
    special(kind, tmp_path / "x.yaml")
    assert codes(tmp_path / "x.yaml") == {"yaml/not-a-file"}
    folder = pack(tmp_path / "guest", 'pack: {id: guest, version: "1", label: 客, tables: tables.yaml}\n')
    special(kind, folder / "tables.yaml")
    assert codes(folder) & {"yaml/not-a-file", "pack/outside"}


@needs_pipes
@KINDS
def test_a_special_file_as_catalogue_case_or_override_is_refused(tmp_path: Path, kind: str) -> None:
    text = HEAD + "catalogues: {c: {label: 目录, file: c.csv, column: code, set_by: fund}}\n"
    folder = pack(tmp_path / "guest", text)
    special(kind, folder / "c.csv")
    assert codes(folder) & {"catalogue/unreadable", "catalogue/not-found"}
    plain = pack(tmp_path / "plain")
    (plain / "cases").mkdir()
    special(kind, plain / "cases" / "a.yaml")
    with pytest.raises(RulesError, match=r"regular file|outside"):
        load_cases(load_pack(plain))
    for ending in ("csv", "yaml"):
        special(kind, tmp_path / f"o.{ending}")
        with pytest.raises(DatasetError, match="regular file"):
            read_overrides(tmp_path / f"o.{ending}")


# --- outside ----------------------------------------------------------------------------------------------------------


def test_a_link_out_of_the_packs_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere" / "secret.yaml"
    secret.parent.mkdir()
    secret.write_text(MARKER, encoding="utf-8")
    folder = pack(tmp_path / "packs" / "guest")
    (folder / "gates.yaml").symlink_to(secret)
    assert codes(folder) == {"yaml/not-a-file"}


def test_a_linked_folder_is_not_walked_into(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "gates.yaml").write_text(MARKER, encoding="utf-8")
    folder = pack(tmp_path / "packs" / "guest")
    (folder / "more").symlink_to(secret, target_is_directory=True)
    assert "marker" not in load_pack(folder).pack.parameters


def test_a_link_that_stays_in_the_folder_is_followed(tmp_path: Path) -> None:
    folder = pack(tmp_path / "guest")
    (folder / ".kept").mkdir()
    (folder / ".kept" / "own.yaml").write_text(MARKER, encoding="utf-8")
    (folder / "own.yaml").symlink_to(folder / ".kept" / "own.yaml")
    assert "marker" in load_pack(folder).pack.parameters


@pytest.mark.parametrize("named", ["absolute", "upwards", "link", "linked file"])
@pytest.mark.parametrize("key", ["extends", "tables"])
def test_a_pack_does_not_reach_for_what_lies_far_from_it(tmp_path: Path, named: str, key: str) -> None:
    far = pack(tmp_path / "elsewhere" / "secret", HEAD + MARKER)
    folder = tmp_path / "packs" / "guest"
    folder.mkdir(parents=True)
    target = far if key == "extends" else far / "pack.yaml"
    written = {
        "absolute": str(target),
        "upwards": os.path.relpath(target, folder),
        "link": "link",
        "linked file": "link.yaml",
    }[named]
    if named == "link":
        (folder / "link").symlink_to(target)
    if named == "linked file":
        (folder / "link.yaml").symlink_to(far / "pack.yaml")
    pack(folder, yaml.safe_dump({"pack": {"id": "guest", "version": "1", "label": "客", key: written}}))
    assert "pack/outside" in codes(folder)
    assert "pack/outside" not in codes(folder, tmp_path / "elsewhere")


def test_the_analysts_word_is_an_option(tmp_path: Path) -> None:
    far = pack(tmp_path / "elsewhere" / "base", HEAD + MARKER)
    guest = pack(
        tmp_path / "packs" / "guest", f'pack: {{id: guest, version: "1", label: 客, extends: "{far.as_posix()}"}}\n'
    )
    refused = CliRunner().invoke(command, [str(guest)])
    assert (refused.exit_code, "pack/outside" in refused.output) == (1, True)
    trusted = CliRunner().invoke(command, [str(guest), "--trust", str(far)])
    assert (trusted.exit_code, "pack/outside" in trusted.output) == (0, False)


def test_neighbours_and_the_rules_folder_may_be_extended(tmp_path: Path) -> None:
    pack(tmp_path / "rules" / "base", HEAD + MARKER)
    pack(tmp_path / "rules" / "beside")
    near = pack(tmp_path / "rules" / "a", 'pack: {id: a, version: "1", label: 甲, extends: ../base}\n')
    deep = pack(tmp_path / "rules" / "funds" / "b", 'pack: {id: b, version: "1", label: 乙, extends: ../../base}\n')
    assert all("marker" in load_pack(each).pack.parameters for each in (near, deep))


@pytest.mark.parametrize("written", ["../../elsewhere/codes.csv", "link.csv", "absolute", "a\0b", "x" * 5000])
def test_a_catalogue_outside_is_not_read(tmp_path: Path, written: str) -> None:
    secret = tmp_path / "elsewhere" / "codes.csv"
    secret.parent.mkdir()
    secret.write_text("code\nMARKER\n", encoding="utf-8")
    folder = pack(tmp_path / "packs" / "guest")
    (folder / "link.csv").symlink_to(secret)
    file = str(secret) if written == "absolute" else written
    body = {"label": "目录", "file": file, "column": "code", "set_by": "fund"}
    pack(folder, HEAD + yaml.safe_dump({"catalogues": {"c": body}}, allow_unicode=True))
    assert codes(folder) == {"catalogue/not-found"}


@pytest.mark.parametrize("written", ["a\0b", "x" * 5000, "~", "//", "CON", "..", "."])
@pytest.mark.parametrize("key", ["extends", "tables"])
def test_what_is_no_path_is_no_crash(tmp_path: Path, key: str, written: str) -> None:
    head = {"pack": {"id": "guest", "version": "1", "label": "客", key: written}}
    assert codes(pack(tmp_path / "guest", yaml.safe_dump(head))) & {
        "pack/not-found",
        "pack/outside",
        "pack/extends-itself",
        "schema/missing-key",
        "pack/no-head",
    }


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_a_file_just_over_its_limit_is_refused_and_one_at_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x" * 11)
    assert read_file(tmp_path / "x", most=11) == b"x" * 11
    with pytest.raises(FileRefused, match="11 bytes; the limit is 10"):
        read_file(tmp_path / "x", most=10)
    with open_file(tmp_path / "x") as stream:
        assert stream.read(3) == b"xxx"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no file here says that it is empty and is not")
def test_a_file_that_claims_to_be_empty_is_still_bounded() -> None:
    with pytest.raises(FileRefused, match="the limit is 10"):
        read_file(Path("/proc/self/maps"), most=10)


@pytest.mark.parametrize(("nodes", "refused"), [(MAX_NODES, False), (MAX_NODES + 1, True)])
def test_the_number_of_values_of_a_file_is_limited(nodes: int, refused: bool) -> None:
    text = "a: [" + ",".join("1" for _ in range(nodes - 3)) + "]"
    assert [p.code for p in strict_yaml.parse(text, "x").problems] == ["yaml/too-many-values"] * refused


def test_the_number_of_values_of_a_pack_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pack(tmp_path / "guest", HEAD.replace(", extends: innovative-sme-2022", "") + MARKER)
    values = len(strict_yaml.read(folder / "pack.yaml").values)
    monkeypatch.setattr(layers, "MAX_VALUES", values)
    assert "pack/too-large" not in codes(folder)
    monkeypatch.setattr(layers, "MAX_VALUES", values - 1)
    assert codes(folder) == {"pack/too-large"}


def test_a_folder_that_is_no_pack_is_not_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "iterdir", lambda _: pytest.fail("the folder was listed"))
    assert codes(tmp_path) == {"pack/no-head"}


def test_a_folder_with_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pack(tmp_path / "guest")
    (folder / "own.yaml").write_text(MARKER, encoding="utf-8")
    monkeypatch.setattr(layers, "MAX_ENTRIES", 1)
    assert codes(folder) == {"pack/too-many"}


def test_packs_on_top_of_each_other_have_an_end(tmp_path: Path) -> None:
    for number in range(layers.MAX_LAYERS):
        below = f"../p{number + 1}" if number + 1 < layers.MAX_LAYERS else "innovative-sme-2022"
        pack(tmp_path / f"p{number}", f'pack: {{id: p{number}, version: "1", label: 层, extends: {below}}}\n')
    assert codes(tmp_path / "p1") == set()
    assert "pack/too-many" in codes(tmp_path / "p0")


@pytest.mark.parametrize("rows", [50, 51])
def test_the_rows_of_a_catalogue_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(loader, "MAX_CATALOGUE_ROWS", 50)
    folder = pack(
        tmp_path / "guest", HEAD + "catalogues: {c: {label: 目录, file: c.csv, column: code, set_by: fund}}\n"
    )
    (folder / "c.csv").write_text("code\n" + "".join(f"{n}\n" for n in range(rows)), encoding="utf-8")
    assert ("catalogue/too-large" in codes(folder)) == (rows > 50)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 400, "9223372036854775808", "1e309"])
@pytest.mark.parametrize(
    "text",
    [
        "parameters: {p: {label: 参数, value: %s, set_by: fund}}",
        "verdict: {weights: {merit: %s}}",
        "criteria: {merit: {pillars: {innovation: {cap: %s}}}}",
        "classification: {lead: {within: %s}}",
        "facts: {f: {label: 事实, range: [0, %s], expr: '1'}}",
    ],
)
def test_a_number_without_end_is_refused_where_it_stands(tmp_path: Path, text: str, number: str) -> None:
    _, problems = check_pack(pack(tmp_path / "guest", HEAD + text % number + "\n"), AS_OF)
    found: list[Problem] = [p for p in problems if p.code == "yaml/number"]
    assert [p.position and p.position.line for p in found] == [2]


def test_a_quantity_without_end_is_refused_too(tmp_path: Path) -> None:
    value = "9" * 400 + "万元"
    found = codes(
        pack(tmp_path / "guest", HEAD + f"parameters: {{p: {{label: 参数, value: {value}, set_by: fund}}}}\n")
    )
    assert found & {"schema/incomplete", "schema/wrong-type", "schema/invalid"}


def test_inside_is_judged_after_links(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "circle").symlink_to(tmp_path / "in" / "circle")
    assert is_inside(tmp_path / "in" / "x", [tmp_path / "in"])
    assert not any(is_inside(tmp_path / "in" / each, [tmp_path / "in"]) for each in ("../x", "up/x", "a\0b"))
