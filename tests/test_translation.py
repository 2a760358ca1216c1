"""Every problem that the program can tell is told in Chinese and English, and the catalogue holds no sentence that nobody says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screening.cli import main
from screening.cli.console import problem_record, rendered
from screening.errors import Position, Problem
from screening.run.verify import STATED, STATED_WITHOUT_DATA
from screening.strict_yaml import parse
from screening.translation import PHRASES, PLACE, SHARED, USAGE, catalogue, chinese, pattern, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent / "screening"
CODE = re.compile(r"[a-z]+/[a-z][a-z-]*")
ANY = "§"
"""Stands for whatever an expression in a sentence gives."""
HAN = re.compile(r"[\u4e00-\u9fff]")
SEVERITIES = {"error", "warning", "notice"}
COMPOSED = "<"
ASSEMBLED = {
    "'{rule}' uses '{name}'{through!}: {what!} is never scored; lifted by this pack",
    "'{rule}': {what!} is never scored; lifted by this pack",
    "known: none, it is no category",
    " (through also in {rule})",
}
"""Sentences put together from parts; the trials below and those of the rooms say them."""


def sentences(node: ast.expr, known: Mapping[str, list[ast.expr]], depth: int = 0) -> list[str]:
    """Return what a text in the source can say, with `ANY` for its expressions; what is composed elsewhere gives `<`."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values):
            said = [""]
            for part in values:
                if isinstance(part, ast.FormattedValue):
                    inner = sentences(part.value, known, depth + 1) if isinstance(part.value, ast.IfExp) else [ANY]
                    said = [a + (ANY if b.startswith(COMPOSED) else b) for a in said for b in inner]
                elif isinstance(part, ast.Constant):
                    said = [a + str(part.value) for a in said]
            return said
        case ast.IfExp(body=one, orelse=other):
            return [*sentences(one, known, depth), *sentences(other, known, depth)]
        case ast.BoolOp(values=parts):
            return [text for part in parts for text in sentences(part, known, depth)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [
                a + (ANY if b.startswith(COMPOSED) else b)
                for a in sentences(left, known, depth)
                for b in sentences(right, known, depth)
            ]
        case ast.Name(id=name) if name in known and depth < 2:
            return [text for value in known[name] for text in sentences(value, known, depth + 1)]
    return [COMPOSED]


def origins() -> Iterator[tuple[str, str, str]]:
    """Yield (place, code, sentence) of everything that stands beside a code in a call."""
    for file in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Module)):
            own = [n for n in _inside(function) if isinstance(n, ast.Assign | ast.Call)]
            known: dict[str, list[ast.expr]] = {}
            for made in own:
                if isinstance(made, ast.Assign):
                    for target in made.targets:
                        if isinstance(target, ast.Name):
                            known.setdefault(target.id, []).append(made.value)
            for call in (n for n in own if isinstance(n, ast.Call)):
                given = [*call.args, *(k.value for k in call.keywords if k.arg in ("message", "remedy"))]
                codes = [t for a in call.args[:2] for t in sentences(a, known) if CODE.fullmatch(t)]
                for argument in given if codes else ():
                    for text in sentences(argument, known):
                        if (
                            text not in SEVERITIES
                            and not CODE.fullmatch(text)
                            and re.search("[a-z]{2}", text)
                            and not text.startswith(COMPOSED)
                        ):
                            yield f"{file.relative_to(ROOT.parent)}:{call.lineno}", codes[0], text


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of functions inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def is_told(code: str, text: str) -> bool:
    """`policy/lifted-input` says the sentence of `policy/forbidden-input` and more: its shape is known only when it runs."""
    if code == "policy/lifted-input" and text == f"{ANY}; lifted by this pack":
        return True
    if chinese(code, text) or chinese(code, f"{ANY}: {text}"):
        return True
    return any(pattern(phrase).fullmatch(text) for phrase in catalogue()[PHRASES])


def test_every_sentence_beside_a_code_has_its_chinese() -> None:
    lacking = [f"{place} {code}: {text}" for place, code, text in origins() if not is_told(code, text)]
    assert not lacking, "\n".join(lacking)


TOLD = {"phrase": "terminal", "Finding": "terminal", "UsageError": USAGE, "BadParameter": USAGE}
"""What tells people something on the terminal, and where its Chinese stands."""


def told_sentences() -> Iterator[tuple[str, str, str]]:
    """Yield (place, section, sentence) of everything that a command says beside problems."""
    for file in sorted(ROOT.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(call.func, "attr", getattr(call.func, "id", "")) if isinstance(call, ast.Call) else ""
            if name == "Finding" and file.parent.name != "run":
                continue
            if isinstance(call, ast.Call) and name in TOLD:
                given = [*call.args, *(k.value for k in call.keywords if k.arg == "detail")]
                for text in (text for argument in given for text in sentences(argument, {})):
                    if re.search("[a-z]{2}", text) and not text.startswith(COMPOSED):
                        yield f"{file.relative_to(ROOT.parent)}:{call.lineno}", TOLD[name], text


def test_everything_that_a_command_says_has_its_chinese() -> None:
    lacking = [
        f"{place}: {text}"
        for place, section, text in told_sentences()
        if not any(pattern(sentence).fullmatch(text) for sentence in catalogue()[section])
    ]
    assert not lacking, "\n".join(lacking)


def test_what_verify_only_repeats_has_its_chinese() -> None:
    lacking = [text for text in (*STATED, *STATED_WITHOUT_DATA) if chinese("terminal", text) is None]
    assert not lacking


def test_a_command_says_nothing_past_the_catalogue() -> None:
    """What is shown is a phrase, a value or a name: no English sentence stands in a command by itself."""
    bare = [
        f"{file.name}:{call.lineno}: {text}"
        for file in sorted((ROOT / "cli").glob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in ("say", "show", "print")
        for argument in call.args
        for text in sentences(argument, {})
        if re.search("[a-z]{3,} [a-z]{2,}", text) and not text.startswith(COMPOSED)
    ]
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize(
    ("line", "zh"),
    [
        (["check", "--foo"], "没有选项 --foo"),
        (["sql", "--run", "x"], "没有选项 --run,相近的有"),
        (["check", "a", "b"], "多出一个参数(b)"),
        (["verify"], "缺少参数 RUN"),
        (["run", "--top", "many"], "--top 的值不可用:many 不是整数"),
        (["run", "--as-of", "31.12.2024"], "--as-of 的值不可用:31.12.2024 不是日期,请写年-月-日,如 2024-09-14"),
        (["compare", "x"], "请给两至五家企业,现有 1 家"),
        (["chekc"], "没有命令 chekc,是否想写 check?"),
    ],
)
def test_a_slip_of_the_command_line_is_told_in_the_language_asked_for(
    line: list[str], zh: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, has, lacks in (("zh", zh, "Error:"), ("en", "Error:", zh)):
        monkeypatch.setattr("sys.argv", ["screen", *line, "--lang", lang])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert ended.value.code == 2
        assert has in said
        assert lacks not in said


def test_every_code_has_its_section_and_no_section_is_of_a_code_that_nobody_says() -> None:
    said = {
        found.group()
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := CODE.fullmatch(node.value))
    }
    held = {section for section in catalogue() if section not in (SHARED, PHRASES, USAGE, "terminal")}
    made = {code for code in held if code.split("/")[0] in ("dataset", "fund", "gold", "override", "yaml", "catalogue")}
    assert {code for _, code, _ in origins()} <= held
    assert held - made <= said


def test_no_sentence_is_stale() -> None:
    """A sentence is said where a code stands, or each of its pieces stands in the source; three letters or fewer say nothing."""
    spoken: dict[str, set[str]] = {}
    for _, code, text in origins():
        spoken.setdefault(code, set()).add(text)
    source = "\n".join(
        node.value
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    stale = [
        f"{section}: {english}"
        for section, pairs in catalogue().items()
        for english in pairs
        if english not in ASSEMBLED
        and section not in ("terminal", USAGE)
        and not any(pattern(english).fullmatch(text) for text in spoken.get(section, ()))
        and any(
            len(p.strip("' ,;:.()[]")) > 3 and p.strip("' ,;:.()[]") not in source for p in PLACE.split(english)[::3]
        )
    ]
    assert not stale, "\n".join(stale)


def test_both_languages_have_the_same_places_and_the_chinese_is_chinese() -> None:
    for section, pairs in catalogue().items():
        for english, translated in pairs.items():
            places = {name for name, _ in PLACE.findall(english)}
            used = {name for name, _ in PLACE.findall(translated)}
            assert used <= places, (section, english)
            assert HAN.search(translated), (section, english)


def test_no_sentence_is_a_place_alone() -> None:
    """It would fit whatever is said under its code, advice too, and give English back as Chinese."""
    assert not [(code, said) for code, pairs in catalogue().items() for said in pairs if PLACE.fullmatch(said)]


BROKEN = (
    *("a: b: c", "a:\n  b: 1\n c: 2", "a: [1, 2", "a: {b: 1", "a: 'x", "- a\nb: 1", 'a: "\\q"', "a\nb: 1", "a: @x"),
    *(
        "a: 1\n---\nb: 2",
        "a:\n- 1\nb\n",
        "a: [1 2]: x",
        "a: >x\n b",
        "a: \x01",
        "a: %x",
        "%bad\n---\na: 1",
        "{a: 1, b}}",
    ),
    *(
        "a: &x 1",
        "a: !t 1",
        "a: ]",
        "- a",
        "a: 9999999999999999999",
        "a:\n\tb: 1",
        "a：1\nb: 2",
        "a: 1\na: 2",
        "{[1]: 2}",
    ),
)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_yaml_is_told_in_chinese_alone(text: str) -> None:
    [problem] = parse(text, "a.yaml").problems
    for said in told(problem, "zh"):
        assert HAN.search(said)
        assert not re.search("[a-z]{3,} [a-z]{2,}", said), said


@pytest.mark.parametrize(
    ("code", "message", "zh"),
    [
        ("schema/unknown-key", "unknown key 'lable' in 'gates.few'", "不认识的键“lable”(在“gates.few”处)"),
        ("schema/unknown-key", "unknown key 'lable'", "不认识的键“lable”"),
        (
            "schema/wrong-type",
            "'per_unit' must be a number, not '100万元'",
            "“per_unit”应为数,而不是 '100万元'",
        ),
        (
            "policy/lifted-input",
            "'city' uses 'city' (through a → b): a promise to reinvest locally (返投) is never scored; lifted by this pack",
            "“city”用到“city”(经由 a → b):返投承诺从不计分;本规则包已声明解除",
        ),
        ("data/no-connection", "x (URL): no server answers (URL)", "x (URL):无法连接数据库:no server answers(URL)"),
        ("dataset/no-file", "there is no file '员工's.csv'", "没有文件“员工's.csv”"),
        ("yaml/duplicate-key", "duplicate key 'effect'", "键“effect”在同一层出现两次"),
        ("expression/not-allowed", "the operator == cannot stand in an expression", "运算符“==” 不能出现在表达式中"),
        ("yaml/unreadable", "cannot read the file: No such file or directory", "无法读取文件:没有这个文件或文件夹"),
        (
            "data/open-dates",
            "a.xlsx: 5 dates of '成立日期' are not read: day and month cannot be told apart",
            "a.xlsx:“成立日期”有 5 个日期没有读出:分不清月与日",
        ),
    ],
)
def test_a_sentence_keeps_what_it_names(code: str, message: str, zh: str) -> None:
    assert told(Problem(code, message), "zh")[0] == zh
    assert told(Problem(code, message), "en")[0] == message


def test_the_terminal_shows_chinese_first_and_english_below_unless_one_is_asked_for() -> None:
    problem = Problem("data/empty-file", "a.csv is empty", Position("a.csv"), "check the path")
    assert rendered(problem, None).splitlines() == [
        "a.csv: data/empty-file: a.csv 是空文件",
        "        a.csv is empty",
        "        = 请核对路径",
        "        = check the path",
    ]
    assert rendered(problem, "zh").splitlines() == ["a.csv: data/empty-file: a.csv 是空文件", "        = 请核对路径"]
    assert rendered(problem, "en").splitlines() == [
        "a.csv: data/empty-file: a.csv is empty",
        "        = check the path",
    ]
    assert problem_record(problem)["message_zh"] == "a.csv 是空文件"


def test_a_sentence_without_chinese_is_told_as_it_is() -> None:
    assert chinese("data/empty-file", "something else") is None
    assert told(Problem("no/such-code", "something else", remedy="x"), "zh") == ("something else", "x")


@pytest.mark.parametrize(
    ("code", "english", "expected"),
    [("schema/wrong-type", "write a number, 5%, or 500万元", "请写数、5% 或 500万元")],
)
def test_a_sentence_that_stands_whole_comes_before_one_with_a_place(code: str, english: str, expected: str) -> None:
    assert chinese(code, english) == expected
