-- relation override_outcomes: one row per override; company_id NULL: it meets no company, or several
CREATE OR REPLACE TEMP TABLE override_outcomes AS
WITH dated AS (
    SELECT o.*, m.companies, m.company_id, o.judged_on > $as_of AS is_later
    FROM overrides AS o
    LEFT JOIN override_targets AS m USING (override_id)
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
