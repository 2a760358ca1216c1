"""Money as exports write it: an amount, a scale, a currency, and whether it is subscribed or paid in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from screening.catalog import DECIMAL
from screening.dataset.figures import WIDE, about, figures, folded, plain_numbers, whole
from screening.dataset.numerals import in_digits, said_once
from screening.dataset.parsed import Parsed, why_not
from screening.dataset.reading import ColumnReading
from screening.dataset.text import nothing
from screening.dataset.vocabulary import fold_word, vocabulary

AMOUNT = pl.Decimal(*DECIMAL)

SCALES: dict[str, int] = {
    "万亿": 10**12,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "萬": 10**4,
    "千": 10**3,
    "百": 10**2,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "thousand": 10**3,
    "k": 10**3,
    "w": 10**4,
}
_LARGE, _SMALL = 10**4, 10**5
_NOT_IN_WAN, _HUGE = 10**5, 10**6
"""Numbers that under 万元 are 10 and 100 亿: whole yuan more likely, surely so behind a currency sign of their own."""
_KINDS = {"认缴": "subscribed", "实缴": "paid_in", "实收": "paid_in"}
# Words that may stand round an amount and say nothing about it. 「超」 and 「以上」 give a bound, not an amount: they leave it unread.
_FILLERS = r"(?:处?以?罚款|罚金|认缴|实缴|实收|注册资本|注册资金|资本|出资额?|(?:金额|货币|计量)?单位|大写|小写|约|近|整|正|左右|余|多|折合|[():,/;、。*+]|等值)"
_INEXACT = r"约|近|左右|[余多]"
_NUMBER = r"(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,2})?)"
_SPLIT = rf"^([^0-9.\-]*){_NUMBER}([^0-9]*)$"
# English units: `RMB'000`, `in millions of yuan`, `RMB 10,000`, `100 million CNY`.
_ENGLISH_FILLERS = r"(?:amounts?|units?|expressed|stated|denominated|chinese|in|of)(?=[^a-z]|in|of|rmb|cny|usd|hkd|yuan|million|thousand|billion|$)"
_SPELT = {
    r"(?<!\d)(?:10,?000|10k|ten-?thousand)s?": "万",
    r"(?<!\d)100-?(?:million|mn|m)s?": "亿",
    r"['’‘]0000s?": "万",
    r"['’‘]000s?": "千",
    "仟": "千",
    "佰": "百",
    "拾": "十",
    r"(?<!\d)1,?000(?!\d|,)": "千",
}
# `36225万元(+225万元)`: a change log gives the change behind the amount.
_CHANGE = r"\([+-][^()]*\)$"


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@cache
def _unit_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A currency anywhere, a scale in front, a currency alone."""
    scales, currencies = _alternatives(list(SCALES)), _alternatives(list(_currencies()))
    return re.compile(currencies), re.compile(rf"^({scales})"), re.compile(rf"^({currencies})$")


@cache
def _currencies() -> dict[str, str]:
    known = vocabulary("currency")
    assert known is not None
    return dict(known.words)


_BETWEEN = re.compile(r"[()（）;；、/\r\n]|[,，](?!\d{3})|(?=(?:实缴|实收|认缴|注册资[本金]))")
_UNIT_SAID = re.compile("[万萬亿億元圆币]")
_PAID_ALTOGETHER = re.compile(
    r"^(.*?\d[^()（）]*?)[\s,，;；(（]+(?:((?:已|均已)?(?:全部|全额|足额)(?:已)?实缴|实缴(?:完毕|到位))|((?:均|尚)?未实缴)|已?实缴(?:比例)?[\d.]+[%％])(?:到位|完毕)?[)）]?$"
)


def both_capitals(text: str, unit: str = "", kind: str = "subscribed") -> tuple[str, str | None] | None:
    """Return what a cell says of registered and of paid-in capital, None where it does not tell both.

    `unit`, `kind`: those of the column, for an amount that states none.

    >>> both_capitals("1200万元（实缴300万元）"), both_capitals("实缴300万 / 认缴1200万"), both_capitals("1200万元（实缴）")
    (('1200万元', '实缴300万元'), ('认缴1200万', '实缴300万'), None)
    """
    if kind == "subscribed" and (whole := _PAID_ALTOGETHER.match(text)):
        return whole[1], whole[1] if whole[2] else "0元" if whole[3] else None
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if re.search(r"\d|[壹贰叁肆伍陆柒捌玖零]", piece)]
    kinds = [kind_of_capital(piece) or ("subscribed" if "注册" in piece else "") for piece in pieces]
    kinds = [said or ("subscribed" if "paid_in" in kinds else kind) for said in kinds]
    stated = {bool(_UNIT_SAID.search(piece)) for piece in pieces}
    if sorted(kinds) != ["paid_in", "subscribed"] or len(stated) > 1 or "%" in text:
        return None
    own = "" if True in stated else unit
    return f"{pieces[kinds.index('subscribed')]}{own}", f"{pieces[kinds.index('paid_in')]}{own}"


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """What a header, a manifest or a cell says of a unit; None where it says nothing."""

    scale: int | None = None
    currency: str | None = None
    kind: str | None = None


def kind_of_capital(text: str) -> str | None:
    """Return `subscribed` or `paid_in` when a text names the kind."""
    return next((kind for word, kind in _KINDS.items() if word in text), None)


@cache
def money_unit(text: str) -> MoneyUnit | None:
    """Read a unit such as `万元`, `万美元`, `人民币`, `认缴,万元`; None when `text` is not one.

    >>> money_unit("万美元")
    MoneyUnit(scale=10000, currency='USD', kind=None)
    """
    rest = fold_word(text)
    pieces = [money_unit(piece) for piece in re.split(r"[/或、]", rest)] if re.search(r"[^/或、][/或、]", rest) else []
    if len({piece.scale for piece in pieces if piece is not None}) > 1:
        return None
    kind = kind_of_capital(rest)
    rest = re.sub(_ENGLISH_FILLERS, "", rest) if rest.isascii() or "¥" in rest or "￥" in rest else rest
    for pattern, word in _SPELT.items():
        rest = re.sub(pattern, word, rest)
    rest = re.sub(_FILLERS, "", rest)
    scale: int | None = None
    currency: str | None = None
    any_currency, leading_scale, only_currency = _unit_words()
    if found := any_currency.search(rest):
        currency = _currencies()[found[0]]
        rest = rest[: found.start()] + rest[found.end() :]
    if found := leading_scale.match(rest):
        scale = SCALES[found[1]]
        rest = re.sub(r"^s$", "", rest[found.end() :])
    # `万元人民币` names the currency twice: the generic 元 and the proper name.
    if second := only_currency.match(rest):
        if currency in (None, "CNY"):
            currency = _currencies()[second[1]]
        rest = ""
    if rest or (scale is None and currency is None and kind is None):
        return None
    # `元` says how large one is; `¥` and `$`, like `人民币`, only what it is of.
    if scale is None and currency is not None and re.search(r"元|圆|yuan", fold_word(text)):
        scale = 1
    return MoneyUnit(scale, currency, kind)


def parse_amount(
    name: str,
    cells: pl.Series,
    *,
    header: MoneyUnit = MoneyUnit(),
    currency: str | None = None,
    row_currency: pl.Series | None = None,
    bare: bool = True,
    reading: ColumnReading | None = None,
) -> Parsed:
    """Read amounts into yuan.

    What the cell says of scale and currency wins over `row_currency`, the header and `currency`, in this order; a bare
    number is in yuan. Currencies are never converted: any but CNY gives NULL, `other_currency`. Columns: `name`,
    `<name>_currency`, `<name>_kind` (subscribed, paid_in, unstated; NULL where there is no amount).
    """
    frame = pl.DataFrame({"cell": cells})
    if (plain := plain_numbers(cells, reading or ColumnReading())) is not None:
        silent = {"scale": pl.Int64, "said": pl.String, "kind": pl.String, "inexact": pl.Boolean}
        frame = frame.with_columns(plain.alias("number"), *(pl.lit(None, kind).alias(n) for n, kind in silent.items()))
    else:
        distinct = _in_pieces(frame.drop_nulls().group_by("cell").len("rows"), reading)
        frame = frame.join(distinct, on="cell", how="left", maintain_order="left")
    number = pl.col("number") if bare else pl.when(pl.col("scale").is_not_null()).then("number")
    scale = pl.coalesce("scale", pl.lit(header.scale or 1, pl.Int64))
    # More digits than a column holds is no amount of money.
    fits = number.cast(pl.Float64).abs() * scale < 1e17
    row = nothing(cells) if row_currency is None else row_currency
    frame = frame.with_columns(number=pl.when(fits).then(number))
    frame, signed, huge = _without_yuan(frame, header, reading or ColumnReading())
    number, found = pl.col("number"), pl.col("number").is_not_null()
    no_unit = pl.col("scale").is_null() & (number != 0)
    in_currency = pl.coalesce("said", pl.lit(row), pl.lit(header.currency), pl.lit(currency), pl.lit("CNY"))
    amount = (number * scale.cast(pl.Decimal(14, 0))).cast(AMOUNT, strict=False)
    read = frame.select(
        pl.when(in_currency == "CNY").then(amount).alias(name),
        pl.when(found).then(in_currency).alias(f"{name}_currency"),
        pl.when(found).then(pl.coalesce("kind", pl.lit(header.kind), pl.lit("unstated"))).alias(f"{name}_kind"),
        found=found,
        # `5200万元` beside `7300`: the bare one may be in 万元 too.
        bare_small=no_unit & (number.abs() < _SMALL) & (header.scale is None),
        scaled=found & (pl.col("scale") >= _LARGE),
        approximate=found & pl.col("inexact"),
        bare=no_unit,
    )
    failure = pl.when(pl.lit(read["found"])).then(pl.lit("other_currency")).otherwise(pl.lit("unparsable"))
    counts = {kind: int(read[kind].sum()) for kind in ("bare_small", "scaled", "approximate")}
    return Parsed(
        {column: read[column] for column in read.columns[:3]},
        why_not(read[name], cells, failure),
        {**counts, "without_unit": counts["bare_small"], "signed": signed, "huge": huge},
        bare=int(read["bare"].sum()),
    )


def _without_yuan(frame: pl.DataFrame, header: MoneyUnit, reading: ColumnReading) -> tuple[pl.DataFrame, int, int]:
    """Take out the numbers that are not to be read in the header's 万元; return how many, and how many more are unlikely to be in it.

    `¥1,200.00` below 万元 is a cell's currency format, `¥12,000,000.00` a sum in yuan: one such leaves all of its kind unread.
    """
    if (header.scale or 1) < _LARGE:
        return frame, 0, 0
    bare, number = pl.col("scale").is_null(), pl.col("number").abs()
    signed = bare & pl.col("said").is_not_null() & number.is_not_null()
    seen = frame.select(
        signed=signed.sum(),
        large=(signed & (number >= _NOT_IN_WAN)).sum(),
        huge=(bare & pl.col("said").is_null() & (number >= _HUGE)).sum(),
    ).row(0, named=True)
    if not reading.weigh(signed_large=seen["large"])["signed_large"]:
        return frame, 0, seen["huge"]
    return frame.with_columns(number=pl.when(~signed).then("number")), seen["signed"], seen["huge"]


def _in_pieces(distinct: pl.DataFrame, reading: ColumnReading | None) -> pl.DataFrame:
    """Return of different cells the number, what stands round it of scale, currency and kind, what says that it is not exact."""
    text, inexact = about(said_once(whole(folded(distinct["cell"]).str.replace_all(_CHANGE, ""))))
    inexact |= text.str.contains(_INEXACT)
    # A whole amount in brackets would be a loss; spelt out in words it is left unread.
    text = in_digits(figures(text, reading, distinct["rows"]))
    # `1.2亿+` is a bound, as 「以上」 is.
    groups = text.str.replace(r"^(.*\d.*)\+$", "").str.extract_groups(_SPLIT).struct
    unit_text = groups.field("1") + "\x1f" + groups.field("3")
    known = {said: unit for said in unit_text.drop_nulls().unique().to_list() if (unit := _cell_unit(said)) is not None}
    units = pl.DataFrame(
        [(said, unit.scale, unit.currency, unit.kind) for said, unit in known.items()],
        schema={"unit": pl.String, "scale": pl.Int64, "said": pl.String, "kind": pl.String},
        orient="row",
    ).with_columns(known=True)
    number = groups.field("2").cast(WIDE, strict=False)
    pieces = pl.DataFrame({"cell": distinct["cell"], "unit": unit_text, "number": number, "inexact": inexact})
    return pieces.join(units, on="unit", how="left", maintain_order="left").select(
        "cell", "scale", "said", "kind", "inexact", number=pl.when("known").then("number")
    )


def _cell_unit(text: str) -> MoneyUnit | None:
    """Read what stands before and after the number of a cell; nothing at all is a bare number."""
    prefix, _, rest = text.partition("\x1f")
    if not re.sub(_FILLERS, "", prefix + rest):
        return MoneyUnit(kind=kind_of_capital(text))
    before = money_unit(prefix) if re.sub(_FILLERS, "", prefix) else MoneyUnit()
    after = money_unit(rest) if re.sub(_FILLERS, "", rest) else MoneyUnit()
    if before is None or after is None:
        return None
    # `US$5万元`: the proper name of a currency says more than the general 元.
    currency = before.currency if before.currency and after.currency in (None, "CNY") else after.currency
    return MoneyUnit(after.scale or before.scale, currency, kind_of_capital(text))
