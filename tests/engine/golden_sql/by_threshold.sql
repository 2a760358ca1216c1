-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."headcount.low",
    "facts"."headcount.high",
    "facts"."headcount.reason"
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
    CASE WHEN "headcount.low" < 20. THEN 0. WHEN "headcount.high" >= 20. THEN 3. END AS "by_threshold#1",
    CASE WHEN "headcount.high" >= 20. THEN 3. WHEN "headcount.low" < 20. THEN 0. END AS "by_threshold#2",
    CAST(3. AS DECIMAL(9, 2)) AS "by_threshold.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_threshold#1" = "by_threshold#2" AS "by_threshold#3",
    "by_threshold#1" + (
      (
        "by_threshold#2" - "by_threshold#1"
      ) * 0.5
    ) AS "by_threshold#4",
    CAST("by_threshold#1" AS DECIMAL(9, 2)) AS "by_threshold.low",
    CAST("by_threshold#2" AS DECIMAL(9, 2)) AS "by_threshold.high",
    CAST("by_threshold#1" AS DECIMAL(9, 2)) AS "by_threshold#6",
    CAST("by_threshold#2" AS DECIMAL(9, 2)) AS "by_threshold#7"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_threshold#4" AS DECIMAL(9, 2)) AS "by_threshold.points",
    CASE WHEN NOT "by_threshold#3" THEN COALESCE("headcount.reason", 'undefined') END AS "by_threshold.reason",
    CAST("by_threshold#4" AS DECIMAL(9, 2)) AS "by_threshold#5",
    "by_threshold#6" AS "by_threshold.contribution_low",
    "by_threshold#7" AS "by_threshold.contribution_high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_threshold#5" AS "by_threshold.contribution"
  FROM layer_3
)
SELECT
  "company_id",
  "by_threshold.points",
  "by_threshold.low",
  "by_threshold.high",
  "by_threshold.reason",
  "by_threshold.weight",
  "by_threshold.contribution",
  "by_threshold.contribution_low",
  "by_threshold.contribution_high"
FROM layer_4
