-- relation classification: one row per company, domain and direction; position 1 = primary; direction_id NULL: domain only
CREATE OR REPLACE TEMP TABLE classification AS
SELECT
    c.company_id, c.domain_id, c.direction_id,
    CAST(least(c.strength, 9999) AS DECIMAL(9, 2)) AS strength,
    c.grade,
    CAST(row_number() OVER (
        PARTITION BY c.company_id
        ORDER BY c.grade IN ('core', 'related') DESC, c.domain_strength DESC, coalesce(pd.place, 9999), c.domain_id,
            g.place, c.strength DESC, coalesce(p.place, 9999), c.direction_id NULLS LAST
    ) AS INTEGER) AS position
FROM classification_rows AS c
JOIN grade_order AS g USING (grade)
LEFT JOIN precedence AS p ON p.id = c.direction_id
LEFT JOIN precedence AS pd ON pd.id = c.domain_id
