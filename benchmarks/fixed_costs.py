"""What an analyst pays twenty times an afternoon: commands on the sample, as processor time of a process each.

    python -m benchmarks.fixed_costs [--against PYTHON] [--runs 3] [--only NAME,…]

Each command runs with an empty cache (`first`), then again with nothing changed (`again`); `edited` is after one weight of a copy of
the plan's pack was edited. Of several runs the least user and system time counts, since a shared machine wanders. `--against` names
the interpreter of another build, measured in the same sitting; then ratios are printed too. Without compiled Python files (set
PYTHONDONTWRITEBYTECODE) every process compiles what it imports: the table says which it was.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEIGHT = ("weights: {fit: 0.4, merit: 0.6}", "weights: {fit: 0.45, merit: 0.55}")
COMPANY = "样例甲量子科技有限公司"


@dataclass(frozen=True)
class Command:
    """One row: its name, its arguments (`{pack}`, `{one}`, `{out}` are filled in), and the share of the other build aimed at."""

    name: str
    arguments: tuple[str, ...]
    aim: str = ""


COMMANDS = (
    Command("--version", ("--version",), "4 × bare Python"),
    Command("sample, 20 dossiers", ("run", "--dossiers", "20", "--quiet", "--rules", "{pack}", "--out", "{out}"), "1/8 first"),
    Command("one company", ("run", "--data", "{one}", "--dossiers", "all", "--quiet", "--rules", "{pack}", "--out", "{out}"), "1/8"),
    Command("check", ("check", "{pack}"), "1/3"),
    Command("plan", ("plan", "--rules", "{pack}", "--against", "{plan}"), "1/8"),
    Command("test", ("test", "{pack}"), "1/10"),
    Command("explain", ("explain", "{company}", "--run", "{run}"), "1/4"),
    Command("sql --rule", ("sql", "--rules", "{pack}", "--rule", "listed_company"), "1/20"),
)  # fmt: skip


class Build:
    """One build of the program with a desk of its own: a copy of its pack, one company, a run, a cache."""

    def __init__(self, python: str, root: Path, folder: Path) -> None:
        self.python, self.folder = python, folder
        self.cache = folder / "cache"
        shutil.copytree(root / "rules", folder / "rules")
        self.pack = folder / "rules" / "guangdong-2024"
        (folder / "one.csv").write_text(
            "企业名称,统一社会信用代码,成立日期,注册资本,地区,经营范围,员工人数\n"
            f"{COMPANY},,2021-03-02,500万元,深圳市,量子通信设备研发、制造,60\n",
            encoding="utf-8",
        )
        self.values = {
            "pack": str(self.pack),
            "plan": str(root / "rules" / "guangdong-2024"),
            "one": str(folder / "one.csv"),
            "out": str(folder / "out"),
            "company": COMPANY,
            "run": "",
        }
        out = folder / "explained"
        self.call(
            [
                "run",
                "--data",
                self.values["one"],
                "--dossiers",
                "none",
                "--quiet",
                "--rules",
                str(self.pack),
                "--out",
                str(out),
            ]
        )
        self.values["run"] = str(next(p for p in out.iterdir() if p.is_dir()))

    def call(self, arguments: list[str], *, module: bool = True) -> float:
        """Run once and return the processor seconds of the process and its children; the exit code may be that of problems."""
        words = [self.python, "-m", "screening", *arguments] if module else [self.python, *arguments]
        environment = {**os.environ, "SCREENING_CACHE": str(self.cache), "PYTHONUTF8": "1"}
        # `-m` looks in the working folder first, and that may be the other build's.
        os.chdir(self.folder)
        quiet = os.open(os.devnull, os.O_WRONLY)
        number = os.posix_spawn(
            self.python, words, environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)],
        )  # fmt: skip
        _, status, used = os.wait4(number, 0)
        os.close(quiet)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
        return used.ru_utime + used.ru_stime

    def measured(self, command: Command, runs: int) -> dict[str, float]:
        """Return the least seconds of a command: first, again, and after the edit of a weight."""
        words = [word.format(**self.values) for word in command.arguments]
        found: dict[str, list[float]] = {"first": [], "again": [], "edited": []}
        verdict = self.pack / "verdict.yaml"
        for _ in range(runs):
            shutil.rmtree(self.cache, ignore_errors=True)
            found["first"].append(self.call(words))
            found["again"].append(self.call(words))
            if "{pack}" in command.arguments:
                before = verdict.read_text(encoding="utf-8")
                if WEIGHT[0] not in before:
                    raise SystemExit(f"{verdict} has no line '{WEIGHT[0]}' to edit")
                verdict.write_text(before.replace(*WEIGHT), encoding="utf-8")
                found["edited"].append(self.call(words))
                verdict.write_text(before, encoding="utf-8")
        return {name: min(times) for name, times in found.items() if times}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--against", help="interpreter of another build, whose root is its working copy", default="")
    asked.add_argument("--root", help="root of the other build, with its `rules`", type=Path)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--only", default="")
    chosen = asked.parse_args()
    wanted = [c for c in COMMANDS if not chosen.only or c.name in chosen.only.split(",")]
    compiled = "without" if os.environ.get("PYTHONDONTWRITEBYTECODE") else "with"
    print(
        f"{platform.python_version()}, {os.cpu_count()} cores, {compiled} compiled Python files, least of {chosen.runs}"
    )
    with tempfile.TemporaryDirectory() as mine, tempfile.TemporaryDirectory() as other:
        ours = Build(sys.executable, ROOT, Path(mine))
        theirs = Build(chosen.against, chosen.root, Path(other)) if chosen.against else None
        bare = min(ours.call(["-c", "pass"], module=False) for _ in range(5))
        print(f"bare Python {bare:.3f} s\n")
        print("| what | earlier | first | again | edited | aim |\n|---|---|---|---|---|---|", flush=True)
        for command in wanted:
            now = ours.measured(command, chosen.runs)
            then = theirs.measured(command, max(1, chosen.runs - 1))["again"] if theirs else None
            cells = [f"{then:.2f} s" if then else ""]
            for name in ("first", "again", "edited"):
                ratio = f" ({now[name] / then:.2f})" if then and name in now else ""
                cells.append(f"{now[name]:.2f} s{ratio}" if name in now else "")
            print(f"| {command.name} | {' | '.join(cells)} | {command.aim} |", flush=True)


if __name__ == "__main__":
    main()
