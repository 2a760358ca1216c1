-- step: contributions
WITH source AS NOT MATERIALIZED (
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
), layer_1 AS NOT MATERIALIZED (
  SELECT
    *,
    CASE WHEN "headcount.high" >= 3. THEN 0. WHEN "headcount.low" < 3. THEN 2. END AS "late_filing#1",
    CASE WHEN "headcount.low" < 3. THEN 2. WHEN "headcount.high" >= 3. THEN 0. END AS "late_filing#2"
  FROM source
), layer_2 AS NOT MATERIALIZED (
  SELECT
    *,
    CAST("late_filing#1" AS DECIMAL(9, 2)) AS "late_filing.points",
    CAST("late_filing#1" AS DECIMAL(9, 2)) AS "late_filing.low",
    CAST("late_filing#2" AS DECIMAL(9, 2)) AS "late_filing.high",
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
