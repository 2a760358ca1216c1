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
    CAST(4. AS DECIMAL(9, 2)) AS "best_of_two.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    GREATEST("best_of_two#1", "best_of_two#3") AS "best_of_two#5",
    GREATEST("best_of_two#2", "best_of_two#4") AS "best_of_two#6"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "best_of_two#5" = "best_of_two#6" AS "best_of_two#7",
    "best_of_two#5" + (
      (
        "best_of_two#6" - "best_of_two#5"
      ) * 0.5
    ) AS "best_of_two#8",
    CAST("best_of_two#5" AS DECIMAL(9, 2)) AS "best_of_two.low",
    CAST("best_of_two#6" AS DECIMAL(9, 2)) AS "best_of_two.high",
    CAST("best_of_two#5" AS DECIMAL(9, 2)) AS "best_of_two#10",
    CAST("best_of_two#6" AS DECIMAL(9, 2)) AS "best_of_two#11"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("best_of_two#8" AS DECIMAL(9, 2)) AS "best_of_two.points",
    CASE
      WHEN NOT "best_of_two#7"
      THEN COALESCE("inventions.reason", "on_exchange.reason", 'undefined')
    END AS "best_of_two.reason",
    CAST("best_of_two#8" AS DECIMAL(9, 2)) AS "best_of_two#9",
    "best_of_two#10" AS "best_of_two.contribution_low",
    "best_of_two#11" AS "best_of_two.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "best_of_two#9" AS "best_of_two.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "best_of_two.points",
  "best_of_two.low",
  "best_of_two.high",
  "best_of_two.reason",
  "best_of_two.weight",
  "best_of_two.contribution",
  "best_of_two.contribution_low",
  "best_of_two.contribution_high"
FROM layer_5
