-- step: facts
WITH "accounts facts" AS (
  WITH prepared AS (
    SELECT
      given.*,
      TRUE AS "revenue_last.where", /* revenue_last */
      "revenue" AS "revenue_last.of", /* revenue_last */
      TRUE AS "rd_last.where", /* rd_last */
      "rd_expense" AS "rd_last.of" /* rd_last */
    FROM "accounts" AS given
  )
  SELECT
    "company_id",
    COUNT(*) AS "rows",
    STRUCT_EXTRACT(
      MAX(STRUCT_PACK("at" := "observed_on", value := "revenue_last.of")) FILTER(WHERE
        COALESCE("revenue_last.where", FALSE)),
      'value'
    ) AS "revenue_last.value", /* revenue_last */
    COALESCE(BOOL_OR("revenue_last.where" IS NULL), FALSE)
    OR (
      COUNT(*) FILTER(WHERE
        COALESCE("revenue_last.where", FALSE)) > 1
      AND COALESCE(BOOL_OR(COALESCE("revenue_last.where", FALSE) AND "observed_on" IS NULL), FALSE)
    ) AS "revenue_last.open", /* revenue_last */
    MIN(NULLIF(REGEXP_EXTRACT("missing_reasons", '(^|;)(revenue)=([a-z_]+)', 3), '')) FILTER(WHERE
      "revenue_last.where" IS NULL
      OR (
        COALESCE("revenue_last.where", FALSE) AND "revenue_last.of" IS NULL
      )) AS "revenue_last.noted", /* revenue_last */
    STRUCT_EXTRACT(
      MAX(STRUCT_PACK("at" := "observed_on", value := "rd_last.of")) FILTER(WHERE
        COALESCE("rd_last.where", FALSE)),
      'value'
    ) AS "rd_last.value", /* rd_last */
    COALESCE(BOOL_OR("rd_last.where" IS NULL), FALSE)
    OR (
      COUNT(*) FILTER(WHERE
        COALESCE("rd_last.where", FALSE)) > 1
      AND COALESCE(BOOL_OR(COALESCE("rd_last.where", FALSE) AND "observed_on" IS NULL), FALSE)
    ) AS "rd_last.open", /* rd_last */
    MIN(NULLIF(REGEXP_EXTRACT("missing_reasons", '(^|;)(rd_expense)=([a-z_]+)', 3), '')) FILTER(WHERE
      "rd_last.where" IS NULL
      OR (
        COALESCE("rd_last.where", FALSE) AND "rd_last.of" IS NULL
      )) AS "rd_last.noted" /* rd_last */
  FROM prepared
  GROUP BY
    "company_id"
), source AS NOT MATERIALIZED (
  SELECT
    "profile"."company_id",
    "accounts facts"."rows" AS "accounts.rows",
    "accounts facts"."revenue_last.value" AS "revenue_last.value~",
    "accounts facts"."revenue_last.open" AS "revenue_last.open~",
    "accounts facts"."revenue_last.noted" AS "revenue_last.noted~",
    "accounts facts"."rd_last.value" AS "rd_last.value~",
    "accounts facts"."rd_last.open" AS "rd_last.open~",
    "accounts facts"."rd_last.noted" AS "rd_last.noted~",
    NULLIF(REGEXP_EXTRACT("companies"."open_tables", '(^|;)accounts=([a-z_]+)', 2), '') AS "accounts.lost"
  FROM profile
  JOIN companies
    USING (company_id)
  LEFT JOIN "accounts facts"
    USING (company_id)
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    COALESCE("accounts.rows", 0) = 0 AS "revenue_last#1",
    CASE WHEN NOT COALESCE("revenue_last.open~", FALSE) THEN "revenue_last.value~" END AS "revenue_last#2",
    CASE WHEN NOT COALESCE("rd_last.open~", FALSE) THEN "rd_last.value~" END AS "rd_last#1"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(LEAST(
      GREATEST(
        COALESCE(
          CASE
            WHEN "revenue_last#1"
            THEN NULL
            ELSE CASE WHEN "accounts.lost" IS NULL THEN "revenue_last#2" END
          END,
          0.
        ),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "revenue_last#3",
    CAST(LEAST(
      GREATEST(
        COALESCE(
          CASE
            WHEN "revenue_last#1"
            THEN NULL
            ELSE CASE WHEN "accounts.lost" IS NULL THEN "revenue_last#2" END
          END,
          100000000000.
        ),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "revenue_last#4",
    CAST(LEAST(
      GREATEST(
        COALESCE(
          CASE
            WHEN "revenue_last#1"
            THEN NULL
            ELSE CASE WHEN "accounts.lost" IS NULL THEN "rd_last#1" END
          END,
          0.
        ),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "rd_last#2",
    CAST(LEAST(
      GREATEST(
        COALESCE(
          CASE
            WHEN "revenue_last#1"
            THEN NULL
            ELSE CASE WHEN "accounts.lost" IS NULL THEN "rd_last#1" END
          END,
          100000000000.
        ),
        -1000000000000000.
      ),
      1000000000000000.
    ) AS DECIMAL(28, 10)) AS "rd_last#3"
  FROM layer_1
), layer_3 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(CASE
      WHEN "revenue_last#3" = "revenue_last#4"
      THEN "revenue_last#3"
      ELSE LEAST(GREATEST("revenue_last#3", 0.), 100000000000.)
    END AS DECIMAL(28, 10)) AS "revenue_last#5",
    CAST(CASE
      WHEN "revenue_last#3" = "revenue_last#4"
      THEN "revenue_last#4"
      ELSE GREATEST(LEAST("revenue_last#4", 100000000000.), 0.)
    END AS DECIMAL(28, 10)) AS "revenue_last#6",
    CAST(CASE
      WHEN "rd_last#2" = "rd_last#3"
      THEN "rd_last#2"
      ELSE LEAST(GREATEST("rd_last#2", 0.), 100000000000.)
    END AS DECIMAL(28, 10)) AS "rd_last#4",
    CAST(CASE
      WHEN "rd_last#2" = "rd_last#3"
      THEN "rd_last#3"
      ELSE GREATEST(LEAST("rd_last#3", 100000000000.), 0.)
    END AS DECIMAL(28, 10)) AS "rd_last#5"
  FROM layer_2
), layer_4 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE WHEN "revenue_last#5" = "revenue_last#6" THEN "revenue_last#5" END AS "revenue_last#7",
    "revenue_last#5" AS "revenue_last.low",
    "revenue_last#6" AS "revenue_last.high",
    CASE WHEN "rd_last#4" = "rd_last#5" THEN "rd_last#4" END AS "rd_last#6",
    "rd_last#4" AS "rd_last.low",
    "rd_last#5" AS "rd_last.high"
  FROM layer_3
), layer_5 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN "revenue_last#7" IS NULL
      THEN COALESCE("accounts.lost", "revenue_last.noted~", 'not_disclosed')
    END AS "revenue_last.reason",
    CASE
      WHEN "rd_last#6" IS NULL
      THEN COALESCE("accounts.lost", "rd_last.noted~", 'not_disclosed')
    END AS "rd_last.reason",
    TRY_CAST(PRINTF(
      '%.13e',
      CASE
        WHEN "revenue_last.low" > 0. OR "revenue_last.high" < 0.
        THEN LEAST(
          GREATEST(
            LEAST(
              "rd_last.low" / NULLIF("revenue_last.low", 0),
              "rd_last.low" / NULLIF("revenue_last.high", 0),
              "rd_last.high" / NULLIF("revenue_last.low", 0),
              "rd_last.high" / NULLIF("revenue_last.high", 0)
            ),
            CAST(-1000000000000000. AS DOUBLE)
          ),
          CAST(1000000000000000. AS DOUBLE)
        )
        ELSE CAST(-1000000000000000. AS DOUBLE)
      END
    ) AS DECIMAL(34, 16)) AS "rd_share#1",
    TRY_CAST(PRINTF(
      '%.13e',
      CASE
        WHEN "revenue_last.low" > 0. OR "revenue_last.high" < 0.
        THEN GREATEST(
          LEAST(
            GREATEST(
              "rd_last.low" / NULLIF("revenue_last.low", 0),
              "rd_last.low" / NULLIF("revenue_last.high", 0),
              "rd_last.high" / NULLIF("revenue_last.low", 0),
              "rd_last.high" / NULLIF("revenue_last.high", 0)
            ),
            CAST(1000000000000000. AS DOUBLE)
          ),
          CAST(-1000000000000000. AS DOUBLE)
        )
        ELSE CAST(1000000000000000. AS DOUBLE)
      END
    ) AS DECIMAL(34, 16)) AS "rd_share#2"
  FROM layer_4
), layer_6 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST(CASE
      WHEN "rd_share#1" = "rd_share#2"
      THEN "rd_share#1"
      ELSE LEAST(GREATEST("rd_share#1", 0.), 10.)
    END AS DECIMAL(34, 16)) AS "rd_share#3",
    CAST(CASE
      WHEN "rd_share#1" = "rd_share#2"
      THEN "rd_share#2"
      ELSE GREATEST(LEAST("rd_share#2", 10.), 0.)
    END AS DECIMAL(34, 16)) AS "rd_share#4"
  FROM layer_5
), layer_7 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE WHEN "rd_share#3" = "rd_share#4" THEN "rd_share#3" END AS "rd_share#5",
    "rd_share#3" AS "rd_share.low",
    "rd_share#4" AS "rd_share.high"
  FROM layer_6
), layer_8 AS NOT MATERIALIZED (
  SELECT
    *,
    "rd_share#5" AS "rd_share",
    CASE
      WHEN "rd_share#5" IS NULL
      THEN COALESCE("rd_last.reason", "revenue_last.reason", 'undefined')
    END AS "rd_share.reason"
  FROM layer_7
)
SELECT
  "company_id",
  "rd_share",
  "rd_share.low",
  "rd_share.high",
  "rd_share.reason"
FROM layer_8
