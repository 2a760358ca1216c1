-- step: facts
WITH source AS NOT MATERIALIZED (
  SELECT
    "profile"."company_id",
    "companies"."established_on" AS "companies.established_on",
    "companies"."missing_reasons" AS "companies.missing_reasons"
  FROM profile
  JOIN companies
    USING (company_id)
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(CAST(DATESUB(
      'month',
      COALESCE("companies.established_on", CAST('2200-01-01' AS DATE)),
      CAST('2026-06-30' AS DATE)
    ) AS DECIMAL(9, 0)) AS DECIMAL(28, 10)) AS "age_months#1",
    CAST(CAST(DATESUB(
      'month',
      COALESCE("companies.established_on", CAST('1900-01-01' AS DATE)),
      CAST('2026-06-30' AS DATE)
    ) AS DECIMAL(9, 0)) AS DECIMAL(28, 10)) AS "age_months#2"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(CASE
      WHEN "age_months#1" = "age_months#2"
      THEN "age_months#1"
      ELSE LEAST(GREATEST("age_months#1", 0.), 1200.)
    END AS DECIMAL(28, 10)) AS "age_months#3",
    CAST(CASE
      WHEN "age_months#1" = "age_months#2"
      THEN "age_months#2"
      ELSE GREATEST(LEAST("age_months#2", 1200.), 0.)
    END AS DECIMAL(28, 10)) AS "age_months#4"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE WHEN "age_months#3" = "age_months#4" THEN "age_months#3" END AS "age_months#5",
    "age_months#3" AS "age_months.low",
    "age_months#4" AS "age_months.high"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    "age_months#5" AS "age_months",
    CASE
      WHEN "age_months#5" IS NULL
      THEN COALESCE(
        CASE
          WHEN "companies.established_on" IS NULL
          THEN COALESCE(
            NULLIF(
              REGEXP_EXTRACT("companies.missing_reasons", '(^|;)established_on=([a-z_]+)', 2),
              ''
            ),
            'not_disclosed'
          )
        END,
        'undefined'
      )
    END AS "age_months.reason"
  FROM layer_3
)
SELECT
  "company_id",
  "age_months",
  "age_months.low",
  "age_months.high",
  "age_months.reason"
FROM layer_4
