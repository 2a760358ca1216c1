-- relation: one row per company in scope of one of $directions: the strongest of them, the strongest of $others (NULL: none)
WITH found AS (
    SELECT
        c.company_id,
        arg_min(c.direction_id, c.position) FILTER (WHERE c.direction_id IN (SELECT unnest($directions::VARCHAR[]))) AS own,
        arg_min(c.direction_id, c.position) FILTER (WHERE c.direction_id IN (SELECT unnest($others::VARCHAR[]))) AS other
    FROM classification AS c
    JOIN profile AS p USING (company_id)
    WHERE c.grade IN ('core', 'related') AND p.fit_grade IN ('core', 'related')
    GROUP BY c.company_id
)
SELECT company_id, own AS direction_id, other AS with_id
FROM found
WHERE own IS NOT NULL
ORDER BY company_id
