-- relation override_targets: one row per override that meets a company; company_id NULL: it meets several
CREATE OR REPLACE TEMP TABLE override_targets AS
WITH met AS (
    SELECT o.override_id, c.company_id,
        CASE o.company WHEN c.company_id THEN 1 WHEN c.uscc THEN 2 ELSE 3 END AS by_what
    FROM overrides AS o
    JOIN companies AS c ON o.company = c.company_id OR o.company = c.uscc OR o.company = c.name
),
best AS (
    SELECT override_id, min(by_what) AS by_what FROM met GROUP BY ALL
)
SELECT m.override_id, count(*) AS companies, CASE WHEN count(*) = 1 THEN min(m.company_id) END AS company_id
FROM met AS m
JOIN best AS b USING (override_id, by_what)
GROUP BY ALL
