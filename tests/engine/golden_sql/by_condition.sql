-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."headcount.low",
    "facts"."headcount.high",
    "facts"."headcount.reason",
    "facts"."on_exchange",
    "facts"."on_exchange.reason"
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
      WHEN NOT COALESCE("on_exchange", FALSE) AND "headcount.low" <= 50.
      THEN 0.
      WHEN COALESCE("on_exchange", TRUE) OR "headcount.high" > 50.
      THEN 2.
    END AS "by_condition#1",
    CASE
      WHEN COALESCE("on_exchange", TRUE) OR "headcount.high" > 50.
      THEN 2.
      WHEN NOT COALESCE("on_exchange", FALSE) AND "headcount.low" <= 50.
      THEN 0.
    END AS "by_condition#2",
    CAST(2. AS DECIMAL(9, 2)) AS "by_condition.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_condition#1" = "by_condition#2" AS "by_condition#3",
    "by_condition#1" + (
      (
        "by_condition#2" - "by_condition#1"
      ) * 0.5
    ) AS "by_condition#4",
    CAST("by_condition#1" AS DECIMAL(9, 2)) AS "by_condition.low",
    CAST("by_condition#2" AS DECIMAL(9, 2)) AS "by_condition.high",
    CAST("by_condition#1" AS DECIMAL(9, 2)) AS "by_condition#6",
    CAST("by_condition#2" AS DECIMAL(9, 2)) AS "by_condition#7"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_condition#4" AS DECIMAL(9, 2)) AS "by_condition.points",
    CASE
      WHEN NOT "by_condition#3"
      THEN COALESCE("headcount.reason", "on_exchange.reason", 'undefined')
    END AS "by_condition.reason",
    CAST("by_condition#4" AS DECIMAL(9, 2)) AS "by_condition#5",
    "by_condition#6" AS "by_condition.contribution_low",
    "by_condition#7" AS "by_condition.contribution_high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_condition#5" AS "by_condition.contribution"
  FROM layer_3
)
SELECT
  "company_id",
  "by_condition.points",
  "by_condition.low",
  "by_condition.high",
  "by_condition.reason",
  "by_condition.weight",
  "by_condition.contribution",
  "by_condition.contribution_low",
  "by_condition.contribution_high"
FROM layer_4
