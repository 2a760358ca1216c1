"""Everything a run needs is loaded before data are touched."""

from __future__ import annotations

import codecs
import importlib
import io
import pkgutil
from importlib.resources import files

import polars as pl
from sqlglot import exp

from screening.engine.compile import functions
from screening.engine.files import DIALECT
from screening.store import store

_SCRIPTS = (
    "utf-8-sig",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "cp437",
    "cp1252",
    "unicode_escape",
)
_LATE = ("numpy.ma", "screening.run.again")
"""What is loaded where it is first asked for: by numpy itself, when a run is kept. The scoring functions too, each by its key."""
_READERS = "screening.dataset.intake"
"""What reads data. Where clean tables may be kept it is loaded once it is known that they are not."""


def warm_up() -> None:
    """Let every library load the parts that it loads when they are first used: afterwards data have been read, and the
    working folder or the environment may be another.
    """
    exp.select(exp.cast(exp.column("a"), "VARCHAR")).sql(DIALECT)
    pl.DataFrame({"a": ["一"]}).write_parquet(io.BytesIO())
    files("screening").joinpath("__init__.py").read_text(encoding="utf-8")
    for script in _SCRIPTS:
        codecs.lookup(script)
    scoring = (f"{functions.__name__}.{module.name}" for module in pkgutil.iter_modules(functions.__path__))
    readers = (_READERS,) if store().folder is None else ()
    for name in (*_LATE, *readers, *scoring):
        importlib.import_module(name)
