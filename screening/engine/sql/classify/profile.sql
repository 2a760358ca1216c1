-- relation profile: one row per company; domain and direction NULL: in none; margin NULL: no hit; computed_: NULL without override
-- direction_basis: told by its texts (or a person), or nearest to what they tell, since they tell the domain alone
-- is_open: its text lies between in and out and no one has read it; then domain and direction are the likeliest, not decided
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
readable AS (
    -- a text in a language that the lexicon hardly knows is read where a word of it counts
    SELECT DISTINCT company_id FROM readings WHERE weight > 0 AND field NOT IN ('name', 'industry_name')
),
open AS (
    SELECT DISTINCT company_id, domain_id FROM classification_rows WHERE domain_is_open AND grade NOT IN ('name', 'trade')
),
said AS (
    SELECT * FROM override_outcomes WHERE state IN ('applied', 'no_effect')
)
SELECT
    t.company_id,
    coalesce(o.grade, CASE WHEN q.company_id IS NOT NULL AND (r.company_id IS NULL OR b.grade NOT IN ('core', 'related')) THEN 'unknown' END, b.grade, 'none') AS fit_grade,
    b.domain_id, coalesce(b.direction_id, b.nearest_direction_id) AS direction_id,
    s.found.domain_id AS second_domain_id,
    s.found.direction_id AS second_direction_id,
    CAST(b.strength - coalesce(s.strength, 0) AS DECIMAL(9, 2)) AS margin,
    s.company_id IS NOT NULL AND b.grade IN ('core', 'related') AS double_membership,
    w.company_id IS NOT NULL AND o.company_id IS NULL AND q.company_id IS NULL AND b.grade NOT IN ('core', 'related') AS is_open,
    CASE
        WHEN b.direction_id IS NOT NULL THEN 'told'
        WHEN b.nearest_direction_id IS NOT NULL THEN 'nearest'
    END AS direction_basis,
    o.override_id, o.computed_grade, o.computed_domain_id, o.computed_direction_id
FROM companies AS t
LEFT JOIN best AS b USING (company_id)
LEFT JOIN hits_silent AS q USING (company_id)
LEFT JOIN readable AS r ON r.company_id = q.company_id
LEFT JOIN second AS s USING (company_id)
LEFT JOIN said AS o USING (company_id)
LEFT JOIN open AS w ON w.company_id = b.company_id AND w.domain_id = b.domain_id
