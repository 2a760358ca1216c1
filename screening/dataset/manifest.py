"""`dataset.yaml` and `fund.yaml`: which files hold which table, and what having no row means."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from screening import trace
from screening.catalog import Items, Label, LabelField, Strict, Table, Tables
from screening.dataset.amounts import money_unit
from screening.dataset.headers import parent_key
from screening.dataset.numbers import RATIO_UNITS
from screening.dataset.parquet_folder import is_parquet_folder, parts_of
from screening.dataset.vocabulary import vocabulary
from screening.errors import DatasetError, Position, Problem, did_you_mean
from screening.quantity import parse_quantity
from screening.resources import shown_path
from screening.strict_yaml import Document, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "dataset.yaml"
FUND = "fund.yaml"


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("write a date as 2025-09-01") from None


def _currency(value: Any) -> Any:
    known = vocabulary("currency")
    found = known.look_up(value) if known is not None and isinstance(value, str) else None
    if isinstance(value, str) and found is None:
        raise ValueError(f"'{value}' is no currency that is known; write for example CNY, USD or 港元")
    return found


Day = Annotated[date, BeforeValidator(_date)]
Word = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class SourceFile(Strict):
    """One file, sheet or database table. 一个文件。"""

    file: str | None = Field(
        default=None,
        description="文件,或 Parquet 文件夹,相对本文件所在文件夹。 File, or folder of Parquet files, relative to this folder.",
    )
    sheet: str | None = Field(default=None, description="工作表,或 DuckDB 表。 Sheet, or table of a DuckDB file.")
    encoding: str | None = Field(default=None, description="编码,缺省自动判定。 Encoding; found when absent.")
    separator: str | None = Field(default=None, description="分隔符。 Separator.", min_length=1, max_length=1)
    header_row: int | None = Field(
        default=None, description="表头所在行,从 1 起。 Row of the headers, from 1.", ge=1, le=1_048_576
    )
    columns: dict[str, str | None] = Field(
        default_factory=dict, description="标准列 → 表头;null 为不用。 Column → header."
    )
    units: dict[str, str] = Field(default_factory=dict, description="标准列 → 单位,如 万元、%。 Column → unit.")
    currency: Annotated[str, BeforeValidator(_currency)] | None = Field(
        default=None, description="金额币种,缺省人民币。 Currency of amounts."
    )
    synonyms: dict[str, dict[str, Items[Word]]] = Field(
        default_factory=dict, description="类别列 → 取值 → 文件里的写法。 Column → value → words of this file for it."
    )
    constants: dict[str, Word] = Field(default_factory=dict, description="整列同值。 One value for a whole column.")
    database: str | None = Field(
        default=None, description="保存数据库地址的环境变量名。 Environment variable holding a URL."
    )
    table: str | None = Field(default=None, description="数据库的表或视图。 Table or view of the database.")
    _folder: str | None = PrivateAttr(default=None)

    @property
    def folder(self) -> str | None:
        """The folder of which it is a part; all its parts are one table."""
        return self._folder

    def part(self, name: str, folder: str) -> SourceFile:
        """Return the same file as one part of a folder."""
        found = self.model_copy(update={"file": name})
        found._folder = folder
        return found

    @model_validator(mode="after")
    def _one_place(self) -> SourceFile:
        if (self.file is None) == (self.database is None):
            raise ValueError("give either `file:` or `database:`")
        if (self.database is None) != (self.table is None):
            raise ValueError("`database:` and `table:` go together")
        return self


def _spread(value: Any) -> Any:
    """Accept one file inline, or a list of files, for a table."""
    if isinstance(value, list):
        return {"files": value}
    if isinstance(value, dict) and ("file" in value or "database" in value) and "files" not in value:
        own = {key: value[key] for key in ("absence", "searched_on", "confidential") if key in value}
        return {**own, "files": [{key: item for key, item in value.items() if key not in own}]}
    return value


class TableSource(Strict):
    """Where one table comes from. 一张表的来源。"""

    files: Items[SourceFile] = Field(default=(), description="文件。 Files.")
    absence: Literal["zero", "unknown"] = Field(
        default="unknown", description="没有行意味着零还是未知。 What no row means."
    )
    searched_on: Day | None = Field(default=None, description="检索日期。 When the source was searched.")
    confidential: bool | Items[str] | None = Field(
        default=None,
        description="对外版本不给出:整表或所列的列;false 解除规则包的标记。 Left out for others: the table or columns; false lifts the pack's marks.",
    )


class DatasetHead(Strict):
    """`dataset:`. 数据集。"""

    id: Word = Field(description="编号。 Id.", pattern=r"^[\w.-]{1,80}$")
    label: LabelField = Field(description="名称。 Label.")
    as_of: Day | None = Field(default=None, description="数据日期。 Date of knowledge.")
    synthetic: bool = Field(default=False, description="是否虚构数据。 Made up, not real.")


class Manifest(Strict):
    """The whole of `dataset.yaml`."""

    dataset: DatasetHead
    tables: dict[str, Annotated[TableSource, BeforeValidator(_spread)]] = Field(min_length=1)


def _in(unit: str, written: str) -> BeforeValidator:
    """Read a number without a unit or in the one unit that the field has: 3% is no size of a fund, 3家 no years."""

    def number(value: Any) -> Any:
        quantity = parse_quantity(value)
        if quantity is None:
            return value
        if quantity.unit not in (None, unit):
            raise ValueError(f"'{value}' has another unit; write it like {written}")
        return quantity.value

    return BeforeValidator(number)


Money = Annotated[float, _in("cny", "3亿元")]
Share = Annotated[float, _in("ratio", "20%")]
Years = Annotated[float, _in("years", "7年")]


class Concentration(Strict):
    """How much of the fund may stand in one holding. 集中度。"""

    basis: Literal["size", "paid_in", "committed"] = Field(
        default="size", description="计算基数。 What the limit is of."
    )
    limit: Share = Field(description="单一项目上限。 Limit for one holding.", gt=0, le=1)


class Fund(Strict):
    """`fund.yaml`: the fund for which companies are screened. 基金。"""

    id: Word = Field(description="编号。 Id.")
    label: LabelField = Field(description="名称。 Label.")
    size: Money = Field(description="规模(元)。 Size in yuan.", gt=0)
    paid_in: Money | None = Field(default=None, description="实缴(元)。 Paid in, yuan.", ge=0)
    term_years: Years | None = Field(default=None, description="存续期(年)。 Term.", gt=0, le=50)
    started_on: Day | None = Field(default=None, description="成立日期。 Start.")
    ticket: tuple[Money, Money] | None = Field(default=None, description="单笔投资下限与上限(元)。 Ticket, yuan.")
    concentration: Concentration | None = Field(default=None, description="集中度。 Concentration.")
    home_city: str | None = Field(default=None, description="所在城市。 Home city.")
    note: str | None = Field(default=None, description="说明。 Note.")

    @model_validator(mode="before")
    @classmethod
    def _pairs(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("ticket"), list):
            return {**data, "ticket": tuple(data["ticket"])}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> Fund:
        if self.ticket is not None and self.ticket[0] > self.ticket[1]:
            raise ValueError("the smallest ticket is larger than the largest")
        if self.concentration is not None and self.concentration.basis == "paid_in" and not self.paid_in:
            raise ValueError("the limit for one holding is of what is paid in: say how much that is, `paid_in: 6亿元`")
        return self


def read_manifest(path: Path, tables: Tables) -> Manifest:
    """Read and check `dataset.yaml`. Raises DatasetError with every problem."""
    document = read(path, shown_path(path), within=[path.parent])
    if document.problems:
        raise DatasetError(document.problems)
    try:
        manifest = Manifest.model_validate(document.data)
    except ValidationError as error:
        raise DatasetError(_problems(error, document, "dataset")) from None
    problems = [*_unknown_names(manifest, tables, document), *_outside(manifest, path, document)]
    if problems:
        raise DatasetError(problems)
    return _in_parts(manifest, path.parent)


def _in_parts(manifest: Manifest, folder: Path) -> Manifest:
    """Return the manifest with the parts of each Parquet folder in its place."""
    return manifest.model_copy(
        update={
            "tables": {
                name: source.model_copy(
                    update={"files": tuple(part for file in source.files for part in _parts(file, folder))}
                )
                for name, source in manifest.tables.items()
            }
        }
    )


def _parts(file: SourceFile, folder: Path) -> list[SourceFile]:
    if file.file is None or not (folder / file.file).is_dir():
        return [file]
    name = file.file.rstrip("/")
    return [
        file.part(part if name == "." else f"{name}/{part}", name) for part in parts_of(folder / file.file, file.file)
    ]


def read_fund(path: Path) -> dict[str, Any]:
    """Read and check `fund.yaml`; a plain dict with amounts in yuan. Raises DatasetError with every problem."""
    document = read(path, shown_path(path), within=[path.parent])
    if document.problems:
        raise DatasetError(document.problems)
    data = document.data.get("fund", document.data)
    try:
        return Fund.model_validate(data).model_dump(mode="json", exclude_none=True)
    except ValidationError as error:
        prefix = ("fund",) if "fund" in document.data else ()
        raise DatasetError(_problems(error, document, "fund", prefix)) from None


_FIELDS: Mapping[str, type[Strict]] = {
    "dataset": DatasetHead,
    "file": SourceFile,
    "table": TableSource,
    "fund": Fund,
    "concentration": Concentration,
    "label": Label,
}


_NEEDED = {
    **dict.fromkeys(
        ("model_type", "model_attributes_type", "dict_type"),
        "keys with values are needed here (a file: `{file: a.csv}`)",
    ),
    **dict.fromkeys(("tuple_type", "list_type"), "a list is needed here: `[…]`"),
    "string_type": "a text is needed here",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number is needed here"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false"),
}
"""What is said of a value of the wrong kind, by what the validator calls it."""


def _problems(error: ValidationError, document: Document, code: str, prefix: tuple[str, ...] = ()) -> list[Problem]:
    found: list[Problem] = []
    known = sorted({name for model in _FIELDS.values() for name in model.model_fields} | {"tables"})
    for item in error.errors(include_url=False):
        place = (*prefix, *item["loc"])
        name = str(item["loc"][-1]) if item["loc"] else ""
        kind = item["type"]
        if kind == "extra_forbidden":
            found.append(
                document.problem(
                    f"{code}/unknown-key",
                    f"there is no key '{name}' here",
                    place,
                    key=True,
                    remedy=did_you_mean(name, known) or f"known keys: {', '.join(known)}",
                )
            )
        elif kind == "missing":
            found.append(
                document.problem(f"{code}/missing-key", f"the key '{name}' is missing", place, remedy=f"add `{name}:`")
            )
        else:
            message = _NEEDED.get(kind) or item["msg"].removeprefix("Value error, ")
            where = ".".join(str(part) for part in item["loc"])
            found.append(document.problem(f"{code}/value", f"{where}: {message}", place))
    return found


def _unknown_names(manifest: Manifest, tables: Tables, document: Document) -> list[Problem]:
    found: list[Problem] = []
    for name, source in manifest.tables.items():
        table = tables.get(name)
        if table is None:
            found.append(
                document.problem(
                    "dataset/unknown-table",
                    f"there is no table '{name}'",
                    ("tables", name),
                    key=True,
                    remedy=did_you_mean(name, tables) or f"known: {', '.join(tables)}",
                )
            )
            continue
        known = usable_columns(table)
        listed = source.confidential if isinstance(source.confidential, tuple) else ()
        found += [
            document.problem(
                "dataset/unknown-column",
                f"the table {name} has no column '{column}'",
                ("tables", name, "confidential", number),
                remedy=did_you_mean(column, table.columns) or f"known: {', '.join(table.columns)}",
            )
            for number, column in enumerate(listed)
            if column not in table.columns
        ]
        for number, file in enumerate(source.files):
            found += _unknown_values(file, table, ("tables", name, "files", number), document)
            for section in ("columns", "units", "constants", "synonyms"):
                for column in getattr(file, section):
                    if column not in known:
                        place = ("tables", name, "files", number, section, column)
                        found.append(
                            document.problem(
                                "dataset/unknown-column",
                                f"the table {name} has no column '{column}'",
                                place,
                                key=True,
                                remedy=did_you_mean(column, known) or f"known: {', '.join(known)}",
                            )
                        )
            found += _unknown_units(file, table, ("tables", name, "files", number), document)
    return found


def _unknown_values(file: SourceFile, table: Table, place: tuple[str | int, ...], document: Document) -> list[Problem]:
    found: list[Problem] = []
    for column, listed in file.synonyms.items():
        values = table.columns[column].values if column in table.columns else ()
        found += [
            document.problem(
                "dataset/unknown-value",
                f"{column} has no value '{value}'",
                (*place, "synonyms", column, value),
                key=True,
                remedy=did_you_mean(value, values) or f"known: {', '.join(values) or 'none, it is no category'}",
            )
            for value in listed
            if column in table.columns and value not in values
        ]
    return found


def _unknown_units(file: SourceFile, table: Table, place: tuple[str | int, ...], document: Document) -> list[Problem]:
    """A unit that is not understood would make amounts wrong by a power of ten, so it is an error."""
    found: list[Problem] = []
    for column, unit in file.units.items():
        kind = table.columns[column].unit if column in table.columns else None
        if kind == "cny" and money_unit(unit) is None:
            remedy = "write for example 元, 万元, 百万元, 亿元 or 万美元"
        elif kind == "ratio" and unit not in RATIO_UNITS:
            remedy = f"write one of {', '.join(RATIO_UNITS)}"
        elif kind not in ("cny", "ratio", None):
            remedy = "only amounts and ratios have a unit to state: remove the line"
        else:
            continue
        found.append(
            document.problem(
                "dataset/unit", f"'{unit}' is no unit of {column}", (*place, "units", column), remedy=remedy
            )
        )
    return found


def usable_columns(table: Table) -> tuple[str, ...]:
    """Return the columns a manifest may map: those of the table, and for a child what may name its company."""
    extra = ("uscc", "name") if parent_key(table) else ()
    return tuple(dict.fromkeys((*table.columns, *extra)))


def _outside(manifest: Manifest, path: Path, document: Document) -> list[Problem]:
    """Refuse files outside the manifest's folder: a manifest travels, and must not reach into its reader's disk."""
    found: list[Problem] = []
    folder = path.parent.resolve()
    for name, source in manifest.tables.items():
        for number, file in enumerate(source.files):
            if file.file is None:
                continue
            place = ("tables", name, "files", number, "file")
            target = (folder / file.file).resolve() if "\x00" not in file.file else None
            if target is None or not target.is_relative_to(folder):
                found.append(
                    document.problem(
                        "dataset/outside",
                        f"'{file.file}' lies outside the dataset's folder",
                        place,
                        remedy="put the file beside dataset.yaml",
                    )
                )
            elif not target.is_file() and not target.is_dir():
                names = [entry.name for entry in folder.iterdir() if entry.is_file()]
                found.append(
                    document.problem(
                        "dataset/no-file",
                        f"'{file.file}' is not a regular file"
                        if target.exists()
                        else f"there is no file '{file.file}'",
                        place,
                        remedy=did_you_mean(file.file, names),
                    )
                )
    return found


def single_file(path: Path, root: str) -> Manifest:
    """Return the manifest that one file without a manifest stands for."""
    head = DatasetHead(id="file", label=Label(zh=path.name))
    return Manifest(dataset=head, tables={root: TableSource(files=(SourceFile(file=path.name),))})


def parquet_folder(path: Path, root: str) -> Manifest:
    """Return the manifest that a folder of Parquet files without a manifest stands for: all are parts of the root table."""
    head = DatasetHead(id="file", label=Label(zh=path.resolve().name))
    whole = SourceFile(file=".")
    files = tuple(whole.part(part, ".") for part in parts_of(path, shown_path(path)))
    return Manifest(dataset=head, tables={root: TableSource(files=files)})


def find_manifest(source: Path) -> Path | None:
    """Return the manifest that `source` names, None when it is a data file or a folder of Parquet files.

    Raises DatasetError for a path that is not there or a folder without a manifest.
    """
    shown = shown_path(source)
    trace.looked(source)
    if not source.exists():
        near = (
            did_you_mean(source.name, [entry.name for entry in source.parent.iterdir()])
            if (source.parent.is_dir())
            else ""
        )
        raise DatasetError.of("data/no-file", f"there is nothing at {shown}", Position(shown), near or "check the path")
    if source.is_dir():
        manifest = source / MANIFEST
        trace.looked(manifest)
        if manifest.is_file():
            return manifest
        if is_parquet_folder(source):
            return None
        files = sorted(entry.name for entry in source.iterdir() if entry.is_file())[:5]
        example = files[0] if files else "FILE"
        raise DatasetError.of(
            "data/no-manifest",
            f"the folder {shown} has no {MANIFEST}, so it is not known which file holds which table",
            Position(shown),
            f"`screen inspect {shown}/{example}` drafts one to save there as {MANIFEST}",
        )
    return source if source.suffix.lower() in (".yaml", ".yml") else None
