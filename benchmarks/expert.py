"""The yardstick: what somebody who knows polars writes by hand for one registry export and one plan, and nothing else.

    python -m benchmarks.expert LISTS DATA OUT AS_OF

The same job as `screen run --dossiers none` on the same raw file: cells cleaned, codes checked, dates, capitals, cities and kinds of
entity read, repeated companies set aside, every term of the plan found with its offsets, false friends and exclusions left out, verbs
read, companies graded, facts, stages, places, gates, the plan's criteria with low and high for every stage still possible, verdict,
ranking, nine relations, CSV, workbook of 5,000 rows, digest. It knows its one export and its one plan by heart: no messages, no other
header, no other file, no pages. `LISTS` holds the plan's words and places as tables (`benchmarks.yardstick` writes them).
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import polars as pl

NAMES = {
    "企业名称": "name", "统一社会信用代码": "uscc", "注册日期": "established_on", "企业类型": "company_type",
    "注册资金": "registered_capital", "经营范围": "business_scope", "地区": "city", "注册地址": "address",
}  # fmt: skip
NOTHING = ("", "-", "--", "/", "N/A", "n/a", "NA", "无", "暂无", "不详", "未知", "null", "NULL", "None")
CONTROLS = (
    r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{9F}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FEFF}]"
)
ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
SCALES = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "": 1}
CURRENCIES = {"美": "USD", "港": "HKD", "欧": "EUR", "日": "JPY", "英": "GBP", "澳": "AUD", "加": "CAD", "新台": "TWD"}
DIGITS = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")} | {c: n for n, c in enumerate("〇一二三四五六七八九")}
PLACES = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
MAKE = "研发|研制|研究|开发|制造|生产|设计|加工|组装|装配|制作|产销|建设|运营|集成|铸造|冶炼|提取|制备|提供"
SERVE = "服务|咨询|安装|维修|维护|保养|推广|培训"
TRADE = "销售|批发|零售|购销|经销|代销|代理|贸易|进出口|采购|租赁|出租|展览|回收|投资"
EXCLUDED = r"\([^()]*(?:除外|不含|不包括|不得|禁止|限制)[^()]*\)|(?:不含|不包括)[^,;。()]*|除[^,;。()]+?(?:除外|以外)"
KINDS = {
    "strong": 1.0,
    "abbreviation": 1.0,
    "related": 0.75,
    "scope": 0.5,
    "weak": 0.35,
    "named": 0.5,
    "boilerplate": 0.0,
}
TRACKS = ("seed", "early", "demonstration", "other")
SEPARATOR = "\x1f"


# ---------------------------------------------------------------------------------------------------------- cells
def over_distinct(cells: pl.Series, read, dtype) -> pl.Series:
    """Read each distinct text once."""
    texts = cells.drop_nulls().unique()
    answers = pl.Series([read(text) for text in texts.to_list()], dtype=dtype)
    return cells.replace_strict(texts, answers, default=None, return_dtype=dtype)


def clean(cells: pl.Series) -> pl.Series:
    if cells.str.contains(CONTROLS).any():
        cells = cells.str.replace_all(CONTROLS, "")
    cells = cells.str.strip_chars()
    return cells.set(cells.is_in(NOTHING), None) if cells.is_in(NOTHING).any() else cells


def passes(codes: pl.Series) -> pl.Series:
    """Check digit of GB 32100 over the bytes of all codes at once."""
    whole = codes.str.len_bytes() == 18
    whole = whole.fill_null(False)
    values = [None] * 256
    for value, byte in enumerate(ALPHABET):
        values[byte] = value
    value_of = pl.Series(values, dtype=pl.Int32)
    cells = codes.filter(whole).cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, 18))
    places = [value_of.gather(cells.arr.get(place).cast(pl.UInt32)) for place in range(18)]
    total = sum((places[place] * pow(3, place, 31) for place in range(1, 17)), places[0])
    good = ((31 - total % 31) % 31 == places[17]).fill_null(False)
    answer = pl.Series([False]).new_from_index(0, len(codes))
    return answer.scatter(whole.arg_true(), good)


def day(text: str) -> datetime.date | None:
    found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text) or re.match(r"(\d{4})(\d\d)(\d\d)$", text)
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def chinese(text: str) -> int | None:
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in PLACES:
            section, digit = section + (digit or 1) * PLACES[character], 0
        elif character in "万亿":
            total, section, digit = total + (section + digit) * SCALES[character], 0, 0
    return total + section + digit or None


def capital(text: str) -> tuple[float | None, str | None]:
    text = text.replace(",", "").replace("(", "").replace(")", "").replace("（", "").replace("）", "").replace(" ", "")
    currency = next((code for word, code in CURRENCIES.items() if word in text), "CNY")
    found = re.search(r"(\d+(?:\.\d+)?)(亿|千万|百万|万)?", text)
    if found is None:
        number = chinese("".join(re.findall(r"[零壹贰叁肆伍陆柒捌玖〇一二三四五六七八九拾十佰百仟千万亿]", text)))
        return (float(number), currency) if number else (None, None)
    scale = SCALES[found[2] or next((s for s in ("亿", "万") if s in text), "")]
    return float(found[1]) * scale, currency


def kind_of(frame: pl.DataFrame) -> pl.Expr:
    name, kind, first = (
        pl.col("name"),
        pl.col("company_type").fill_null(""),
        pl.col("uscc").str.slice(0, 2).fill_null(""),
    )
    branch = r"(?:分公司|支公司|分店|分行|支行|营业部|办事处|门市部|分厂)(?:[(（][^)）]*[)）])?$"
    return (
        pl.when(first == "93").then(pl.lit("cooperative"))
        .when(kind.str.contains("分支|分公司|办事处") | name.str.contains(branch)).then(pl.lit("branch"))
        .when((first == "92") | kind.str.contains("个体|个人独资")).then(pl.lit("sole_proprietor"))
        .when(kind.str.contains("合伙") | name.str.contains("合伙(?:企业)?[)）]?$")).then(pl.lit("partnership"))
        .when(first.is_in(["51", "52", "53", "81"])).then(pl.lit("association"))
        .when(first == "12").then(pl.lit("institute"))
        .otherwise(pl.lit("company"))
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ companies
def companies(path: Path, places: dict, as_of: datetime.date, out: Path) -> pl.DataFrame:
    """Read, clean, tell apart; write the clean table and what was set aside."""
    raw = (
        pl.read_parquet(path, columns=list(NAMES))
        if path.suffix == ".parquet"
        else pl.read_csv(path, columns=list(NAMES), infer_schema=False)
    )
    frame = pl.DataFrame([clean(raw[header].alias(name)) for header, name in NAMES.items()]).with_row_index("row", 1)
    codes = frame["uscc"].str.to_uppercase()
    frame = frame.with_columns(uscc=codes, code=codes.set(~passes(codes), None))
    days = over_distinct(frame["established_on"], day, pl.Date)
    frame = frame.with_columns(established_on=days.set((days < datetime.date(1949, 10, 1)) | (days > as_of), None))
    read = {text: capital(text) for text in frame["registered_capital"].drop_nulls().unique().to_list()}
    amounts = over_distinct(frame["registered_capital"], lambda text: read[text][0], pl.Float64)
    currency = over_distinct(frame["registered_capital"], lambda text: read[text][1], pl.String)
    frame = frame.with_columns(
        registered_capital=amounts.set(currency != "CNY", None).cast(pl.Decimal(28, 2)), currency=currency
    )
    known = {city.removesuffix("市"): city for city in places["cities"]}
    declared = over_distinct(
        frame["city"],
        lambda text: known.get(text.removeprefix("广东省").removeprefix("广东").removesuffix("市"), text),
        pl.String,
    )
    missing = declared.is_null()
    if missing.any():
        rest = frame.filter(missing).select(
            pl.coalesce(
                pl.col("address")
                .str.extract("(" + "|".join(places["districts"]) + ")")
                .replace_strict(places["districts"], default=None),
                pl.col("address").str.extract("(" + "|".join(known) + ")").replace_strict(known, default=None),
                pl.col("uscc").str.slice(2, 4).replace_strict(places["codes"], default=None),
                pl.col("name").str.extract("^(" + "|".join(known) + ")").replace_strict(known, default=None),
            )
        )
        declared = declared.scatter(missing.arg_true(), rest.to_series())
    frame = frame.with_columns(
        city=declared,
        district=pl.col("address").str.extract("(" + "|".join(places["districts"]) + ")"),
        entity_kind=kind_of(frame),
        key=pl.col("name").str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[\s·.,，。\-_'\"()（）]", ""),
        filled=pl.sum_horizontal(pl.col(name).is_not_null() for name in NAMES.values()),
    )
    no_name = frame["name"].is_null()
    # One company: one valid code, or one name with one founding date.
    ordered = frame.filter(~no_name).sort("filled", "row", descending=[True, False])
    coded = ordered.filter(pl.col("code").is_not_null())
    bare = ordered.filter(pl.col("code").is_null())
    first = coded.unique("code", keep="first", maintain_order=True)
    bare_first = bare.unique(["key", "established_on"], keep="first", maintain_order=True)
    joined = bare_first.join(
        first.select("key", "established_on"), on=["key", "established_on"], how="anti", nulls_equal=True
    )
    made = [
        "n-" + hashlib.sha256(f"{key}{SEPARATOR}{founded or ''}".encode()).hexdigest()[:12]
        for key, founded in joined.select("key", "established_on").iter_rows()
    ]
    kept = (
        pl.concat(
            [first.with_columns(company_id="code"), joined.with_columns(company_id=pl.Series(made, dtype=pl.String))]
        )
        .drop("filled", "code")
        .sort("company_id")
    )
    lost = frame.select("row").join(kept.select("row"), on="row", how="anti")["row"]
    came = raw[(lost - 1).to_list()]
    aside = pl.DataFrame({
        "row": lost,
        "reason": pl.select(pl.when(no_name.gather(lost - 1)).then(pl.lit("no_name")).otherwise(pl.lit("duplicate"))).to_series(),
        "original": [json.dumps(row, ensure_ascii=False) for row in came.iter_rows(named=True)],
    })  # fmt: skip
    assert kept.height + aside.height == raw.height
    kept.drop("key").write_parquet(out / "companies.parquet", compression="zstd")
    aside.write_parquet(out / "set_aside.parquet", compression="zstd")
    return kept


# ----------------------------------------------------------------------------------------------------------- text
WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"　": " "}
CAPITALS = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
FOLD = {wide: CAPITALS.get(plain, plain) for wide, plain in WIDE.items()} | CAPITALS


def holding(frame: pl.DataFrame, field: str, terms: list[str]) -> pl.DataFrame:
    """Return the texts that hold a term, folded; what holds none is never copied."""
    raw = frame.select("company_id", text=field).filter(
        pl.col("text").str.contains_any(terms, ascii_case_insensitive=True)
        | pl.col("text").str.contains("[０-９Ａ-Ｚａ-ｚ]")
    )
    return raw.with_columns(pl.col("text").str.replace_many(list(FOLD), list(FOLD.values())), field=pl.lit(field))


def found_in(texts: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return every occurrence: text_no, start, end (code points), word_no."""
    listed = words["term"].to_list()
    byte = (
        texts.lazy()
        .select(
            "text_no", "text",
            term=pl.col("text").str.extract_many(listed, overlapping=True),
            byte=pl.col("text").str.find_many(listed, overlapping=True),
        )
        .explode("term", "byte", empty_as_null=False)
        .with_columns(start=pl.col("text").cast(pl.Binary).bin.slice(0, pl.col("byte")).cast(pl.String).str.len_chars().cast(pl.Int32))
        .join(words.lazy(), on="term")
        .with_columns(end=pl.col("start") + pl.col("length"))
        .with_columns(
            before=pl.col("text").str.slice(pl.col("start") - 1, 1), after=pl.col("text").str.slice(pl.col("end"), 1)
        )
    )  # fmt: skip
    letter = "[0-9a-z]"
    cut = (pl.col("ascii_start") & (pl.col("start") > 0) & pl.col("before").str.contains(letter)) | (
        pl.col("ascii_end") & pl.col("after").str.contains(letter)
    )
    return byte.filter(~cut).select("text_no", "start", "end", "word_no", "mask").collect()


def graded(
    frame: pl.DataFrame, words: pl.DataFrame, meanings: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return spans, classification and the foremost direction of each company."""
    telling = words.filter(~pl.col("mask"))["term"].to_list()
    texts = pl.concat(
        [holding(frame, "business_scope", telling), holding(frame, "name", [t for t in telling if len(t) > 1])]
    ).with_row_index("text_no")
    odd = texts["text"].str.contains("不含|不包括|除外|以外|不得|禁止|限制")
    if odd.any():
        pattern = re.compile(EXCLUDED)
        blank = [pattern.sub(lambda m: "\ue000" * len(m[0]), text) for text in texts["text"].filter(odd).to_list()]
        texts = texts.with_columns(text=texts["text"].scatter(odd.arg_true(), blank))
    hits = found_in(texts, words)
    # A hit inside a false friend, or inside a longer term, is none.
    wider = hits.select("text_no", "start", "end").unique()
    inside = (
        hits.lazy()
        .join(wider.lazy(), on="text_no", suffix="_wide")
        .filter(
            (pl.col("start_wide") <= pl.col("start")) & (pl.col("end") <= pl.col("end_wide"))
            & (pl.col("end_wide") - pl.col("start_wide") > pl.col("end") - pl.col("start"))
        )
        .select("text_no", "start", "end").unique().collect()
    )  # fmt: skip
    hits = hits.filter(~pl.col("mask")).join(inside, on=["text_no", "start", "end"], how="anti")
    hits = hits.join(texts, on="text_no").with_columns(
        left=pl.col("text").str.slice(0, pl.col("start")).str.extract(r"([^。;]*)$"),
        right=pl.col("text").str.slice(pl.col("end")).str.extract(r"^([^。;]*)"),
    )
    item, head = pl.col("right").str.extract(r"^([^,、]*)"), pl.col("left").str.extract(r"^([^:]*):")
    said = pl.concat_str([pl.col("left").str.extract(r"([^,、]*)$"), pl.lit(" "), item])
    hits = hits.with_columns(
        activity=pl.when(head.str.contains(MAKE)).then(pl.lit("make"))
        .when(head.str.contains(TRADE)).then(pl.lit("trade"))
        .when(said.str.contains(MAKE)).then(pl.lit("make"))
        .when(said.str.contains(TRADE)).then(pl.lit("trade"))
        .when(said.str.contains(SERVE)).then(pl.lit("service"))
        .when(pl.col("right").str.contains(f"^[^;。]{{0,12}}(?:{MAKE})")).then(pl.lit("make"))
        .otherwise(pl.lit("unstated"))
    )  # fmt: skip
    meant = hits.join(meanings, on="word_no").with_columns(
        weight=pl.col("kind").replace_strict(KINDS, return_dtype=pl.Float64)
        * pl.col("activity").replace_strict({"make": 1.0, "unstated": 0.8, "service": 0.6, "trade": 0.0}, return_dtype=pl.Float64)
        * pl.when(pl.col("field") == "name").then(0.5).when(pl.col("start") < 60).then(1.3).otherwise(1.0)
    )  # fmt: skip
    families = meant.group_by("company_id", "domain_id", "direction_id", "family").agg(
        pl.col("weight").max(), told=(pl.col("field") != "name").any(), trade=(pl.col("activity") == "trade").all()
    )
    classes = (
        families.sort("weight", descending=True)
        .group_by("company_id", "domain_id", "direction_id")
        .agg(strength=pl.col("weight").head(3).sum(), told=pl.col("told").any(), trade=pl.col("trade").all())
        .with_columns(
            strength=pl.col("strength").cast(pl.Decimal(9, 2)),
            grade=pl.when(~pl.col("told")).then(pl.lit("name"))
            .when(pl.col("trade")).then(pl.lit("trade"))
            .when(pl.col("strength") >= 0.9).then(pl.lit("core"))
            .when(pl.col("strength") >= 0.65).then(pl.lit("related"))
            .otherwise(pl.lit("boilerplate")),
        )
        .sort("company_id", pl.col("strength") * -1, "domain_id", "direction_id", nulls_last=True)
        .with_columns(position=pl.int_range(1, pl.len() + 1).over("company_id"))
        .drop("told", "trade")
    )  # fmt: skip
    spans = (
        meant.select(
            "company_id", "domain_id", "direction_id", "field", "start", "end", "kind", "activity", word="word_no"
        )
        .join(words.select(word="word_no", term="term"), on="word")
        .drop("word")
    )
    return spans, classes, classes.filter(pl.col("position") == 1)


# ---------------------------------------------------------------------------------------------------------- rules
def bands(fact: str, *edges: tuple[float, float]) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Points of half-open bands, the highest first; low and high of what is missing are the least and the most."""
    points: pl.Expr = pl.lit(None, pl.Float64)
    for edge, worth in sorted(edges):
        points = pl.when(pl.col(fact) >= edge).then(float(worth)).otherwise(points)
    return _missing(points, min(w for _, w in edges), max(w for _, w in edges))


def line(fact: str, *knots: tuple[float, float]) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Points along a line through the knots."""
    x = pl.col(fact)
    points = pl.when(x < knots[0][0]).then(float(knots[0][1])).when(x >= knots[-1][0]).then(float(knots[-1][1]))
    for (a, p), (b, q) in pairwise(knots):
        points = points.when(x < b).then(p + (q - p) * (x - a) / (b - a))
    worth = [w for _, w in knots]
    return _missing(points.otherwise(None), min(worth), max(worth))


def either(*cases: tuple[str, float]) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The first case that holds counts, else nothing; three-valued."""
    low = high = pl.lit(0.0)
    for fact, worth in reversed(cases):
        low = pl.when(pl.col(fact).fill_null(False)).then(float(worth)).otherwise(low)
        high = pl.when(pl.col(fact).fill_null(True)).then(float(worth)).otherwise(high)
    return (low + high) / 2, pl.min_horizontal(low, high), pl.max_horizontal(low, high)


def _known(points: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return points, points, points


def _missing(points: pl.Expr, least: float, most: float) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    return points.fill_null((least + most) / 2), points.fill_null(float(least)), points.fill_null(float(most))


IP = {
    "seed": ((0, 2), (1, 8), (2, 10)), "early": ((0, 0), (1, 5), (3, 8), (5, 10)),
    "demonstration": ((0, 0), (1, 3), (3, 6), (5, 8), (10, 10)), "other": ((0, 0), (1, 3), (3, 6), (5, 8), (10, 10)),
}  # fmt: skip
RD = {
    "seed": ("rd_share_of_cost", ((0, 0), (0.1, 3), (0.2, 6), (0.35, 8), (0.5, 10))),
    "early": ("rd_share_of_cost", ((0, 0), (0.1, 3), (0.2, 6), (0.3, 8), (0.4, 10))),
    "demonstration": ("rd_share_of_revenue", ((0, 0), (0.03, 3), (0.05, 6), (0.07, 8), (0.1, 10))),
    "other": ("rd_share_of_revenue", ((0, 0), (0.03, 3), (0.05, 6), (0.07, 8), (0.1, 10))),
}
LICENSED = (
    "二(一)2",
    "二(二)4",
    "二(三)2",
    "二(三)3",
    "二(三)4",
    "二(三)5",
    "二(四)3",
    "二(六)1",
    "二(六)3",
    "二(六)4",
    "二(七)3",
)


def merit(track: str) -> dict[str, tuple[tuple[pl.Expr, pl.Expr, pl.Expr], float, pl.Expr | None]]:
    """The 23 criteria of merit on one track: points with low and high, weight, whether they apply."""
    place = TRACKS.index(track)

    def of(score, *weights, applies=None):
        return score, float(weights[place]), applies

    return {
        "founders_full_time": of(bands("founders_full_time_share", (0, 0), (0.5, 5), (0.66, 7), (1, 10)), 10, 7, 2, 2),
        "team_experience": of(line("core_industry_years", (0, 0), (3, 4), (5, 6), (10, 10)), 9, 6, 3, 3),
        "team_startups": of(bands("founder_prior_startups", (0, 4), (1, 8), (2, 10)), 4, 3, 1, 1),
        "team_doctors": of(bands("phd_count", (0, 2), (1, 7), (3, 10)), 7, 5, 2, 2),
        "team_education": of(bands("degree_share", (0, 2), (0.3, 7), (0.6, 10)), 5, 4, 2, 2),
        "core_ip": of(bands("own_class_one_ip", *IP[track]), 14, 12, 10, 10),
        "technical_validation": of(either(("has_test_report", 10), ("has_prototype", 6)), 12, 6, 3, 2),
        "recognition": of(either(("cert_top", 10), ("cert_provincial", 7), ("cert_tech", 5)), 5, 4, 5, 6),
        "technology_origin": of(
            either(("has_technology_licence", 10)), 4, 3, 2, 2, applies=pl.col("university_holder")
        ),
        "rd_intensity": of(bands(RD[track][0], *RD[track][1]), 10, 9, 3, 6),
        "rd_team": of(bands("rd_staff_share", (0, 0), (0.1, 4), (0.3, 7), (0.5, 10)), 5, 6, 2, 4),
        "pilot_customers": of(bands("pilot_contracts", (0, 0), (1, 6), (2, 8), (3, 10)), 5, 7, 10, 5),
        "acceptance": of(bands("acceptances", (0, 0), (1, 7), (2, 10)), 0, 4, 8, 4),
        "repeat_business": of(bands("repeat_orders", (0, 0), (1, 8), (2, 10)), 0, 3, 8, 6),
        "growth": of(bands("revenue_growth", (-1e9, 0), (0, 3), (0.15, 6), (0.3, 8), (0.5, 10)), 0, 6, 4, 10),
        "runway": of(bands("runway_months", (0, 0), (6, 3), (12, 6), (18, 8), (24, 10)), 10, 7, 5, 5),
        "margin": of(bands("gross_margin", (-1e9, 0), (0.15, 4), (0.3, 7), (0.5, 10)), 0, 4, 4, 7),
        "leverage": of(bands("debt_ratio", (-1e9, 10), (0.55, 5), (0.75, 0)), 0, 4, 3, 6),
        "profitability": of(line("net_margin", (-0.5, 0), (0, 6), (0.15, 10)), 0, 0, 3, 7),
        "production": of(either(("has_production_line", 10), ("has_pilot_line", 6)), 0, 0, 6, 3),
        "first_set": of(either(("has_first_set", 10)), 0, 0, 5, 3),
        "licences": of(either(("has_licence", 10)), 0, 0, 4, 2, applies=pl.col("direction_id").is_in(LICENSED)),
        "scale_up_date": of(bands("months_to_scale_up", (-1e9, 0), (0, 10), (36, 8), (60, 0)), 0, 0, 5, 2),
    }


NUMBERS = (
    "founders_full_time_share", "core_industry_years", "founder_prior_startups", "phd_count", "degree_share", "own_class_one_ip",
    "rd_share_of_cost", "rd_share_of_revenue", "rd_staff_share", "pilot_contracts", "acceptances", "repeat_orders", "revenue_growth",
    "runway_months", "gross_margin", "debt_ratio", "net_margin", "months_to_scale_up", "annual_revenue", "staff_count", "total_assets_last",
)  # fmt: skip
FLAGS = (
    "has_test_report", "has_prototype", "cert_top", "cert_provincial", "cert_tech", "has_technology_licence", "university_holder",
    "has_production_line", "has_pilot_line", "has_first_set", "has_licence", "has_pilot", "listed_now", "scale_up_supported",
)  # fmt: skip
PILLARS = {
    "team": 5, "technology_ip": 4, "rd": 2, "market": 4, "finances": 4, "path_to_scale": 4,
}  # fmt: skip


def judged(frame: pl.DataFrame, places: dict, gates: list[str], as_of: datetime.date) -> dict[str, pl.DataFrame]:
    """Facts to criteria of the companies in scope."""
    born = pl.col("established_on")
    months = (
        (as_of.year - born.dt.year()) * 12
        + (as_of.month - born.dt.month())
        - (born.dt.day() > as_of.day).cast(pl.Int32)
    )
    facts = frame.select(
        "company_id", "direction_id", "domain_id", "fit_grade", "city", "address", "district", "entity_kind", "registered_capital",
        age_months=months,
        **{name: pl.lit(None, pl.Float64) for name in NUMBERS},
        **{name: pl.lit(None, pl.Boolean) for name in FLAGS},
    )  # fmt: skip
    age = pl.col("age_months")
    old = age > 60
    facts = facts.with_columns(
        may_seed=(age <= 36).fill_null(True) & (pl.col("annual_revenue") < 5e6).fill_null(True),
        may_early=(age <= 60).fill_null(True) & (pl.col("annual_revenue") <= 5e7).fill_null(True)
        & (pl.col("staff_count") <= 300).fill_null(True) & (pl.col("total_assets_last") <= 5e7).fill_null(True),
        may_mature=old.fill_null(True) & (pl.col("listed_now") | (pl.col("annual_revenue") >= 4e8)).fill_null(True),
        may_demonstration=(pl.col("has_pilot") | pl.col("has_first_set")).fill_null(True) & pl.col("scale_up_supported").fill_null(True),
    ).with_columns(
        life_stage=pl.when("may_seed").then(pl.lit("seed")).when("may_early").then(pl.lit("early")).otherwise(pl.lit("growth")),
        may_other=pl.lit(True),
    )  # fmt: skip
    entries, named = (
        places["entries"],
        pl.DataFrame(places["named"], schema=["city", "direction_id", "region", "sub_industry"], orient="row"),
    )
    listed = pl.DataFrame(places["listed"], schema=["city", "domain_id"], orient="row").with_columns(listed=True)
    place = (
        facts.select("company_id", "city", "district", "direction_id", "domain_id", "address")
        .join(named.unique(["city", "direction_id"], keep="first"), on=["city", "direction_id"], how="left")
        .join(listed.unique(), on=["city", "domain_id"], how="left")
        .with_columns(
            entry=pl.col("city").replace_strict(entries, default=None, return_dtype=pl.String),
            carrier=pl.col("address").str.extract("(" + "|".join(map(re.escape, places["carriers"])) + ")"),
            place_grade=pl.when(pl.col("city").is_null()).then(pl.lit("unknown"))
            .when(~pl.col("city").is_in(places["cities"])).then(pl.lit("outside_province"))
            .when(pl.col("region") == True).then(pl.lit("region_sub_industry"))  # noqa: E712
            .when(pl.col("region") == False).then(pl.lit("named_sub_industry"))  # noqa: E712
            .when("listed").then(pl.lit("city_domain"))
            .otherwise(pl.lit("plan_direction")),
        )
        .drop("address", "region", "listed", "direction_id", "domain_id")
    )  # fmt: skip
    facts = facts.with_columns(place["place_grade"])
    fit = {
        "direction_match": _known(pl.col("fit_grade").replace_strict({"core": 55.0, "related": 30.0}, default=0.0)),
        "stage_match": (
            pl.when(pl.col("life_stage") == "growth").then(10.0).otherwise(20.0),
            pl.when("may_mature").then(4.0).otherwise(10.0),
            pl.when(pl.any_horizontal("may_seed", "may_early", "may_demonstration")).then(20.0).otherwise(14.0),
        ),
        "commercialisation_path": (
            pl.lit(7.5), pl.lit(5.0), pl.when(pl.any_horizontal(pl.col("has_pilot").fill_null(True))).then(10.0).otherwise(8.0)
        ),
        "city_match": _known(pl.col("place_grade").replace_strict(
            {"named_sub_industry": 15.0, "region_sub_industry": 14.0, "city_domain": 12.0, "plan_direction": 9.0}, default=0.0)),
    }  # fmt: skip
    frame = facts.with_columns(
        **{
            f"{name}.{part}": score[n]
            for name, score in fit.items()
            for n, part in enumerate(("points", "low", "high"))
        }
    )
    for part in ("points", "low", "high"):
        frame = frame.with_columns(pl.sum_horizontal(f"{name}.{part}" for name in fit).alias(f"fit.{part}"))
    shown = pl.when("may_seed").then(pl.lit("seed")).when("may_early").then(pl.lit("early")).otherwise(pl.lit("other"))
    frame = frame.with_columns(track=shown)
    for track in TRACKS:
        columns, held = {}, merit(track)
        for name, ((points, low, high), weight, applies) in held.items():
            on = pl.lit(True) if applies is None else applies.fill_null(True)
            columns |= {
                f"{track}|{name}.points": pl.when(on).then(points), f"{track}|{name}.low": pl.when(on).then(low),
                f"{track}|{name}.high": pl.when(on).then(high), f"{track}|{name}.weight": pl.when(on).then(weight).otherwise(0.0),
            }  # fmt: skip
        frame = frame.with_columns(**columns)
        start = 0
        names, sums = list(held), {}
        for pillar, count in PILLARS.items():
            mine, start = names[start : start + count], start + count
            full = float(sum(held[name][1] for name in mine))
            weight = pl.sum_horizontal(f"{track}|{name}.weight" for name in mine)
            for part in ("points", "low", "high"):
                total = pl.sum_horizontal(
                    pl.col(f"{track}|{n}.{part}") * pl.col(f"{track}|{n}.weight") / 10 for n in mine
                )
                sums[f"{track}|{pillar}.{part}"] = pl.when(weight > 0).then(total * full / weight).otherwise(0.0)
        frame = frame.with_columns(**sums)
        frame = frame.with_columns(
            pl.sum_horizontal(f"{track}|{pillar}.{part}" for pillar in PILLARS).alias(f"{track}|merit.{part}")
            for part in ("points", "low", "high")
        )
    shown_as = {}
    every = [*merit("seed"), *PILLARS, "merit"]
    for name in every:
        for part in ("points", "low", "high", *(("weight",) if name not in PILLARS and name != "merit" else ())):
            by_track = (
                pl.when(pl.col("track") == "seed")
                .then(f"seed|{name}.{part}")
                .when(pl.col("track") == "early")
                .then(f"early|{name}.{part}")
            )
            shown_as[f"{name}.{part}"] = by_track.otherwise(f"other|{name}.{part}")
    frame = frame.with_columns(**shown_as).with_columns(
        pl.min_horizontal(pl.when(f"may_{t}").then(f"{t}|merit.low") for t in TRACKS).alias("merit.low"),
        pl.max_horizontal(pl.when(f"may_{t}").then(f"{t}|merit.high") for t in TRACKS).alias("merit.high"),
    )  # fmt: skip
    frame = frame.with_columns(
        **{f"score.{p}": (pl.col(f"fit.{p}") * 0.4 + pl.col(f"merit.{p}") * 0.6) for p in ("points", "low", "high")},
        coverage=pl.sum_horizontal(
            pl.col(f"{n}.weight") * (pl.col(f"{n}.low") == pl.col(f"{n}.high")) for n in merit("seed")
        )
        / 100,
    ).with_columns(pl.col("score.low") - 10)
    numbers = [c for c in frame.columns if c.rsplit(".", 1)[-1] in ("points", "low", "high", "weight") and "|" not in c]
    contributions = {
        f"{n}.contribution": (pl.col(f"{n}.points") * pl.col(f"{n}.weight") / 10).cast(pl.Decimal(9, 2))
        for n in merit("seed")
    }
    reasons = {
        f"{n}.reason": pl.when(pl.col(f"{n}.low") != pl.col(f"{n}.high")).then(pl.lit("not_collected"))
        for n in (*fit, *merit("seed"))
    }
    criteria = frame.select(
        "company_id",
        *(pl.col(c).cast(pl.Decimal(9, 2)) for c in numbers),
        pl.col("coverage").cast(pl.Decimal(5, 4)),
        **contributions,
        **reasons,
    )
    known = ("age_months", "registered_capital", "entity_kind", "direction_id", "domain_id", "fit_grade")
    all_facts = facts.select(
        "company_id",
        *known,
        *(pl.lit(None, pl.Decimal(28, 6)).alias(name) for name in NUMBERS),
        *FLAGS,
        **{f"{name}.reason": pl.lit("not_collected") for name in (*NUMBERS, *FLAGS)},
        **{f"{name}.reason": pl.when(pl.col(name).is_null()).then(pl.lit("not_collected")) for name in known},
    )
    stage = frame.select(
        "company_id", "life_stage", "track", maturity=pl.lit(None, pl.String),
        possible=pl.concat_str(*(pl.when(f"may_{t}").then(pl.lit(t)) for t in TRACKS), separator=",", ignore_nulls=True),
    )  # fmt: skip
    company = pl.col("entity_kind") == "company"
    gate = frame.select(
        "company_id",
        **{f"{g}.status": pl.lit("not_run") for g in gates},
        **{f"{g}.reason": pl.lit("not_collected") for g in gates},
    ).with_columns(
        pl.when(frame["entity_kind"] == "company")
        .then(pl.lit("passed"))
        .otherwise(pl.lit("failed"))
        .alias("entity_is_company.status"),
        pl.lit(None, pl.String).alias("entity_is_company.reason"),
    )
    verdict = frame.select(
        "company_id", "track", "life_stage", "fit_grade", "domain_id", "direction_id", "coverage", "fit.points", "fit.low", "fit.high",
        "merit.points", "merit.low", "merit.high", "score.points", "score.low", "score.high",
        outcome=pl.when(~company).then(pl.lit("rejected")).when(pl.col("fit_grade") == "unknown").then(pl.lit("insufficient_data"))
        .otherwise(pl.lit("ranked")),
    )  # fmt: skip
    return {"facts": all_facts, "stage": stage, "place": place, "gates": gate, "criteria": criteria, "verdict": verdict}


# ---------------------------------------------------------------------------------------------------------- output
def written(relations: dict[str, pl.DataFrame], keys: dict[str, list[str]], out: Path) -> str:
    """Write the relations sorted by key and return one digest of all their values."""
    digest = hashlib.sha256()
    for name, frame in relations.items():
        ordered = frame.sort(keys[name], nulls_last=False)
        ordered.write_parquet(out / f"{name}.parquet", compression="zstd")
        columns = sorted(ordered.columns)
        digest.update(f"{name} {columns}\n".encode())
        for part in ordered.iter_slices(200_000):
            texts = part.select(pl.col(columns).cast(pl.String).fill_null("\\N").str.join("\n"))
            for text in texts.row(0):
                digest.update(text.encode())
    return digest.hexdigest()


def main() -> None:
    lists, data, out, as_of = (
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        datetime.date.fromisoformat(sys.argv[4]),
    )
    words, meanings = pl.read_parquet(lists / "words.parquet"), pl.read_parquet(lists / "meanings.parquet")
    places = json.loads((lists / "places.json").read_text(encoding="utf-8"))
    gates = places.pop("gates")
    clean_table = companies(data, places, as_of, out)
    spans, classes, foremost = graded(clean_table, words, meanings)
    silent = r"^.{0,30}经营范围.{0,30}章程.{0,60}$"
    profile = clean_table.join(foremost.select("company_id", "domain_id", "direction_id", fit_grade="grade"), on="company_id", how="left").with_columns(
        fit_grade=pl.when(pl.col("business_scope").is_null() | pl.col("business_scope").str.contains(silent))
        .then(pl.lit("unknown")).otherwise(pl.col("fit_grade").fill_null("none"))
    )  # fmt: skip
    scope = profile.filter(pl.col("fit_grade").is_in(["core", "related", "unknown"]))
    relations = judged(scope, places, gates, as_of)
    verdict = relations.pop("verdict")
    decimals = [c for c in verdict.columns if c.split(".")[0] in ("fit", "merit", "score")]
    ranked = verdict.with_columns(
        pl.col(decimals).cast(pl.Decimal(9, 2)), pl.col("coverage").cast(pl.Decimal(5, 4))
    ).with_columns(
        rank=pl.when(pl.col("outcome") == "ranked")
        .then(pl.col("score.points"))
        .rank("min", descending=True)
        .cast(pl.Int32)
    )
    ranking = profile.select("company_id", "uscc", "name", "city", "fit_grade", "domain_id", "direction_id").join(
        ranked.drop("fit_grade", "domain_id", "direction_id"), on="company_id", how="left"
    ).with_columns(pl.col("outcome").fill_null("out_of_scope"))  # fmt: skip
    status = relations["gates"].unpivot(on=[f"{g}.status" for g in gates], variable_name="rule_id", value_name="status")
    rules = status.group_by("rule_id", "status").len()
    relations = {"ranking": ranking, "classification": classes, "spans": spans, **relations, "rules": rules}
    keys = {name: ["company_id"] for name in relations} | {
        "classification": ["company_id", "domain_id", "direction_id"],
        "spans": ["company_id", "field", "start", "end", "domain_id", "direction_id", "term", "kind"],
        "rules": ["rule_id", "status"],
    }
    digest = written(relations, keys, out)
    by_rank = ranking.sort("rank", "company_id", nulls_last=True)
    by_rank.write_csv(out / "ranking.csv")
    by_rank.head(5_000).write_excel(out / "ranking.xlsx")
    outcomes = dict(ranking.group_by("outcome").len().sort("outcome").iter_rows())
    print(json.dumps({"digest": digest, "clean": clean_table.height, "outcomes": outcomes}, ensure_ascii=False))


if __name__ == "__main__":
    main()
