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
    CASE
      WHEN "inventions.low" <= 0.
      THEN 0.
      WHEN "inventions.low" < 5.
      THEN (
        CAST(LEAST(GREATEST((
          "inventions.low" - 0.
        ) * 4., -1000000000000000.), 1000000000000000.) AS DECIMAL(26, 10)) * 0.2
      )
      WHEN "inventions.low" < 10.
      THEN (
        CAST(LEAST(GREATEST((
          "inventions.low" - 5.
        ) * 2., -1000000000000000.), 1000000000000000.) AS DECIMAL(26, 10)) * 0.2
      ) + 4.
      ELSE 6.
    END AS "by_line#1",
    CASE
      WHEN "inventions.high" <= 0.
      THEN 0.
      WHEN "inventions.high" < 5.
      THEN (
        CAST(LEAST(GREATEST((
          "inventions.high" - 0.
        ) * 4., -1000000000000000.), 1000000000000000.) AS DECIMAL(26, 10)) * 0.2
      )
      WHEN "inventions.high" < 10.
      THEN (
        CAST(LEAST(GREATEST((
          "inventions.high" - 5.
        ) * 2., -1000000000000000.), 1000000000000000.) AS DECIMAL(26, 10)) * 0.2
      ) + 4.
      ELSE 6.
    END AS "by_line#2",
    CAST(6. AS DECIMAL(9, 2)) AS "by_line.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    LEAST("by_line#1", "by_line#2") AS "by_line#3",
    GREATEST("by_line#1", "by_line#2") AS "by_line#4"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_line#3" = "by_line#4" AS "by_line#5",
    "by_line#3" + (
      (
        "by_line#4" - "by_line#3"
      ) * 0.5
    ) AS "by_line#6",
    CAST("by_line#3" AS DECIMAL(9, 2)) AS "by_line.low",
    CAST("by_line#4" AS DECIMAL(9, 2)) AS "by_line.high",
    CAST("by_line#3" AS DECIMAL(9, 2)) AS "by_line#8",
    CAST("by_line#4" AS DECIMAL(9, 2)) AS "by_line#9"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_line#6" AS DECIMAL(9, 2)) AS "by_line.points",
    CASE WHEN NOT "by_line#5" THEN COALESCE("inventions.reason", 'undefined') END AS "by_line.reason",
    CAST("by_line#6" AS DECIMAL(9, 2)) AS "by_line#7",
    "by_line#8" AS "by_line.contribution_low",
    "by_line#9" AS "by_line.contribution_high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_line#7" AS "by_line.contribution"
  FROM layer_4
)
SELECT
  "company_id",
  "by_line.points",
  "by_line.low",
  "by_line.high",
  "by_line.reason",
  "by_line.weight",
  "by_line.contribution",
  "by_line.contribution_low",
  "by_line.contribution_high"
FROM layer_5
