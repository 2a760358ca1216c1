"""`screen export`: the pages of a run as PDF, its dossiers as Word files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from screening.cli.console import guarded
from screening.cli.terminal import show, show_json

if TYPE_CHECKING:
    from screening.report.wording import Lang


@click.command(name="export", short_help="导出为 PDF 或 Word。 Export a run as PDF or Word.")
@click.argument("run", metavar="RUN")
@click.option("--to", "form", type=click.Choice(["pdf", "docx"]), default="pdf", show_default=True, help="格式。 Form.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="写到哪个文件夹;缺省为 RUN-格式。 Folder; default: RUN-FORM."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 Language.")
@click.option("--browser", default="", help="用哪个浏览器;缺省自行查找。 Browser; default: the first that is found.")
@click.option("--json", "as_json", is_flag=True, help="向标准输出打印一个 JSON。 Print one JSON object.")
@guarded
def command(run: str, form: str, out: Path | None, lang: str, browser: str, *, as_json: bool) -> None:
    """用本机的 Chrome、Chromium 或 Edge 把报告和每份底稿打印成 PDF(A4,带页眉页码),不联网;或把每份底稿写成 Word 文件。

    Print the report and every dossier as PDF with the Chrome, Chromium or Edge at hand: A4, running heads, page numbers, no
    network; or write every dossier as a Word file (needs the extra `word`). The run folder is only read. RUN is a run folder, a
    page inside it, or a run id.
    """
    from screening.cli.progress import Reporter
    from screening.run.opened import find_run, opened
    from screening.run.printing import print_pages
    from screening.run.word import write_documents

    run_dir = find_run(run)
    target = out or run_dir.with_name(f"{run_dir.resolve().name}-{form}")
    if form == "docx":
        with opened(run_dir) as data:
            written = write_documents(data, target, cast("Lang", lang))
    else:
        with Reporter(quiet=as_json) as reporter:
            written = print_pages(run_dir, target, lang, browser, reporter.step)
    if as_json:
        show_json({"files": [path.as_posix() for path in written]})
    else:
        for path in written:
            show(path.as_posix())
