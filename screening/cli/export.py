"""`screen export`: the pages of a run as PDF, its dossiers as Word files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from screening.cli.console import guarded
from screening.cli.options import PATH, as_json_too, in_language
from screening.cli.terminal import show, show_json

if TYPE_CHECKING:
    from pathlib import Path

    from screening.report.wording import Lang


@click.command(name="export")
@click.argument("run", metavar="RUN")
@click.option("--to", "form", type=click.Choice(["pdf", "docx"]), default="pdf", show_default=True, help="格式。 Form.")
@click.option("--out", type=PATH, help="写到哪个文件夹;缺省为 RUN-格式。 Folder; default: RUN-FORM.")
@in_language
@click.option("--browser", default="", help="用哪个浏览器;缺省自行查找。 Browser; default: the first that is found.")
@as_json_too
@guarded
def command(
    run: str, form: Literal["pdf", "docx"], out: Path | None, lang: Lang, browser: str, *, as_json: bool
) -> None:
    """用本机的 Chrome、Chromium 或 Edge 把报告和每份底稿打印成 PDF(A4,带页眉页码),不联网;或把每份底稿写成 Word 文件。

    Print the report and every dossier as PDF with the Chrome, Chromium or Edge at hand: A4, running heads, page numbers, no
    network; or write every dossier as a Word file (needs the extra `word`). The run folder is only read. RUN is a run folder, a
    page inside it, or a run id.
    """
    from screening.api import find_run
    from screening.cli.progress import Reporter

    with Reporter(quiet=as_json or form == "docx") as reporter:
        written = find_run(run).export(form, out, lang=lang, browser=browser, progress=reporter.step)
    if as_json:
        show_json({"files": [path.as_posix() for path in written]})
    else:
        for path in written:
            show(path.as_posix())
