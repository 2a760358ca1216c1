-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."rd_share.low",
    "facts"."rd_share.high",
    "facts"."rd_share.reason"
  FROM "facts"
  JOIN "profile"
    USING (company_id)
  JOIN "companies"
    USING (company_id)
  JOIN "place"
    USING (company_id)
  JOIN "stage"
    USING (company_id)
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(LEAST(GREATEST("rd_share.low" * 100., -1000000000000000.), 1000000000000000.) AS DECIMAL(32, 16)) AS "by_formula#1",
    CAST(GREATEST(LEAST("rd_share.high" * 100., 1000000000000000.), -1000000000000000.) AS DECIMAL(32, 16)) AS "by_formula#2",
    CAST(10. AS DECIMAL(9, 2)) AS "by_formula.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    GREATEST(LEAST("by_formula#1", 10.), 0.) AS "by_formula#3",
    GREATEST(LEAST("by_formula#2", 10.), 0.) AS "by_formula#4"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_formula#3" = "by_formula#4" AS "by_formula#5",
    "by_formula#3" + (
      (
        "by_formula#4" - "by_formula#3"
      ) * 0.5
    ) AS "by_formula#6",
    CAST("by_formula#3" AS DECIMAL(9, 2)) AS "by_formula.low",
    CAST("by_formula#4" AS DECIMAL(9, 2)) AS "by_formula.high",
    CAST("by_formula#3" AS DECIMAL(9, 2)) AS "by_formula#8",
    CAST("by_formula#4" AS DECIMAL(9, 2)) AS "by_formula#9"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_formula#6" AS DECIMAL(9, 2)) AS "by_formula.points",
    CASE WHEN NOT "by_formula#5" THEN COALESCE("rd_share.reason", 'undefined') END AS "by_formula.reason",
    CAST("by_formula#6" AS DECIMAL(9, 2)) AS "by_formula#7",
    "by_formula#8" AS "by_formula.contribution_low",
    "by_formula#9" AS "by_formula.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_formula#7" AS "by_formula.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "by_formula.points",
  "by_formula.low",
  "by_formula.high",
  "by_formula.reason",
  "by_formula.weight",
  "by_formula.contribution",
  "by_formula.contribution_low",
  "by_formula.contribution_high"
FROM layer_5
