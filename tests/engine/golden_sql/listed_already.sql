-- step: gates
WITH source AS NOT MATERIALIZED (
  SELECT
    "facts"."company_id",
    "facts"."on_exchange",
    "facts"."on_exchange.reason",
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
    COALESCE("on_exchange", TRUE) AS "listed_already#1",
    NOT COALESCE("on_exchange", FALSE) AS "listed_already#2"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN NOT "life_stage.can_be.later"
      THEN 'not_applicable'
      WHEN NOT "listed_already#2" AND NOT "life_stage.can_be.seed"
      THEN 'failed'
      WHEN NOT "listed_already#1"
      THEN 'passed'
      ELSE CASE
        WHEN COALESCE("on_exchange.reason" = 'not_collected', FALSE)
        THEN 'not_run'
        ELSE 'unknown'
      END
    END AS "listed_already.status"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN "listed_already.status" IN ('unknown', 'not_run')
      THEN COALESCE("on_exchange.reason", 'undefined')
    END AS "listed_already.reason"
  FROM layer_2
)
SELECT
  "company_id",
  "listed_already.status",
  "listed_already.reason"
FROM layer_3
