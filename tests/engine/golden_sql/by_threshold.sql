-- step: contributions
WITH source AS (
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
), layer_1 AS (
  SELECT
    *,
    LEAST(
      CASE WHEN "headcount.high" >= 20. THEN 3. END,
      CASE WHEN "headcount.low" < 20. THEN 0. END
    ) AS "by_threshold#1",
    GREATEST(
      CASE WHEN "headcount.high" >= 20. THEN 3. END,
      CASE WHEN "headcount.low" < 20. THEN 0. END
    ) AS "by_threshold#2",
    CAST(ROUND(3., 2) AS DECIMAL(9, 2)) AS "by_threshold.weight"
  FROM source
), layer_2 AS (
  SELECT
    *,
    "by_threshold#1" = "by_threshold#2" AS "by_threshold#3",
    "by_threshold#1" + (
      (
        "by_threshold#2" - "by_threshold#1"
      ) * 0.5
    ) AS "by_threshold#4",
    CAST(ROUND("by_threshold#1", 2) AS DECIMAL(9, 2)) AS "by_threshold.low",
    CAST(ROUND("by_threshold#2", 2) AS DECIMAL(9, 2)) AS "by_threshold.high",
    CAST(ROUND("by_threshold#1", 2) AS DECIMAL(9, 2)) AS "by_threshold#6",
    CAST(ROUND("by_threshold#2", 2) AS DECIMAL(9, 2)) AS "by_threshold#7"
  FROM layer_1
), layer_3 AS (
  SELECT
    *,
    CAST(ROUND("by_threshold#4", 2) AS DECIMAL(9, 2)) AS "by_threshold.points",
    CASE WHEN NOT "by_threshold#3" THEN COALESCE("headcount.reason", 'undefined') END AS "by_threshold.reason",
    CAST(ROUND("by_threshold#4", 2) AS DECIMAL(9, 2)) AS "by_threshold#5",
    "by_threshold#6" AS "by_threshold.contribution_low",
    "by_threshold#7" AS "by_threshold.contribution_high"
  FROM layer_2
), layer_4 AS (
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
