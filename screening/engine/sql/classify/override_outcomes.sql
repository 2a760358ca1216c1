-- relation override_outcomes: one row per override; company_id NULL: it meets no company, or several
CREATE OR REPLACE TEMP TABLE override_outcomes AS
WITH met AS (
    SELECT o.override_id, c.company_id,
        CASE o.company WHEN c.company_id THEN 1 WHEN c.uscc THEN 2 ELSE 3 END AS by_what
    FROM overrides AS o
    JOIN companies AS c ON o.company = c.company_id OR o.company = c.uscc OR o.company = c.name
),
best AS (
    SELECT override_id, min(by_what) AS by_what FROM met GROUP BY ALL
),
matched AS (
    SELECT m.override_id, count(*) AS companies, min(m.company_id) AS company_id
    FROM met AS m
    JOIN best AS b USING (override_id, by_what)
    GROUP BY ALL
),
dated AS (
    SELECT o.*, m.companies, CASE WHEN m.companies = 1 THEN m.company_id END AS company_id, o.judged_on > $as_of AS is_later
    FROM overrides AS o
    LEFT JOIN matched AS m USING (override_id)
),
ordered AS (
    SELECT *, row_number() OVER (PARTITION BY company_id, is_later ORDER BY judged_on DESC, number DESC) AS newest
    FROM dated
)
SELECT
    o.override_id, o.number, o.company, o.company_id, o.judged_on, o.grade, o.domain_id, o.direction_id,
    CASE
        WHEN o.is_later THEN 'after_as_of'
        WHEN o.companies IS NULL THEN 'unmatched'
        WHEN o.companies > 1 THEN 'ambiguous'
        WHEN o.newest > 1 THEN 'superseded'
        WHEN o.grade = coalesce(c.grade, 'none') AND o.domain_id IS NOT DISTINCT FROM c.domain_id
            AND o.direction_id IS NOT DISTINCT FROM c.direction_id THEN 'no_effect'
        ELSE 'applied'
    END AS state,
    coalesce(c.grade, 'none') AS computed_grade, c.domain_id AS computed_domain_id, c.direction_id AS computed_direction_id
FROM ordered AS o
LEFT JOIN classification AS c ON c.company_id = o.company_id AND c.position = 1
