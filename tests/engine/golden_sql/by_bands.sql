-- step: contributions
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
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
    CASE
      WHEN "rd_share.low" < 0.05
      THEN 0.
      WHEN "rd_share.low" < 0.1
      THEN 4.
      WHEN "rd_share.low" >= 0.1
      THEN 8.
    END AS "by_bands#1",
    CASE
      WHEN "rd_share.high" >= 0.1
      THEN 8.
      WHEN "rd_share.high" >= 0.05
      THEN 4.
      WHEN "rd_share.high" < 0.05
      THEN 0.
    END AS "by_bands#2",
    CAST(8. AS DECIMAL(9, 2)) AS "by_bands.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_bands#1" = "by_bands#2" AS "by_bands#3",
    "by_bands#1" + (
      (
        "by_bands#2" - "by_bands#1"
      ) * 0.5
    ) AS "by_bands#4",
    CAST("by_bands#1" AS DECIMAL(9, 2)) AS "by_bands.low",
    CAST("by_bands#2" AS DECIMAL(9, 2)) AS "by_bands.high",
    CAST("by_bands#1" AS DECIMAL(9, 2)) AS "by_bands#6",
    CAST("by_bands#2" AS DECIMAL(9, 2)) AS "by_bands#7"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("by_bands#4" AS DECIMAL(9, 2)) AS "by_bands.points",
    CASE WHEN NOT "by_bands#3" THEN COALESCE("rd_share.reason", 'undefined') END AS "by_bands.reason",
    CAST("by_bands#4" AS DECIMAL(9, 2)) AS "by_bands#5",
    "by_bands#6" AS "by_bands.contribution_low",
    "by_bands#7" AS "by_bands.contribution_high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "by_bands#5" AS "by_bands.contribution"
  FROM layer_3
)
SELECT
  "company_id",
  "by_bands.points",
  "by_bands.low",
  "by_bands.high",
  "by_bands.reason",
  "by_bands.weight",
  "by_bands.contribution",
  "by_bands.contribution_low",
  "by_bands.contribution_high"
FROM layer_4
