-- step: stage
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."age_months.low",
    "facts"."age_months.high",
    "facts"."age_months.reason"
  FROM "facts"
  JOIN "profile"
    USING (company_id)
  JOIN "companies"
    USING (company_id)
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    "age_months.low" <= 36. AS "life_stage.can_be.seed",
    "age_months.high" > 36. AS "life_stage#1"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    "life_stage#1" AS "life_stage.can_be.later"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("life_stage.can_be.seed" AS INT) + CAST("life_stage.can_be.later" AS INT) AS "life_stage#2",
    CONCAT_WS(
      ',',
      CASE WHEN "life_stage.can_be.seed" THEN 'seed' END,
      CASE WHEN "life_stage.can_be.later" THEN 'later' END
    ) AS "life_stage.possible"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN "life_stage#2" = 1 AND "life_stage.can_be.seed"
      THEN 'seed'
      WHEN "life_stage#2" = 1 AND "life_stage.can_be.later"
      THEN 'later'
    END AS "life_stage"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    COALESCE(
      "life_stage",
      CASE
        WHEN "life_stage.can_be.later"
        THEN 'later'
        WHEN "life_stage.can_be.seed"
        THEN 'seed'
      END
    ) AS "life_stage.assumed",
    CASE WHEN "life_stage" IS NULL THEN "age_months.reason" END AS "life_stage.reason"
  FROM layer_4
)
SELECT
  "company_id",
  "life_stage",
  "life_stage.assumed",
  "life_stage.possible",
  "life_stage.reason",
  "life_stage.can_be.seed",
  "life_stage.can_be.later"
FROM layer_5
