"""Throw changed packs, expressions, files and run folders at the program and look for a broken promise (docs/safety.md).

    python -m benchmarks.fuzz --minutes 60 [--kind packs] [--seed 1] [--keep FOLDER]

A promise is broken when a command ends in a fault of the program or by a signal, takes longer than `--seconds`, or when a file
appears outside `--out`. Every finding is printed with its seed and what it ran; `--keep` keeps its inputs. Exit code 1 with findings.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import polars as pl

from screening.cli import main as screen
from screening.store import VARIABLE

BATCH = 15
PACK = Path(__file__).parents[1] / "tests" / "run" / "packs" / "small"
NAME = "样例甲脑机科技有限公司"
HEAD = "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围,员工人数"
ROWS = (
    f"{NAME},,2025-01-02,500万元,深圳,脑机接口设备研发、制造,60",
    '样例乙餐饮有限公司,,2019/3/4,"1,200万元",广州市,餐饮服务,3',
    '"样例丙""引号""有限公司",,2020年5月6日,,珠海,"销售,脑机接口设备",',
)
MANIFEST = "dataset: {id: fuzz, label: 试验}\ntables:\n  companies:\n    files:\n      - {file: companies.csv}\n    absence: unknown\n"

NASTY = (
    "../../outside/marker", "{outside}/marker", "..", ".", "/", "\\\\host\\share", "C:\\marker", "con", "nul", "a/b", "a\\b", "~", "",
    "'; SELECT 1; --", '"; COPY x TO "marker', "read_csv('{outside}/secret.txt')", "companies", "ranking", "Companies", "profile", "main.x",
    "\u202e", "\x1b[2J", "\u200b", "\ufeff", "\ud7ff", "名" * 300, "=1+1", "＝1+1", "{{7*7}}", "</script>", "[", "(a+)+$", "(?<=a)b", "(" * 60,
    "1e400", "-1e400", ".inf", ".nan", "-0", "9" * 60, "0x1F", "1_000", "null", "true", "yes", "!!python/object:os.system", "&a [*a]", "*a",
    "<<: *a", "2025-02-30", "9999-12-31", "0000-00-00", "十万亿", "not not staff", "staff / 0", "staff ** staff", "case when", "null = null",
)  # fmt: skip
WORDS = (
    *("staff", "staff_count", "name", "fit_grade", "age_months", "as_of", "null", "true", "0", "1", "-1", "1e30", "0.1", "'a'", "''"),
    *("and", "or", "not", "in", "between", "is", "is null", "+", "-", "*", "/", "=", "<>", ">=", "<", "(", ")", ","),
    *("abs", "coalesce", "case", "when", "then", "else", "end", "count", "sum", "max", "round", "least", "length", "lower"),
)  # fmt: skip


@dataclass(frozen=True)
class Sandbox:
    """`inside` holds the inputs, `out` is where runs go, `outside` must stay as it is."""

    root: Path

    @property
    def inside(self) -> Path:
        return self.root / "inside"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def outside(self) -> Path:
        return self.root / "outside"


@dataclass(frozen=True)
class Broken:
    """A promise that did not hold."""

    arguments: list[str]
    what: str


def prepare(root: Path) -> Sandbox:
    """Lay out a fresh sandbox: the small pack, a table, a manifest, and something outside that must stay."""
    sandbox = Sandbox(root)
    shutil.rmtree(root, ignore_errors=True)
    for folder in (sandbox.inside, sandbox.out, sandbox.outside):
        folder.mkdir(parents=True)
    shutil.copytree(PACK, sandbox.inside / "pack")
    (sandbox.inside / "companies.csv").write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
    (sandbox.outside / "secret.txt").write_text("a,b\n1,2\n", encoding="utf-8")
    return sandbox


def tree(root: Path, without: Path) -> dict[str, tuple[int, int]]:
    """Every entry below `root` but those of one folder, with size and time of change."""
    found = {}
    for path in root.rglob("*"):
        if without not in (path, *path.parents):
            status = path.lstat()
            found[str(path.relative_to(root))] = (
                0 if path.is_dir() else status.st_size,
                0 if path.is_dir() else status.st_mtime_ns,
            )
    return found


def ended(sandbox: Sandbox, seconds: float, *arguments: object) -> tuple[int, Broken | None]:
    """Run one command in this process; return its exit code and the promise it broke."""
    words = [str(a) for a in arguments]
    before, started, code = tree(sandbox.root, sandbox.out), time.monotonic(), 0
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        mock.patch.object(sys, "argv", ["screen", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            screen()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        except BaseException as error:
            return 3, Broken(words, f"it raised {error!r}")
    err.flush()
    said = err.buffer.getvalue().decode(errors="replace")
    took = time.monotonic() - started
    if "program/fault" in said or "Traceback" in said:
        lines = [line for line in said.splitlines() if line.strip()]
        return code, Broken(words, "a fault of the program: " + " | ".join(lines[-6:])[-900:])
    if took > seconds:
        return code, Broken(words, f"it took {took:.1f} s")
    after = tree(sandbox.root, sandbox.out)
    if before != after:
        changed = sorted(set(before.items()) ^ set(after.items()))[:4]
        return code, Broken(words, f"files outside --out changed: {changed}")
    return code, None


def nasty(dice: random.Random, sandbox: Sandbox) -> str:
    return dice.choice(NASTY).replace("{outside}", sandbox.outside.as_posix())


def edited(text: str, dice: random.Random, sandbox: Sandbox) -> str:
    """Change a text at one to four places: lines, words, numbers, characters."""
    for _ in range(dice.randint(1, 4)):
        lines = text.split("\n")
        at = dice.randrange(len(lines))
        line = lines[at]
        match dice.randrange(8):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, line)
            case 2:
                other = dice.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                head, colon, _ = line.partition(":")
                lines[at] = f"{head}{colon} {nasty(dice, sandbox)}"
            case 4:
                indent = line[: len(line) - len(line.lstrip())]
                lines[at] = f"{indent}{json.dumps(nasty(dice, sandbox), ensure_ascii=False)}:{line.partition(':')[2]}"
            case 5:
                words = line.split(" ")
                words[dice.randrange(len(words))] = nasty(dice, sandbox)
                lines[at] = " ".join(words)
            case 6:
                place = dice.randrange(len(line) + 1)
                lines[at] = line[:place] + dice.choice("\0\x1b\u202e\"'{}[]:#&*!|>%@`,，\t\\") + line[place:]
            case _:
                lines = lines[: dice.randrange(len(lines)) + 1]
        text = "\n".join(lines)
    return text


def flipped(content: bytes, dice: random.Random) -> bytes:
    """Change a binary file: bits, cuts, a piece twice."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                data[at] = dice.choice((0, 0x7F, 0xFF))
            case 2:
                data[at:at] = data[at : at + dice.randrange(64)]
            case _:
                del data[at : at + dice.randrange(1, 64)]
        if not data:
            return b""
    return bytes(data)


def packs(sandbox: Sandbox, dice: random.Random, seconds: float) -> list[Broken]:
    """A changed pack, checked, tried and run."""
    file = dice.choice(sorted((sandbox.inside / "pack").glob("*.yaml")))
    file.write_text(edited(file.read_text(encoding="utf-8"), dice, sandbox), encoding="utf-8", errors="replace")
    return all_of(
        sandbox,
        seconds,
        ("check", file.parent),
        ("run", "--rules", file.parent, "--data", sandbox.inside / "companies.csv", "--out", sandbox.out, "--quiet"),
        ("sql", "--rules", file.parent),
    )


def expressions(sandbox: Sandbox, dice: random.Random, seconds: float) -> list[Broken]:
    """An expression of random words in a fact, a gate and a verdict."""
    file = sandbox.inside / "pack" / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    for old in ("staff_count > 1000", "fit >= 60 and merit >= 50", "expr: staff,"):
        if dice.random() < 0.6:
            words = " ".join(dice.choice(WORDS) for _ in range(dice.randint(1, 14)))
            told = json.dumps(words)
            text = text.replace(old, f"expr: {told}," if old.startswith("expr") else told)
    file.write_text(text, encoding="utf-8")
    return all_of(
        sandbox,
        seconds,
        ("check", file.parent),
        ("run", "--rules", file.parent, "--data", sandbox.inside / "companies.csv", "--out", sandbox.out, "--quiet"),
    )


def readers(sandbox: Sandbox, dice: random.Random, seconds: float) -> list[Broken]:
    """A changed data file of every form, and a changed manifest."""

    table = sandbox.inside / "companies.csv"
    source: Path
    match dice.randrange(5):
        case 0:
            table.write_text(
                edited(table.read_text(encoding="utf-8"), dice, sandbox), encoding="utf-8", errors="replace"
            )
            source = table
        case 1:
            table.write_bytes(
                flipped(table.read_text(encoding="utf-8").encode(dice.choice(("utf-8", "gb18030", "utf-16"))), dice)
            )
            source = table
        case 2:
            source = sandbox.inside / "companies.parquet"
            pl.read_csv(table, infer_schema=False).write_parquet(source)
            source.write_bytes(flipped(source.read_bytes(), dice))
        case 3:
            source = sandbox.inside / "companies.xlsx"
            pl.read_csv(table, infer_schema=False).write_excel(source)
            source.write_bytes(flipped(source.read_bytes(), dice))
        case _:
            manifest = sandbox.inside / "dataset.yaml"
            manifest.write_text(edited(MANIFEST, dice, sandbox), encoding="utf-8", errors="replace")
            source = sandbox.inside
    return all_of(
        sandbox,
        seconds,
        ("inspect", source, "--rules", sandbox.inside / "pack"),
        ("run", "--rules", sandbox.inside / "pack", "--data", source, "--out", sandbox.out, "--quiet"),
    )


def runs(sandbox: Sandbox, dice: random.Random, seconds: float) -> list[Broken]:
    """A finished run with one changed file, put to every command that opens runs."""
    pack = sandbox.inside / "pack"
    _, broken = ended(
        sandbox,
        seconds,
        "run",
        "--rules",
        pack,
        "--data",
        sandbox.inside / "companies.csv",
        "--out",
        sandbox.out,
        "--quiet",
    )
    if broken is not None:
        return [broken]
    [made] = sandbox.out.iterdir()
    run = sandbox.inside / "run"
    shutil.move(made, run)
    file = dice.choice(sorted(p for p in run.rglob("*") if p.is_file()))
    content = file.read_bytes()
    if file.suffix in (".json", ".yaml", ".csv", ".html") and dice.random() < 0.7:
        file.write_text(edited(content.decode(), dice, sandbox), encoding="utf-8", errors="replace")
    else:
        file.write_bytes(flipped(content, dice))
    changed = file.read_bytes() != content
    found = all_of(
        sandbox,
        seconds,
        ("explain", NAME, "--run", run),
        ("terms", "--run", run),
        ("plan", "--rules", pack, "--against", run),
        *([("verify", file)] if file.suffix == ".html" else []),
    )
    code, broken = ended(sandbox, seconds, "verify", run)
    if broken is None and code == 0 and changed:
        broken = Broken(["verify", str(file.relative_to(run))], "a changed run passes")
    return [*found, *([broken] if broken else [])]


KINDS = {"packs": packs, "expressions": expressions, "readers": readers, "runs": runs}


def all_of(sandbox: Sandbox, seconds: float, *commands: tuple[object, ...]) -> list[Broken]:
    """Run commands one after the other; return what they broke."""
    return [broken for _, broken in (ended(sandbox, seconds, *arguments) for arguments in commands) if broken]


def worker(kind: str, seed: int, count: int, root: Path, seconds: float, keep: Path | None) -> None:
    """Try seeds and print one line of JSON for each: before it begins, and what it broke."""
    os.environ[VARIABLE] = str(root.parent / "cache")
    for number in range(seed, seed + count):
        print(json.dumps({"begins": number}), flush=True)
        sandbox = prepare(root)
        for broken in KINDS[kind](sandbox, random.Random(f"{kind}-{number}"), seconds):
            print(json.dumps({"seed": number, "arguments": broken.arguments, "what": broken.what}), flush=True)
            if keep is not None:
                shutil.copytree(sandbox.inside, keep / f"{kind}-{number}", dirs_exist_ok=True, symlinks=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--kind", choices=sorted(KINDS), action="append")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seconds", type=float, default=60, help="most that one command may take")
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--worker", nargs=3, metavar=("KIND", "COUNT", "FOLDER"), help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.worker:
        kind, count, folder = chosen.worker
        worker(kind, chosen.seed, int(count), Path(folder), chosen.seconds, chosen.keep)
        return
    until, seed, tried, findings = time.monotonic() + 60 * chosen.minutes, chosen.seed, Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="screen-fuzz-") as folder:
        while time.monotonic() < until:
            for kind in chosen.kind or sorted(KINDS):
                # A process of its own: a library that ends the process must not end the search.
                words = [
                    "--worker",
                    kind,
                    str(BATCH),
                    f"{folder}/sandbox",
                    "--seed",
                    str(seed),
                    "--seconds",
                    str(chosen.seconds),
                ]
                if chosen.keep is not None:
                    words += ["--keep", str(chosen.keep)]
                done = subprocess.run(
                    [sys.executable, "-m", "benchmarks.fuzz", *words],
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=BATCH * 6 * chosen.seconds,
                )
                lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
                begun = [line["begins"] for line in lines if "begins" in line]
                tried[kind] += len(begun)
                for line in lines:
                    if "what" in line:
                        findings += 1
                        print(
                            f"{kind} seed {line['seed']}: {line['what']}\n    screen {' '.join(line['arguments'])}",
                            flush=True,
                        )
                if done.returncode:
                    findings += 1
                    print(
                        f"{kind} seed {begun[-1] if begun else seed}: the process ended with {done.returncode}: {done.stderr[-600:]}",
                        flush=True,
                    )
            seed += BATCH
    print(f"tried {dict(tried)}, {findings} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
