-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."headcount.low",
    "facts"."headcount.high",
    "facts"."headcount.reason",
    "facts"."line_of_trade",
    "facts"."line_of_trade.reason",
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
    CASE WHEN "rd_share.low" < 0.05 THEN 0. WHEN "rd_share.high" >= 0.05 THEN 4. END AS "by_switch#1",
    CASE WHEN "rd_share.high" >= 0.05 THEN 4. WHEN "rd_share.low" < 0.05 THEN 0. END AS "by_switch#2",
    CASE WHEN "headcount.low" <= 5. THEN 0. WHEN "headcount.high" > 5. THEN 4. END AS "by_switch#3",
    CASE WHEN "headcount.high" > 5. THEN 4. WHEN "headcount.low" <= 5. THEN 0. END AS "by_switch#4",
    CAST(4. AS DECIMAL(9, 2)) AS "by_switch.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    LEAST(
      CASE
        WHEN "line_of_trade" IS NULL OR "line_of_trade" = 'hardware'
        THEN "by_switch#1"
      END,
      CASE
        WHEN "line_of_trade" IS NULL OR "line_of_trade" = 'software'
        THEN "by_switch#3"
      END,
      CASE WHEN NOT (
        "line_of_trade" IN ('hardware', 'software')
      ) THEN 0. END
    ) AS "by_switch#5",
    GREATEST(
      CASE
        WHEN "line_of_trade" IS NULL OR "line_of_trade" = 'hardware'
        THEN "by_switch#2"
      END,
      CASE
        WHEN "line_of_trade" IS NULL OR "line_of_trade" = 'software'
        THEN "by_switch#4"
      END,
      CASE WHEN NOT (
        "line_of_trade" IN ('hardware', 'software')
      ) THEN 0. END
    ) AS "by_switch#6"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_switch#5" = "by_switch#6" AS "by_switch#7",
    "by_switch#5" + (
      (
        "by_switch#6" - "by_switch#5"
      ) * 0.5
    ) AS "by_switch#8",
    CAST("by_switch#5" AS DECIMAL(9, 2)) AS "by_switch.low",
    CAST("by_switch#6" AS DECIMAL(9, 2)) AS "by_switch.high",
    CAST("by_switch#5" AS DECIMAL(9, 2)) AS "by_switch#10",
    CAST("by_switch#6" AS DECIMAL(9, 2)) AS "by_switch#11"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_switch#8" AS DECIMAL(9, 2)) AS "by_switch.points",
    CASE
      WHEN NOT "by_switch#7"
      THEN COALESCE("line_of_trade.reason", "rd_share.reason", "headcount.reason", 'undefined')
    END AS "by_switch.reason",
    CAST("by_switch#8" AS DECIMAL(9, 2)) AS "by_switch#9",
    "by_switch#10" AS "by_switch.contribution_low",
    "by_switch#11" AS "by_switch.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_switch#9" AS "by_switch.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "by_switch.points",
  "by_switch.low",
  "by_switch.high",
  "by_switch.reason",
  "by_switch.weight",
  "by_switch.contribution",
  "by_switch.contribution_low",
  "by_switch.contribution_high"
FROM layer_5
