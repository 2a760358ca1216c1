-- step: measures
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "stage"."life_stage.can_be.seed" AS "life_stage.can_be.seed",
    "stage"."life_stage.can_be.later" AS "life_stage.can_be.later"
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
      WHEN NOT "life_stage.can_be.later"
      THEN 'met'
      WHEN NOT "life_stage.can_be.seed"
      THEN 'not_met'
      ELSE 'open'
    END AS "for_the_young.state"
  FROM source
)
SELECT
  "company_id",
  "for_the_young.state"
FROM layer_1
