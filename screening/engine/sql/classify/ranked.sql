-- relation classification: one row per company, domain and direction; position 1 = primary; direction_id NULL: domain only,
-- then nearest_direction_id is the one its words are nearest to (NULL: the pack says none, or the company is out)
CREATE OR REPLACE TEMP TABLE classification AS
WITH leads AS (
    SELECT
        company_id, domain_id,
        max(domain_strength) AS lead,
        bool_or(grade IN ('core', 'related')) AS in_scope
    FROM classification_rows
    GROUP BY ALL
),
votes AS (
    -- where only the domain is told, its words and the industry code speak for the direction they are nearest to
    SELECT r.company_id, r.domain_id, n.nearest_direction_id, sum(r.weight) AS weight
    FROM readings AS r
    JOIN nearest_words AS n ON n.domain_id = r.domain_id AND n.term = r.term
    WHERE r.direction_id IS NULL AND r.weight > 0
    GROUP BY ALL
    UNION ALL
    SELECT t.company_id, i.domain_id, i.direction_id, CAST($industry_weight AS DECIMAL(9, 4))
    FROM companies AS t
    JOIN industry_codes AS i ON starts_with(t.industry_code, i.prefix)
    WHERE i.direction_id IS NOT NULL
),
nearest AS (
    SELECT company_id, domain_id, nearest_direction_id
    FROM (
        SELECT company_id, domain_id, nearest_direction_id, sum(weight) AS weight
        FROM votes
        WHERE (company_id, domain_id) IN (
            SELECT (company_id, domain_id)
            FROM classification_rows
            WHERE direction_id IS NULL AND (grade IN ('core', 'related') OR domain_is_open)
        )
        GROUP BY ALL
    )
    QUALIFY row_number() OVER (PARTITION BY company_id, domain_id ORDER BY weight DESC, nearest_direction_id) = 1
)
SELECT
    c.company_id, c.domain_id, c.direction_id,
    CASE WHEN c.direction_id IS NULL THEN n.nearest_direction_id END AS nearest_direction_id,
    CAST(least(c.strength, 9999) AS DECIMAL(9, 2)) AS strength,
    c.grade,
    CAST(row_number() OVER (
        PARTITION BY c.company_id
        ORDER BY c.grade IN ('core', 'related') DESC, l.in_scope DESC, l.lead DESC, c.domain_id,
            g.place, c.strength DESC, coalesce(p.place, 9999), c.direction_id NULLS LAST
    ) AS INTEGER) AS position
FROM classification_rows AS c
JOIN leads AS l USING (company_id, domain_id)
JOIN grade_order AS g USING (grade)
LEFT JOIN nearest AS n ON n.company_id = c.company_id AND n.domain_id = c.domain_id
LEFT JOIN precedence AS p ON p.id = c.direction_id
