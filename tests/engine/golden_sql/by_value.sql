-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."line_of_trade",
    "facts"."line_of_trade.reason"
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
    CASE
      WHEN "line_of_trade" IS NULL
      THEN 3.
      WHEN "line_of_trade" = 'hardware'
      THEN 4.
      WHEN "line_of_trade" = 'software'
      THEN 3.
      ELSE 0.
    END AS "by_value#1",
    CASE
      WHEN "line_of_trade" IS NULL
      THEN 4.
      WHEN "line_of_trade" = 'hardware'
      THEN 4.
      WHEN "line_of_trade" = 'software'
      THEN 3.
      ELSE 0.
    END AS "by_value#2",
    CAST(4. AS DECIMAL(9, 2)) AS "by_value.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_value#1" = "by_value#2" AS "by_value#3",
    "by_value#1" + (
      (
        "by_value#2" - "by_value#1"
      ) * 0.5
    ) AS "by_value#4",
    CAST("by_value#1" AS DECIMAL(9, 2)) AS "by_value.low",
    CAST("by_value#2" AS DECIMAL(9, 2)) AS "by_value.high",
    CAST("by_value#1" AS DECIMAL(9, 2)) AS "by_value#6",
    CAST("by_value#2" AS DECIMAL(9, 2)) AS "by_value#7"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_value#4" AS DECIMAL(9, 2)) AS "by_value.points",
    CASE WHEN NOT "by_value#3" THEN COALESCE("line_of_trade.reason", 'undefined') END AS "by_value.reason",
    CAST("by_value#4" AS DECIMAL(9, 2)) AS "by_value#5",
    "by_value#6" AS "by_value.contribution_low",
    "by_value#7" AS "by_value.contribution_high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_value#5" AS "by_value.contribution"
  FROM layer_3
)
SELECT
  "company_id",
  "by_value.points",
  "by_value.low",
  "by_value.high",
  "by_value.reason",
  "by_value.weight",
  "by_value.contribution",
  "by_value.contribution_low",
  "by_value.contribution_high"
FROM layer_4
