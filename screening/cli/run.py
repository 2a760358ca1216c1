"""`screen run`: screen a dataset with a rule pack."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screening.api import DEFAULT_DOSSIERS, LOCAL, SPARK
from screening.cli import answers
from screening.cli.console import Exit, guarded, phrase, show_problems
from screening.cli.options import PATH, as_json_too, at_date, on_data, trusting, with_rules, with_threads, within_memory
from screening.cli.terminal import printing, say, show_json, warm_up

if TYPE_CHECKING:
    from screening.api.answers import Finished
    from screening.report.wording import Lang


@click.command(name="run")
@with_rules
@on_data
@at_date
@click.option(
    "--out",
    type=PATH,
    default=Path("reports"),
    show_default=True,
    help="结果的上级文件夹。 Parent folder of the run.",
)
@click.option(
    "--top",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    help="终端列出前几名。 How many to list in the terminal.",
)
@click.option(
    "--dossiers",
    default=DEFAULT_DOSSIERS,
    show_default=True,
    help="尽调档案:shortlist、个数、all、none 或企业(逗号分隔)。 Dossiers: the short list, number, all, none, or companies.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="报告语言。 Language of the pages."
)
@click.option("--overrides", type=PATH, help="人工更正文件。 File of analysts' overrides.")
@click.option("--notes", type=PATH, help="意见文件,不计分。 File of notes; never scored.")
@click.option(
    "--audience",
    type=click.Choice(["internal", "external"]),
    default="internal",
    show_default=True,
    help="给谁看;external 不含保密内容。 For whom; external leaves out what is confidential.",
)
@trusting
@with_threads
@within_memory
@click.option(
    "--engine",
    type=click.Choice([LOCAL, SPARK]),
    default=LOCAL,
    show_default=True,
    help="在何处计算:本机,或 Spark 分区。 Where to compute: here, or in Spark's partitions.",
)
@click.option("--master", help="Spark 集群地址;缺省为本机。 Address of a Spark cluster; default: this machine.")
@click.option(
    "--partitions",
    type=click.IntRange(1, 100_000),
    help="Spark 分区数。 How many Spark partitions to divide the companies into.",
)
@as_json_too
@click.option("--quiet", is_flag=True, help="不显示进度。 No progress.")
@guarded
def command(
    rules: str,
    data: Path | None,
    out: Path,
    top: int,
    lang: Lang,
    *,
    as_json: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """筛选企业数据,写出排名与尽调档案。

    Screen a dataset with a rule pack; write a ranking and due-diligence dossiers to a new folder.
    """
    if asked["engine"] == LOCAL and (asked["master"] is not None or asked["partitions"] is not None):
        raise click.UsageError("--master and --partitions go with --engine spark")
    if asked["threads"] is not None:
        # Read when polars is imported, and only then; the database has an option of its own.
        os.environ["POLARS_MAX_THREADS"] = str(asked["threads"])
    from screening.api import screen
    from screening.cli.progress import Pace, Reporter
    from screening.cli.summary import print_summary

    warm_up()
    with Reporter(quiet=quiet or as_json, pace=Pace(rules, str(data))) as reporter:
        # The other options are called as `screening.api.screen` calls them.
        run = screen(data, rules, out=out, top=top, lang=lang, progress=reporter.step, **asked)
    finished = run.finished
    assert finished is not None
    if not finished.left_behind:
        answers.finished(out, finished.run_dir, finished.manifest)
    try:
        with printing():
            if as_json:
                show_json(_record(finished))
            else:
                if not quiet:
                    show_problems(finished.notices)
                print_summary(finished, top=top, lang=lang)
    except OSError as error:
        _untold(finished, error)


def _record(finished: Finished) -> dict[str, object]:
    return {
        "run_dir": finished.run_dir.as_posix(),
        "run_id": finished.manifest["run_id"],
        "audience": finished.manifest["audience"],
        "rows": finished.manifest["rows"],
        "outcomes": finished.manifest["outcomes"],
        "result_digest": finished.manifest["result_digest"],
        "notices": finished.manifest["notices"],
    }


def _untold(finished: Finished, error: OSError) -> None:
    """The run is there, only its summary found no reader: no failure when the reader left, one when the place is full."""
    why = error.strerror or phrase("nobody reads it any more")
    say(phrase(f"the run is whole: {finished.run_dir.as_posix()}; its summary could not be printed: {why}"))
    if not isinstance(error, BrokenPipeError):
        raise SystemExit(Exit.FAILED)
