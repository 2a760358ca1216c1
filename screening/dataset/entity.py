"""What kind of entity a row is: told from the credit code, the registered type and the name."""

from __future__ import annotations

import polars as pl

from screening.dataset.text import fold

# Each rule: kind, and any of: a pattern on the name, a pattern on the registered type, prefixes of the credit code.
# The first that fits decides. A branch is a branch whatever its parent is; 来料加工 plants carry their own type.
_BRANCH = (
    r"(?:分公司|支公司|分店|分行|支行|分理处|营业部|营业所|营业厅|办事处|门市部?|分厂|储蓄所|邮政所|邮政支局|分中心)"
    r"(?:\([^)]*\)|\))?$"
)

# 研究院(有限公司) is a company that bears an institute's name: its legal form stands in brackets.
_COMPANY = (
    r"(?i)(?:(?:公司|集团|厂|总厂)(?:\([^)]*\))?$|\((?:有限|有限责任|股份有限|股份|集团有限|国有独资)公司\)$"
    r"|(?:limited|ltd\.?|inc\.?|llc|corp\.?|corporation|gmbh|plc)$)"
)


def entity_kind(frame: pl.DataFrame) -> pl.Series:
    """Return `entity_kind` from the text columns `name`, `company_type`, `uscc`; NULL where nothing tells."""

    def cells(column: str) -> pl.Series:
        return frame[column] if column in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)

    folded = pl.DataFrame({"name": cells("name"), "type": cells("company_type"), "uscc": cells("uscc")}).select(
        fold(pl.col("name")).alias("name"),
        fold(pl.col("type")).alias("type"),
        pl.when(pl.col("uscc").str.len_chars() == 18).then(pl.col("uscc").str.slice(0, 2)).alias("prefix"),
    )
    name, kind, prefix = pl.col("name"), pl.col("type"), pl.col("prefix")

    def says(column: pl.Expr, pattern: str) -> pl.Expr:
        return column.str.contains(pattern).fill_null(False)

    partnership = says(kind, "合伙") | says(name, r"合伙(?:企业)?\)?$")
    fund = says(name, r"(?:投资|基金|创投|股权)") & partnership | says(
        name,
        r"(?:创业投资|股权投资|产业投资|投资基金|引导基金|母基金)(?:基金)?(?:管理)?(?:有限公司|有限责任公司|企业|中心)",
    )
    kinds = (
        pl.when(says(kind, "来料|三来一补|来件|来样"))
        .then(pl.lit("processing_plant"))
        .when(says(kind, "常驻代表机构|代表处") | says(name, r"代表处(?:\([^)]*\))?$"))
        .then(pl.lit("foreign_office"))
        .when(prefix.is_in(["11", "12", "19", "52", "A1", "N1"]).fill_null(False) | says(kind, "民办非企业"))
        .then(pl.lit("institute"))
        .when(
            prefix.is_in(["51", "53", "54", "59", "81", "82", "83", "89", "61", "62", "71", "72"]).fill_null(False)
            | says(kind, "社会团体|基金会")
        )
        .then(pl.lit("association"))
        .when(says(kind, r"分支机构|办事机构|分公司|办事处|\(非法人\)|营业$") | says(name, _BRANCH))
        .then(pl.lit("branch"))
        .when(prefix.is_in(["93"]).fill_null(False) | says(kind, "农民专业合作") | says(name, "专业合作(?:联)?社$"))
        .then(pl.lit("cooperative"))
        .when(
            prefix.is_in(["92"]).fill_null(False)
            | says(kind, "个体|个人独资")
            | says(name, r"\((?:个体工商户|个人独资)\)$")
        )
        .then(pl.lit("sole_proprietor"))
        .when(fund)
        .then(pl.lit("investment_vehicle"))
        .when(partnership)
        .then(pl.lit("partnership"))
        .when(prefix == "91")
        .then(pl.lit("company"))
        .when(prefix.is_in(["99"]).fill_null(False))
        .then(pl.lit("company"))
        .when(prefix.is_not_null())
        .then(pl.lit("other"))
        .when(says(name, _COMPANY) | says(kind, "公司|企业法人|所有制|股份"))
        .then(pl.lit("company"))
        .when(says(name, r"(?:大学|学院|研究院|研究所|医院|学校|实验室|科学院)(?:\([^)]*\))?$"))
        .then(pl.lit("institute"))
        .when(says(name, r"(?:协会|学会|商会|促进会|联合会|联盟|基金会|工会委员会)$"))
        .then(pl.lit("association"))
        .when(says(name, r"事务所(?:\([^)]*\))?$"))
        .then(pl.lit("other"))
    )
    return folded.select(kinds.alias("entity_kind")).to_series()
