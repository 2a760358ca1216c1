-- step: facts
WITH "patents facts" AS (
  WITH prepared AS (
    SELECT
      given.*,
      (
        (
          "kind" = 'invention'
        ) AND (
          NOT (
            "granted_on" IS NULL
          )
        )
      ) AS "inventions.where" /* inventions */
    FROM "patents_judged" AS given
  )
  SELECT
    "company_id",
    COUNT(*) AS "rows",
    COUNT(*) FILTER(WHERE
      COALESCE("inventions.where", FALSE)) AS "inventions.low", /* inventions */
    COUNT(*) FILTER(WHERE
      COALESCE("inventions.where", TRUE)) AS "inventions.high", /* inventions */
    MIN(
      NULLIF(REGEXP_EXTRACT("missing_reasons", '(^|;)(granted_on|kind)=([a-z_]+)', 3), '')
    ) FILTER(WHERE
      "inventions.where" IS NULL) AS "inventions.noted" /* inventions */
  FROM prepared
  GROUP BY
    "company_id"
), source AS NOT MATERIALIZED (
  SELECT
    "profile"."company_id",
    "patents facts"."rows" AS "patents.rows",
    "patents facts"."inventions.low" AS "inventions.low~",
    "patents facts"."inventions.high" AS "inventions.high~",
    "patents facts"."inventions.noted" AS "inventions.noted~",
    NULLIF(REGEXP_EXTRACT("companies"."open_tables", '(^|;)patents=([a-z_]+)', 2), '') AS "patents.lost"
  FROM profile
  JOIN companies
    USING (company_id)
  LEFT JOIN "patents facts"
    USING (company_id)
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    COALESCE("patents.rows", 0) = 0 AS "inventions#1"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(LEAST(
      GREATEST(
        COALESCE(CASE WHEN "inventions#1" THEN NULL ELSE "inventions.low~" END, 0.),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "inventions#2",
    CAST(LEAST(
      GREATEST(
        COALESCE(
          CASE
            WHEN "inventions#1"
            THEN NULL
            ELSE CASE WHEN "patents.lost" IS NULL THEN "inventions.high~" END
          END,
          1000.
        ),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "inventions#3"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(CASE
      WHEN "inventions#2" = "inventions#3"
      THEN "inventions#2"
      ELSE LEAST(GREATEST("inventions#2", 0.), 1000.)
    END AS DECIMAL(28, 10)) AS "inventions#4",
    CAST(CASE
      WHEN "inventions#2" = "inventions#3"
      THEN "inventions#3"
      ELSE GREATEST(LEAST("inventions#3", 1000.), 0.)
    END AS DECIMAL(28, 10)) AS "inventions#5"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE WHEN "inventions#4" = "inventions#5" THEN "inventions#4" END AS "inventions#6",
    "inventions#4" AS "inventions.low",
    "inventions#5" AS "inventions.high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    "inventions#6" AS "inventions",
    CASE
      WHEN "inventions#6" IS NULL
      THEN COALESCE("patents.lost", "inventions.noted~", 'not_disclosed')
    END AS "inventions.reason"
  FROM layer_4
)
SELECT
  "company_id",
  "inventions",
  "inventions.low",
  "inventions.high",
  "inventions.reason"
FROM layer_5
