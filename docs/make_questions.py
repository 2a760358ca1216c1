"""Make `docs/questions.md`, `docs/questions.zh-CN.md` and their pictures again, from the fictional sample data.

    python docs/make_questions.py            # make them again
    python docs/make_questions.py --check    # say which pictures would come out otherwise; exit code 1

Twelve questions, each answered by one command. A picture is what that command prints, as text in an SVG: no browser, no network.
The outcomes of the back-test are drawn from the ids of the sample's companies and mean nothing.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import sys
import tempfile
from html import escape
from pathlib import Path

import polars as pl
from click.testing import CliRunner

from screening.cli import group
from screening.cli.terminal import width
from screening.run.options import Options
from screening.run.screening import run

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images" / "questions"
FIRST = ' class="c"'
LINES, COLUMNS, LETTER, LINE = 26, 118, 7.8, 19
LATER = datetime.date(2027, 3, 1)
"""A date of knowledge on which every search of the sample has expired."""

THREE, NEAR = ("YL0219", "YL0197", "YL0192"), "YL0114"
QUESTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("compare", f"compare {' '.join(THREE)}", "这三家怎么比?", "How do these three compare?"),
    ("lift", f"lift {NEAR}", "这一家差在哪里,怎样才能入围?", "What would lift this one?"),
    ("ask", f"ask {NEAR}", "该向它要什么资料?", "What should we ask it for?"),
    (
        "diff",
        "diff reports/BEFORE reports/AFTER",
        "和上个季度比,动了什么,为什么?",
        "What moved since last quarter, and why?",
    ),
    ("fund", "fund", "基金自己的上限和敞口还有多少余地?", "How do we stand against our own limits?"),
    ("robustness", "robustness", "这份名次有多稳?", "How sure is this ranking?"),
    (
        "portfolio",
        "portfolio --budget 3亿元 --limits sample_data/portfolio.yaml",
        "3 亿以内投哪几家?",
        "Which to fund under 3 亿?",
    ),
    ("coverage", "coverage", "规划哪里空着,哪里挤?", "Where is the plan empty, and where crowded?"),
    ("rules", "rules", "哪条规则最起作用?", "Which rule decides most?"),
    ("searched", "ask --if-searched risk_events", "假如检索没有过期,会怎样?", "What if this search had not expired?"),
    ("gaps", "ask", "下一步该买哪一列数据?", "Which column should we buy next?"),
    ("backtest", "backtest --outcomes outcomes.csv", "后来的结果教给我们什么?", "What did we learn from outcomes?"),
)
"""Id, the command as an analyst types it, the question in Chinese and English."""

HEADS = {
    "zh": (
        "# 分析员的十二个问题\n\n每个问题一条命令;图是该命令在虚构样例上打印的内容(截取前若干行)。不写 `--run` 时用 `reports/` 里最新的一次运行,"
        "加 `--lang en` 用英文回答。\n\n[English](questions.md)。图和本页由 `python docs/make_questions.py` 生成。\n"
    ),
    "en": (
        "# Twelve questions an analyst asks\n\nEach is answered by one command; the picture is what it prints on the fictional sample (its first lines). "
        "Without `--run` the newest run in `reports/` is meant; add `--lang en` for English.\n\n[中文](questions.zh-CN.md). `python docs/make_questions.py` makes page and pictures.\n"
    ),
}
NOTES = {
    "searched": (
        "样例取 2027-03-01 为基准日,各项检索都已过期。",
        "The sample is screened as of 2027-03-01, when every search has expired.",
    ),
    "backtest": (
        "结果文件三列:`company_id,outcome,on`。样例的结果是编造的,与得分无关,所以应当看不出预测力。",
        "Three columns: `company_id,outcome,on`. The outcomes of the sample are invented and have nothing to do with scores, so nothing should be found.",
    ),
    "diff": (
        "样例的后一次运行取 2027-03-01 为基准日,其余不变。",
        "The later run of the sample is as of 2027-03-01; nothing else differs.",
    ),
    "portfolio": ('需要求解器:`pip install ".[portfolio]"`。', 'It needs the solver: `pip install ".[portfolio]"`.'),
}
_RUN = re.compile(r"\b\d{8}T\d{6}Z-[0-9a-f]{8}(?:-\d+)?\b")
"""A run's id holds the time."""


def outcomes(run_dir: Path, path: Path) -> None:
    """Write invented outcomes of the ranked companies: yes or no by a hash of the id."""
    ranking = pl.read_parquet(run_dir / "result" / "ranking.parquet").filter(pl.col("rank").is_not_null())
    lines = ["company_id,outcome,on"]
    for company in ranking.sort("company_id")["company_id"]:
        good = hashlib.sha256(company.encode()).digest()[0] < 64
        lines.append(f"{company},{'yes' if good else 'no'},2028-06-30")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def answered(place: Path, before: Path, after: Path) -> dict[str, str]:
    """Return each picture by its file name: the command and its first lines."""
    outcomes(before, place / "outcomes.csv")
    found = {}
    for name, typed, *_ in QUESTIONS:
        words = (
            typed.replace("outcomes.csv", str(place / "outcomes.csv"))
            .replace("sample_data", str(ROOT / "sample_data"))
            .split()
        )
        if name == "diff":
            words = ["diff", str(before), str(after)]
        else:
            words += ["--run", str(after if name == "searched" else before)]
        for lang in ("zh", "en"):
            done = CliRunner().invoke(group, [*words, "--lang", lang])
            if done.exit_code != 0:
                raise SystemExit(f"{typed}: {done.output}")
            said = [_RUN.sub("RUN", line) for line in done.stdout.splitlines()]
            found[f"{name}.{lang}.svg"] = picture([f"$ screen {typed}" + (" --lang en" if lang == "en" else ""), *said])
    return found


def picture(lines: list[str]) -> str:
    """Return lines of a terminal as an SVG."""
    shown = [cut(line) for line in lines[:LINES]] + (["…"] if len(lines) > LINES else [])
    across = int(max(width(line) for line in shown) * LETTER) + 32
    down = len(shown) * LINE + 28
    rows = "\n".join(
        f'<text x="16" y="{28 + at * LINE}"{FIRST if at == 0 else ""}>{escape(line)}</text>'
        for at, line in enumerate(shown)
        if line.strip()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}">\n'
        "<style>text{font:13px 'Noto Sans Mono CJK SC','Sarasa Mono SC',Consolas,Menlo,monospace;fill:#1f2933;white-space:pre}.c{fill:#0b5cad;font-weight:700}</style>\n"
        f'<rect width="{across}" height="{down}" rx="6" fill="#f7f8fa" stroke="#d5dae1"/>\n{rows}\n</svg>\n'
    )


def cut(line: str) -> str:
    """Return a line that is at most as wide as a picture."""
    if width(line) <= COLUMNS:
        return line
    kept = ""
    for letter in line:
        if width(kept + letter) > COLUMNS - 1:
            return kept + "…"
        kept += letter
    return kept


def page(lang: str) -> str:
    """Return the page in one language."""
    at = 0 if lang == "zh" else 1
    parts = [HEADS[lang]]
    for number, (name, typed, *asked) in enumerate(QUESTIONS, 1):
        note = f"\n{NOTES[name][at]}\n" if name in NOTES else ""
        parts.append(
            f"\n## {number}. {asked[at]}\n\n```\nscreen {typed}\n```\n{note}\n![{asked[at]}](images/questions/{name}.{lang}.svg)\n"
        )
    return "".join(parts)


def main() -> int:
    """Make or check; return the exit code."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        before = run(Options(out=folder / "before", dossiers="none")).run_dir
        after = run(Options(out=folder / "after", dossiers="none", as_of=LATER)).run_dir
        pictures = answered(folder, before, after)
    wanted = {IMAGES / name: text for name, text in pictures.items()}
    wanted |= {ROOT / "docs" / "questions.md": page("en"), ROOT / "docs" / "questions.zh-CN.md": page("zh")}
    if "--check" in sys.argv[1:]:
        differ = [p for p, text in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
        for path in differ:
            sys.stdout.write(
                f"{path.relative_to(ROOT).as_posix()} does not come out again; run python docs/make_questions.py\n"
            )
        return 1 if differ else 0
    IMAGES.mkdir(parents=True, exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
