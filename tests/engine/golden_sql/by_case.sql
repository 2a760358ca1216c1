-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."inventions.low",
    "facts"."inventions.high",
    "facts"."inventions.reason",
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
    "rd_share.high" >= 0.1 AS "by_case#1",
    "rd_share.low" < 0.1 AS "by_case#2",
    "inventions.high" > 3. AS "by_case#3",
    "inventions.low" <= 3. AS "by_case#4",
    CAST(5. AS DECIMAL(9, 2)) AS "by_case.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN "by_case#2" AND "by_case#4"
      THEN 0.
      WHEN "by_case#2" AND "by_case#3"
      THEN 3.
      WHEN "by_case#1"
      THEN 5.
    END AS "by_case#5",
    CASE
      WHEN "by_case#1"
      THEN 5.
      WHEN "by_case#2" AND "by_case#3"
      THEN 3.
      WHEN "by_case#2" AND "by_case#4"
      THEN 0.
    END AS "by_case#6"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_case#5" = "by_case#6" AS "by_case#7",
    "by_case#5" + (
      (
        "by_case#6" - "by_case#5"
      ) * 0.5
    ) AS "by_case#8",
    CAST("by_case#5" AS DECIMAL(9, 2)) AS "by_case.low",
    CAST("by_case#6" AS DECIMAL(9, 2)) AS "by_case.high",
    CAST("by_case#5" AS DECIMAL(9, 2)) AS "by_case#10",
    CAST("by_case#6" AS DECIMAL(9, 2)) AS "by_case#11"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_case#8" AS DECIMAL(9, 2)) AS "by_case.points",
    CASE
      WHEN NOT "by_case#7"
      THEN COALESCE("rd_share.reason", "inventions.reason", 'undefined')
    END AS "by_case.reason",
    CAST("by_case#8" AS DECIMAL(9, 2)) AS "by_case#9",
    "by_case#10" AS "by_case.contribution_low",
    "by_case#11" AS "by_case.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_case#9" AS "by_case.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "by_case.points",
  "by_case.low",
  "by_case.high",
  "by_case.reason",
  "by_case.weight",
  "by_case.contribution",
  "by_case.contribution_low",
  "by_case.contribution_high"
FROM layer_5
