-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."inventions.low",
    "facts"."inventions.high",
    "facts"."inventions.reason",
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
    CASE WHEN "inventions.low" <= 0. THEN 0. WHEN "inventions.high" > 0. THEN 4. END AS "best_of_two#1",
    CASE WHEN "inventions.high" > 0. THEN 4. WHEN "inventions.low" <= 0. THEN 0. END AS "best_of_two#2",
    CASE
      WHEN NOT COALESCE("on_exchange", FALSE)
      THEN 0.
      WHEN COALESCE("on_exchange", TRUE)
      THEN 3.
    END AS "best_of_two#3",
    CASE
      WHEN COALESCE("on_exchange", TRUE)
      THEN 3.
      WHEN NOT COALESCE("on_exchange", FALSE)
      THEN 0.
    END AS "best_of_two#4",
    CAST(6. AS DECIMAL(9, 2)) AS "sum_of_two.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    LEAST("best_of_two#1" + "best_of_two#3", 6.) AS "sum_of_two#1",
    LEAST("best_of_two#2" + "best_of_two#4", 6.) AS "sum_of_two#2"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "sum_of_two#1" = "sum_of_two#2" AS "sum_of_two#3",
    "sum_of_two#1" + (
      (
        "sum_of_two#2" - "sum_of_two#1"
      ) * 0.5
    ) AS "sum_of_two#4",
    CAST("sum_of_two#1" AS DECIMAL(9, 2)) AS "sum_of_two.low",
    CAST("sum_of_two#2" AS DECIMAL(9, 2)) AS "sum_of_two.high",
    CAST("sum_of_two#1" AS DECIMAL(9, 2)) AS "sum_of_two#6",
    CAST("sum_of_two#2" AS DECIMAL(9, 2)) AS "sum_of_two#7"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("sum_of_two#4" AS DECIMAL(9, 2)) AS "sum_of_two.points",
    CASE
      WHEN NOT "sum_of_two#3"
      THEN COALESCE("inventions.reason", "on_exchange.reason", 'undefined')
    END AS "sum_of_two.reason",
    CAST("sum_of_two#4" AS DECIMAL(9, 2)) AS "sum_of_two#5",
    "sum_of_two#6" AS "sum_of_two.contribution_low",
    "sum_of_two#7" AS "sum_of_two.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "sum_of_two#5" AS "sum_of_two.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "sum_of_two.points",
  "sum_of_two.low",
  "sum_of_two.high",
  "sum_of_two.reason",
  "sum_of_two.weight",
  "sum_of_two.contribution",
  "sum_of_two.contribution_low",
  "sum_of_two.contribution_high"
FROM layer_5
