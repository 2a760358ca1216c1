-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."inventions.low",
    "facts"."inventions.high",
    "facts"."inventions.reason"
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
    GREATEST(LEAST(FLOOR("inventions.low"), 5.), 0.) AS "by_unit#1",
    GREATEST(LEAST(FLOOR("inventions.high"), 5.), 0.) AS "by_unit#2",
    CAST(5. AS DECIMAL(9, 2)) AS "by_unit.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_unit#1" = "by_unit#2" AS "by_unit#3",
    "by_unit#1" + (
      (
        "by_unit#2" - "by_unit#1"
      ) * 0.5
    ) AS "by_unit#4",
    CAST("by_unit#1" AS DECIMAL(9, 2)) AS "by_unit.low",
    CAST("by_unit#2" AS DECIMAL(9, 2)) AS "by_unit.high",
    CAST("by_unit#1" AS DECIMAL(9, 2)) AS "by_unit#6",
    CAST("by_unit#2" AS DECIMAL(9, 2)) AS "by_unit#7"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_unit#4" AS DECIMAL(9, 2)) AS "by_unit.points",
    CASE WHEN NOT "by_unit#3" THEN COALESCE("inventions.reason", 'undefined') END AS "by_unit.reason",
    CAST("by_unit#4" AS DECIMAL(9, 2)) AS "by_unit#5",
    "by_unit#6" AS "by_unit.contribution_low",
    "by_unit#7" AS "by_unit.contribution_high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_unit#5" AS "by_unit.contribution"
  FROM layer_3
)
SELECT
  "company_id",
  "by_unit.points",
  "by_unit.low",
  "by_unit.high",
  "by_unit.reason",
  "by_unit.weight",
  "by_unit.contribution",
  "by_unit.contribution_low",
  "by_unit.contribution_high"
FROM layer_4
