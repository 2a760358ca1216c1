"""`screen verify`: check that a run is whole and comes out again."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import Exit, guarded
from screening.cli.terminal import one_line, show, show_json


@click.command(name="verify", short_help="核验一次运行。 Verify a run.")
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="再从原始数据读入一遍。 Ingest the source again too.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(run_dir: Path, data: Path | None, *, as_json: bool) -> None:
    """核对文件哈希,并由运行自带的数据表和规则重新算出结果。

    Check the hashes of a run and compute its result again from its own tables and pack. Exit code 1 on any difference.
    """
    import dataclasses

    from screening.cli.progress import Reporter
    from screening.run.verify import verify

    with Reporter(quiet=as_json) as reporter:
        findings = verify(run_dir, data, reporter.step)
    held = all(f.ok for f in findings)
    if as_json:
        show_json({"verified": held, "findings": [dataclasses.asdict(f) for f in findings]})
    else:
        for finding in findings:
            mark = "said" if finding.stated else "ok  " if finding.ok else "FAIL"
            show(one_line(f"{mark}  {finding.what}{f': {finding.detail}' if finding.detail else ''}"))
        show("verified: the run is what it says it is" if held else "NOT verified: see the lines marked FAIL")
    if not held:
        raise SystemExit(Exit.PROBLEMS)
