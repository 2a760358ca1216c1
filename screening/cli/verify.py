"""`screen verify`: check that a run is whole and comes out again."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import Exit, guarded, phrase
from screening.cli.terminal import one_line, show, show_json


@click.command(name="verify", short_help="核验一次运行。 Verify a run.")
@click.argument("run", metavar="RUN")
@click.option("--data", type=click.Path(path_type=Path), help="再从原始数据读入一遍。 Ingest the source again too.")
@click.option("--signed-by", type=click.Path(path_type=Path), help="核对签名的公钥。 Public key of whoever signed it.")
@click.option("--signature", type=click.Path(path_type=Path), help="签名文件;缺省为 RUN.sig。 Default: RUN.sig.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(run: str, data: Path | None, signed_by: Path | None, signature: Path | None, *, as_json: bool) -> None:
    """由运行自带的数据表和规则重做一遍,逐文件比对;只是声明而无从核对的另列。给单个网页则说明它属于哪次运行、是否改动过。

    Make a run again from its own tables, rules and overrides and compare every file; what is only stated is listed. Of a single
    page, tell of which run it is and whether it was changed. Exit code 1 on any difference.

    RUN 可为运行文件夹、其中一页,或运行编号。 RUN is a run folder, a page, or a run id.
    """
    import dataclasses

    from screening.cli.progress import Reporter
    from screening.run.opened import find_run
    from screening.run.pageseal import verify_page
    from screening.run.signature import signed_by as check_signature
    from screening.run.verify import NOT_HERE, verify

    run_dir = Path(run) if Path(run).is_file() else find_run(run)
    with Reporter(quiet=as_json) as reporter:
        findings = verify_page(run_dir) if run_dir.is_file() else verify(run_dir, data, reporter.step)
        if signed_by is not None:
            findings.append(check_signature(run_dir, signed_by, signature))
    held = all(f.ok for f in findings)
    made_for_others = any(f.what == NOT_HERE for f in findings)
    if as_json:
        show_json(
            {
                "verified": held,
                "recomputed": not made_for_others and not run_dir.is_file(),
                "findings": [dataclasses.asdict(f) for f in findings],
            }
        )
    else:
        for finding in findings:
            mark = phrase("said") if finding.stated else phrase("ok") if finding.ok else phrase("FAIL")
            detail = f": {phrase(finding.detail)}" if finding.detail else ""
            show(one_line(f"{mark}  {phrase(finding.what)}{detail}"))
        show(
            phrase(
                "unchanged since it was made; its result cannot be computed again here (made for others, without tables)"
            )
            if held and made_for_others
            else phrase("verified: the page is what it says it is")
            if held and run_dir.is_file()
            else phrase("verified: the run is what it says it is")
            if held
            else phrase("NOT verified: see the lines marked FAIL")
        )
    if not held:
        raise SystemExit(Exit.PROBLEMS)
