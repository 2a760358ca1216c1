-- relation patent_directions: one row per patent; in_direction NULL: neither class nor title, or the company's texts tell no direction
CREATE OR REPLACE TEMP TABLE patent_directions AS
SELECT
    p.company_id, p.patent_no,
    CASE
        WHEN any_value(f.direction_id) IS NULL OR NOT bool_or(p.ipc IS NOT NULL OR p.title IS NOT NULL) THEN NULL
        ELSE bool_or(r.direction_id IS NOT NULL)
    END AS in_direction
FROM patents AS p
LEFT JOIN profile AS f ON f.company_id = p.company_id AND f.direction_basis = 'told'
LEFT JOIN patent_readings AS r
    ON r.company_id = p.company_id AND r.patent_no = p.patent_no AND r.direction_id = f.direction_id
GROUP BY p.company_id, p.patent_no
