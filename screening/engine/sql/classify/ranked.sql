-- relation classification: one row per company, domain and direction; position 1 = primary; direction_id NULL: domain only
CREATE OR REPLACE TEMP TABLE classification AS
WITH leads AS (
    SELECT
        company_id, domain_id,
        max(domain_strength) AS lead,
        bool_or(grade IN ('core', 'related')) AS in_scope
    FROM classification_rows
    GROUP BY ALL
)
SELECT
    c.company_id, c.domain_id, c.direction_id,
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
LEFT JOIN precedence AS p ON p.id = c.direction_id
