-- relation profile: one row per company; domain and direction NULL: in none; margin NULL: no hit; computed_: NULL without override
CREATE OR REPLACE TEMP TABLE profile AS
WITH best AS (
    SELECT * FROM classification WHERE position = 1
),
second AS (
    -- domain and direction of one row: arg_min passes over NULL, so asked one by one they would come from two
    SELECT
        c.company_id,
        arg_min({'domain_id': c.domain_id, 'direction_id': c.direction_id}, (c.direction_id IS NULL, c.position)) AS found,
        arg_min(c.strength, c.position) AS strength
    FROM classification AS c
    WHERE c.position > 1 AND c.grade IN ('core', 'related')
    GROUP BY ALL
),
said AS (
    SELECT * FROM override_outcomes WHERE state IN ('applied', 'no_effect')
)
SELECT
    t.company_id,
    coalesce(o.grade, CASE WHEN q.company_id IS NOT NULL THEN 'unknown' END, b.grade, 'none') AS fit_grade,
    b.domain_id, b.direction_id,
    s.found.domain_id AS second_domain_id,
    s.found.direction_id AS second_direction_id,
    CAST(b.strength - coalesce(s.strength, 0) AS DECIMAL(9, 2)) AS margin,
    s.company_id IS NOT NULL AND b.grade IN ('core', 'related') AS double_membership,
    o.override_id, o.computed_grade, o.computed_domain_id, o.computed_direction_id
FROM companies AS t
LEFT JOIN best AS b USING (company_id)
LEFT JOIN hits_silent AS q USING (company_id)
LEFT JOIN second AS s USING (company_id)
LEFT JOIN said AS o USING (company_id)
