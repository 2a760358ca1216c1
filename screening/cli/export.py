"""`screen export`: the pages of a run in another form."""

from __future__ import annotations

from pathlib import Path

import click

from screening.cli.console import guarded
from screening.cli.terminal import show, show_json


@click.command(name="export", short_help="把页面导出为 PDF。 Print the pages of a run as PDF.")
@click.argument("run", metavar="RUN")
@click.option("--to", "form", type=click.Choice(["pdf"]), default="pdf", show_default=True, help="格式。 Form.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="写到哪个文件夹;缺省为 RUN-pdf。 Folder; default: RUN-pdf."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--browser", default="", help="用哪个浏览器;缺省自行查找。 Browser; default: the first that is found.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(run: str, form: str, out: Path | None, lang: str, browser: str, *, as_json: bool) -> None:
    """用本机的 Chrome、Chromium 或 Edge 把报告和每份底稿打印成 PDF(A4,带页眉页码);不联网。

    Print the report and every dossier as PDF with the Chrome, Chromium or Edge at hand: A4, running heads, page numbers, no
    network. The run folder is only read. RUN is a run folder, a page inside it, or a run id.
    """
    from screening.cli.progress import Reporter
    from screening.run.opened import find_run
    from screening.run.printing import print_pages

    run_dir = find_run(run)
    target = out or run_dir.with_name(f"{run_dir.resolve().name}-{form}")
    with Reporter(quiet=as_json) as reporter:
        written = print_pages(run_dir, target, lang, browser, reporter.step)
    if as_json:
        show_json({"files": [path.as_posix() for path in written]})
    else:
        for path in written:
            show(path.as_posix())
