"""`screen sign`: say who made a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from screening.cli.console import guarded, phrase
from screening.cli.options import PATH
from screening.cli.terminal import say, show

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="sign")
@click.argument("run_dir", required=False, type=PATH)
@click.option("--key", type=PATH, help="私钥文件。 The private key.")
@click.option("--new-key", type=PATH, help="生成一对密钥:FILE 与 FILE.pub。 Make a pair of keys.")
@guarded
def command(run_dir: Path | None, key: Path | None, new_key: Path | None) -> None:
    """用私钥为一次运行签名,写在文件夹旁(RUN.sig);收件人用公钥核对:screen verify RUN --signed-by FILE.pub。

    Sign a run with a private key, beside its folder (RUN.sig); a receiver checks it with the public key:
    screen verify RUN --signed-by FILE.pub.
    """
    from screening.api import Run, make_key

    if new_key is not None:
        show(make_key(new_key).as_posix())
        say(phrase("keep the private key to yourself; give the .pub file to receivers by another way than the run"))
        return
    if run_dir is None or key is None:
        raise click.UsageError("give a run folder and --key FILE, or --new-key FILE")
    show(Run(run_dir).sign(key).as_posix())
