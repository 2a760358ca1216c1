"""`screen verify`: check that a run is whole and comes out again."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import Exit, guarded, phrase
from screening.cli.options import PATH, as_json_too
from screening.cli.terminal import one_line, show, show_json


@click.command(name="verify")
@click.argument("run", metavar="RUN")
@click.option("--data", type=PATH, help="再从原始数据读入一遍。 Ingest the source again too.")
@click.option("--signed-by", type=PATH, help="核对签名的公钥。 Public key of whoever signed it.")
@click.option("--signature", type=PATH, help="签名文件;缺省为 RUN.sig。 Default: RUN.sig.")
@as_json_too
@guarded
def command(run: str, data: Path | None, signed_by: Path | None, signature: Path | None, *, as_json: bool) -> None:
    """由运行自带的数据表和规则重做一遍,逐文件比对;只是声明而无从核对的另列。给单个网页则说明它属于哪次运行、是否改动过。

    Make a run again from its own tables, rules and overrides and compare every file; what is only stated is listed. Of a single
    page, tell of which run it is and whether it was changed. Exit code 1 on any difference.

    RUN 可为运行文件夹、其中一页,或运行编号。 RUN is a run folder, a page, or a run id.
    """
    from screening.api import plain
    from screening.api import verify as verified
    from screening.cli.progress import Reporter

    with Reporter(quiet=as_json) as reporter:
        found = verified(run, data, signed_by=signed_by, signature=signature, progress=reporter.step)
    page = Path(run).is_file()
    if as_json:
        show_json({"verified": found.holds, "recomputed": found.recomputed, "findings": plain(found.findings)})
    else:
        for finding in found.findings:
            mark = phrase("said") if finding.stated else phrase("ok") if finding.ok else phrase("FAIL")
            detail = f": {phrase(finding.detail)}" if finding.detail else ""
            show(one_line(f"{mark}  {phrase(finding.what)}{detail}"))
        show(
            phrase(
                "unchanged since it was made; its result cannot be computed again here (made for others, without tables)"
            )
            if found.holds and not found.recomputed and not page
            else phrase("verified: the page is what it says it is")
            if found.holds and page
            else phrase("verified: the run is what it says it is")
            if found.holds
            else phrase("NOT verified: see the lines marked FAIL")
        )
    if not found.holds:
        raise SystemExit(Exit.PROBLEMS)
