-- step: contributions
WITH source AS (
  SELECT
    "facts"."company_id",
    "facts"."headcount.low",
    "facts"."headcount.high",
    "facts"."headcount.reason"
  FROM "facts"
  JOIN "profile"
    USING (company_id)
  JOIN "companies"
    USING (company_id)
  JOIN "place"
    USING (company_id)
  JOIN "stage"
    USING (company_id)
), layer_1 AS (
  SELECT
    *,
    LEAST(
      CASE WHEN "headcount.low" < 3. THEN 2. END,
      CASE WHEN "headcount.high" >= 3. THEN 0. END
    ) AS "late_filing#1",
    GREATEST(
      CASE WHEN "headcount.low" < 3. THEN 2. END,
      CASE WHEN "headcount.high" >= 3. THEN 0. END
    ) AS "late_filing#2"
  FROM source
), layer_2 AS (
  SELECT
    *,
    CAST(ROUND("late_filing#1", 2) AS DECIMAL(9, 2)) AS "late_filing.points",
    CAST(ROUND("late_filing#1", 2) AS DECIMAL(9, 2)) AS "late_filing.low",
    CAST(ROUND("late_filing#2", 2) AS DECIMAL(9, 2)) AS "late_filing.high",
    CASE
      WHEN "late_filing#1" <> "late_filing#2"
      THEN COALESCE("headcount.reason", 'undefined')
    END AS "late_filing.reason"
  FROM layer_1
)
SELECT
  "company_id",
  "late_filing.points",
  "late_filing.low",
  "late_filing.high",
  "late_filing.reason"
FROM layer_2
