"""`screen test`: run the cases of a rule pack and tell what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from screening.cli.console import Exit, guarded, phrase
from screening.cli.options import as_json_too, trusting
from screening.cli.terminal import show, show_json

if TYPE_CHECKING:
    from pathlib import Path

    from screening.api.answers import CaseResult, Coverage, Report

_UNTRIED_SHOWN = 40


@click.command("test")
@click.argument("pack", default="guangdong-2024")
@click.option(
    "-k",
    "containing",
    default="",
    metavar="TEXT",
    help="只运行名称含此文字的案例。 Only cases whose name contains TEXT.",
)
@trusting
@as_json_too
@click.option("--untried", is_flag=True, help="列出所有未被案例试到的规则。 List every rule that no case tries.")
@guarded
def command(pack: str, containing: str, trusted: tuple[Path, ...], as_json: bool, untried: bool) -> None:
    """运行规则包 cases/ 中的案例,列出不符之处和未被试到的规则。

    Run the cases beside a rule pack; exit code 1 when one differs.
    """
    from screening.api import test

    report = test(pack, containing, trusted=trusted)
    if as_json:
        show_json(_record(report))
    else:
        show(rendered(report, everything=untried, partial=bool(containing)))
    if report.failed:
        raise SystemExit(Exit.PROBLEMS)


def rendered(report: Report, *, everything: bool = False, partial: bool = False) -> str:
    """Return the report as text: what differs, how many passed, what is not tried."""
    lines = [line for result in report.failed for line in _failure(result)]
    passed = len(report.results) - len(report.failed)
    lines.append(phrase(f"{passed} cases hold, {len(report.failed)} differ."))
    if not partial:
        lines += _coverage(report.coverage, everything=everything)
    return "\n".join(lines)


def _failure(result: CaseResult) -> list[str]:
    lines = [f"✗ {result.name}  ({result.position})"]
    for difference in result.differences:
        lines += [
            f"    {difference.what}",
            f"      - {phrase('expected')}  {difference.expected}",
            f"      + {phrase('found')}  {difference.found}",
        ]
        lines += [f"        {fact}" for fact in difference.because]
    return [*lines, ""]


def _coverage(coverage: Coverage, *, everything: bool) -> list[str]:
    lines = ["", phrase("Rule coverage (a rule counts where a case states what it must give)")]
    lines += [f"  {tried:>4} / {every:<4} {phrase(kind)}" for kind, tried, every in coverage.by_kind()]
    shown = coverage.untried if everything else coverage.untried[:_UNTRIED_SHOWN]
    if shown:
        lines.append(phrase("Not tried by any case:"))
        lines += [f"  {item.position}: {phrase(item.kind)}: {item.rule_id}: {phrase(item.what)}" for item in shown]
    if len(shown) < len(coverage.untried):
        lines.append(f"  {phrase(f'… {len(coverage.untried) - len(shown)} more (--untried lists all)')}")
    return lines


def _record(report: Report) -> dict[str, Any]:
    return {
        "cases": len(report.results),
        "failed": len(report.failed),
        "failures": [
            {
                "name": r.name,
                "place": str(r.position),
                "differences": [
                    {"what": d.what, "expected": d.expected, "found": d.found, "because": list(d.because)}
                    for d in r.differences
                ],
            }
            for r in report.failed
        ],
        "coverage": {
            "share": round(report.coverage.share, 4),
            "by_kind": {kind: {"tried": tried, "all": every} for kind, tried, every in report.coverage.by_kind()},
            "untried": [
                {"kind": i.kind, "rule": i.rule_id, "what": i.what, "place": str(i.position)}
                for i in report.coverage.untried
            ],
        },
    }
