"""The city and district of each company, told column by column with the patterns of the geography."""

from __future__ import annotations

import re

import polars as pl

from screening.dataset.text import fold, map_unique, simplified
from screening.divisions import PROVINCES
from screening.geography import (
    ABROAD,
    FREE_TRADE_ZONE,
    Geography,
    city_named,
    city_of_address,
    city_of_latin_address,
    patterns,
)

_FOLDED = "folded "
_OUTSIDE = frozenset(
    (
        "省外",
        "外省",
        "外地",
        "境外",
        "国外",
        "海外",
        "外省市",
        "省外企业",
        "境外企业",
        "outside the province",
        "overseas",
    )
)


def locate(frame: pl.DataFrame, geography: Geography | None) -> pl.DataFrame:
    """Return `city`, `city_basis`, `district` for the rows of `frame`.

    Reads the text columns `city`, `district`, `address`, `uscc`, `name` where there are any. NULL where nothing tells.
    A declared city counts first, then the address, the registrar's digits of the credit code, the name.
    """
    height = frame.height

    def cells(column: str) -> pl.Series:
        return frame[column] if column in frame.columns else pl.Series(column, [None] * height, dtype=pl.String)

    declared, district, address = cells("city"), cells("district"), cells("address")
    if geography is None or not geography.cities:
        basis = pl.select(pl.when(declared.is_not_null()).then(pl.lit("declared"))).to_series() if height else declared
        return pl.DataFrame({"city": declared, "city_basis": basis, "district": district})
    city = map_unique(declared, lambda text: city_named(geography, text)).alias("city")
    # A district alone says where it is, if it is one of the province's.
    open_district = pl.DataFrame({"city": city, "district": district}).select(
        pl.when(pl.col("city").is_null()).then("district")
    )
    city = city.fill_null(map_unique(open_district.to_series(), lambda text: _known(geography, text)))
    found = pl.DataFrame({"city": city, "address": address, "uscc": cells("uscc"), "name": cells("name")})
    declared_city = pl.col("city")
    # Folded once: the patterns ask a dozen times, and each time it would be folded anew.
    open_rows = (
        found.with_row_index("row")
        .filter(declared_city.is_null())
        .with_columns(pl.col("address", "name").pipe(fold).pipe(simplified).name.prefix(_FOLDED))
    )
    answers = open_rows.select("row", **_tell(geography)) if open_rows.height else None
    result = found.select(declared_city, basis=pl.when(declared_city.is_not_null()).then(pl.lit("declared")))
    if answers is not None:
        told = answers.with_columns(
            told=pl.coalesce("address", "code", "name"),
            told_basis=pl.when(pl.col("address").is_not_null())
            .then(pl.lit("address"))
            .when(pl.col("code").is_not_null())
            .then(pl.lit("code"))
            .when(pl.col("name").is_not_null())
            .then(pl.lit("name")),
        )
        result = (
            result.with_row_index("row")
            .join(told.select("row", "told", "told_basis"), on="row", how="left", maintain_order="left")
            .select(city=pl.coalesce("city", "told"), basis=pl.coalesce("basis", "told_basis"))
        )
    # `省外` beside no address is all that is known; a place in the company's name does not take it back.
    outside = declared.str.strip_chars().is_in(list(_OUTSIDE)) & ~result["basis"].is_in(["address"]).fill_null(False)
    if outside.any():
        result = result.with_columns(
            city=pl.when(outside).then(declared).otherwise("city"),
            basis=pl.when(outside).then(pl.lit("declared")).otherwise("basis"),
        )
    written = pl.DataFrame({"a": address, "city": result["city"], "district": district}).select(
        district=pl.coalesce("district", _district_of_address(pl.col("a"), pl.col("city"), geography))
    )
    return pl.DataFrame({"city": result["city"], "city_basis": result["basis"], "district": written["district"]})


def _known(geography: Geography, text: str) -> str | None:
    named = city_named(geography, text)
    return named if named in {city.name for city in geography.cities} else None


def _tell(geography: Geography) -> dict[str, pl.Expr]:
    known = patterns(geography)
    cities = dict(known.cities)
    zone, instead = FREE_TRADE_ZONE
    address, name = pl.col(_FOLDED + "address").str.replace(zone, "${1}" + instead), pl.col(_FOLDED + "name")
    local = address.str.replace(rf"^(?:中国)?{re.escape(geography.province.removesuffix('省'))}省?", "")

    def meant(text: pl.Expr, pattern: str) -> pl.Expr:
        return text.str.extract(pattern, 1).replace_strict(cities, default=None, return_dtype=pl.String)

    other = local.str.extract(known.other_city, 1)
    outside = address.str.contains(known.elsewhere) | address.str.contains(known.bare_elsewhere)
    other_city = pl.when(other.is_not_null() & ~other.is_in(list(cities)) & ~other.str.contains(known.own)).then(other)
    elsewhere = (
        pl.when(outside)
        .then(pl.col("address"))
        .map_batches(
            lambda series: map_unique(series, lambda text: city_of_address(geography, text)), return_dtype=pl.String
        )
    )
    inside = pl.coalesce(
        other_city,
        meant(address, known.areas),
        meant(address, known.leading),
        meant(address, known.formal),
        meant(address, known.anywhere),
    )
    cities_by_code = {city.code: city.name for city in geography.cities}
    own = geography.province.removesuffix("省")
    provinces = {digits: name for digits, name in PROVINCES.items() if name.removesuffix("省") != own}
    issued = pl.when((pl.col("uscc").str.len_chars() == 18) & pl.col("uscc").str.slice(2, 6).str.contains(r"^\d{6}$"))
    code = issued.then(
        pl.coalesce(
            pl.col("uscc").str.slice(2, 4).replace_strict(cities_by_code, default=None, return_dtype=pl.String),
            pl.col("uscc").str.slice(2, 2).replace_strict(provinces, default=None, return_dtype=pl.String),
        )
    )
    in_latin = pl.when(address.str.contains("^[ -~]*[A-Za-z]{4}[ -~]*$")).then(pl.col("address"))
    latin = in_latin.map_batches(
        lambda series: map_unique(series, lambda text: city_of_latin_address(geography, text)), return_dtype=pl.String
    )
    return {
        "address": pl.coalesce(pl.when(~outside).then(inside), elsewhere, latin, address.str.extract(ABROAD, 1)),
        "code": code,
        "name": meant(name, known.named),
    }


def _district_of_address(address: pl.Expr, city: pl.Expr, geography: Geography) -> pl.Expr:
    """Return the district named in an address, when it belongs to the city that was told."""
    known = patterns(geography)
    owners = {district: known.cities[written] for written, district in known.districts.items()}
    found = (
        fold(address)
        .str.extract(known.district, 1)
        .replace_strict(dict(known.districts), default=None, return_dtype=pl.String)
    )
    owner = found.replace_strict(owners, default=None, return_dtype=pl.String)
    return pl.when(owner == city).then(found)
