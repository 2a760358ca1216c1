-- relation classification: one row per company, domain and direction, after the overrides; position 1 = primary
CREATE OR REPLACE TEMP TABLE classification AS
WITH applied AS (
    SELECT * FROM override_outcomes WHERE state = 'applied'
),
kept AS (
    SELECT
        c.company_id, c.domain_id, c.direction_id, c.nearest_direction_id, c.strength,
        CASE
            WHEN a.company_id IS NULL OR a.grade IN ('core', 'related') OR c.grade NOT IN ('core', 'related') THEN c.grade
            ELSE 'boilerplate'
        END AS grade,
        c.position
    FROM classification AS c
    LEFT JOIN applied AS a USING (company_id)
    WHERE a.company_id IS NULL OR c.domain_id IS DISTINCT FROM a.domain_id OR c.direction_id IS DISTINCT FROM a.direction_id
),
said AS (
    SELECT a.company_id, a.domain_id, a.direction_id, c.nearest_direction_id, coalesce(c.strength, 0) AS strength, a.grade, 0 AS position
    FROM applied AS a
    LEFT JOIN classification AS c
        ON c.company_id = a.company_id AND c.domain_id IS NOT DISTINCT FROM a.domain_id
        AND c.direction_id IS NOT DISTINCT FROM a.direction_id
    WHERE a.domain_id IS NOT NULL
)
SELECT
    company_id, domain_id, direction_id, nearest_direction_id, CAST(strength AS DECIMAL(9, 2)) AS strength, grade,
    CAST(row_number() OVER (PARTITION BY company_id ORDER BY position, domain_id, direction_id) AS INTEGER) AS position
FROM (FROM kept UNION ALL FROM said)
