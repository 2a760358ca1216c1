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
    "rd_share.low" = "rd_share.high" AS "among_peers#1",
    CAST(5. AS DECIMAL(9, 2)) AS "among_peers.weight"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    TRY_CAST(PRINTF('%.13e', CUME_DIST() OVER (PARTITION BY "among_peers#1" ORDER BY "rd_share.low")) AS DECIMAL(34, 16)) AS "among_peers#2"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN "among_peers#1" AND NOT "among_peers#2" IS NULL
      THEN CASE WHEN "among_peers#2" < 0.8 THEN 1. WHEN "among_peers#2" >= 0.8 THEN 5. END
      ELSE 1.
    END AS "among_peers#3",
    CASE
      WHEN "among_peers#1" AND NOT "among_peers#2" IS NULL
      THEN CASE WHEN "among_peers#2" >= 0.8 THEN 5. WHEN "among_peers#2" < 0.8 THEN 1. END
      ELSE 5.
    END AS "among_peers#4"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "among_peers#3" = "among_peers#4" AS "among_peers#5",
    "among_peers#3" + (
      (
        "among_peers#4" - "among_peers#3"
      ) * 0.5
    ) AS "among_peers#6",
    CAST("among_peers#3" AS DECIMAL(9, 2)) AS "among_peers.low",
    CAST("among_peers#4" AS DECIMAL(9, 2)) AS "among_peers.high",
    CAST("among_peers#3" AS DECIMAL(9, 2)) AS "among_peers#8",
    CAST("among_peers#4" AS DECIMAL(9, 2)) AS "among_peers#9"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("among_peers#6" AS DECIMAL(9, 2)) AS "among_peers.points",
    CASE WHEN NOT "among_peers#5" THEN COALESCE("rd_share.reason", 'undefined') END AS "among_peers.reason",
    CAST("among_peers#6" AS DECIMAL(9, 2)) AS "among_peers#7",
    "among_peers#8" AS "among_peers.contribution_low",
    "among_peers#9" AS "among_peers.contribution_high"
  FROM layer_4
), layer_6 AS NOT MATERIALIZED (
  SELECT
    *,
    "among_peers#7" AS "among_peers.contribution"
  FROM layer_5
)
SELECT
  "company_id",
  "among_peers.points",
  "among_peers.low",
  "among_peers.high",
  "among_peers.reason",
  "among_peers.weight",
  "among_peers.contribution",
  "among_peers.contribution_low",
  "among_peers.contribution_high"
FROM layer_6
