"""`screen run`: screen a dataset with a rule pack."""

from __future__ import annotations

import datetime  # noqa: TC003 - click reads the annotation's values
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screening.api import DEFAULT_DOSSIERS, DEFAULT_MEMORY, DEFAULT_PACK, LOCAL, SPARK
from screening.cli import answers
from screening.cli.console import Exit, as_json_too, day, guarded, phrase, show_problems, size, trusting
from screening.cli.terminal import printing, say, show_json, warm_up

if TYPE_CHECKING:
    from screening.api.answers import Finished
    from screening.report.wording import Lang


@click.command(name="run", short_help="筛选、评分、出报告。 Screen, score and report.")
@click.option(
    "--rules",
    default=DEFAULT_PACK,
    show_default=True,
    help="规则包:路径或自带包名。 Rule pack: a path or a shipped pack.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="数据文件、文件夹或 dataset.yaml;缺省为样例数据。 Data; default: the sample.",
)
@click.option("--as-of", type=day, help="数据基准日。 The date of knowledge.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
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
@click.option("--overrides", type=click.Path(path_type=Path), help="人工更正文件。 File of analysts' overrides.")
@click.option("--notes", type=click.Path(path_type=Path), help="意见文件,不计分。 File of notes; never scored.")
@click.option(
    "--audience",
    type=click.Choice(["internal", "external"]),
    default="internal",
    show_default=True,
    help="给谁看;external 不含保密内容。 For whom; external leaves out what is confidential.",
)
@trusting
@click.option("--threads", type=click.IntRange(1, 256), help="线程数。 Threads.")
@click.option(
    "--memory-limit",
    type=size,
    default=DEFAULT_MEMORY,
    show_default=True,
    help="数据库内存上限,如 2GB。 Memory limit of the database, such as 2GB.",
)
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
    as_of: datetime.date | None,
    out: Path,
    top: int,
    dossiers: str,
    lang: Lang,
    overrides: Path | None,
    notes: Path | None,
    audience: str,
    trusted: tuple[Path, ...],
    threads: int | None,
    memory_limit: str,
    engine: str,
    master: str | None,
    partitions: int | None,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """筛选企业数据,写出排名与尽调档案。

    Screen a dataset with a rule pack; write a ranking and due-diligence dossiers to a new folder.
    """
    if engine == LOCAL and (master is not None or partitions is not None):
        raise click.UsageError("--master and --partitions go with --engine spark")
    if threads is not None:
        # Read when polars is imported, and only then; the database has an option of its own.
        os.environ["POLARS_MAX_THREADS"] = str(threads)
    from screening.api import screen
    from screening.cli.progress import Pace, Reporter
    from screening.cli.summary import print_summary

    warm_up()
    with Reporter(quiet=quiet or as_json, pace=Pace(rules, str(data))) as reporter:
        finished = screen(
            data,
            rules,
            as_of=as_of,
            out=out,
            top=top,
            dossiers=dossiers,
            lang=lang,
            overrides=overrides,
            notes=notes,
            audience=audience,
            trusted=trusted,
            threads=threads,
            memory_limit=memory_limit,
            engine=engine,
            master=master,
            partitions=partitions,
            progress=reporter.step,
        ).finished
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
