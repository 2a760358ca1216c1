-- relation: one row per domain, direction, city and track with companies in scope; direction_id NULL: only the domain is told; city NULL: not of the plan; track NULL: not told
SELECT
    domain_id,
    CASE WHEN direction_basis = 'told' THEN direction_id END AS direction_id,
    CASE WHEN city IN (SELECT unnest($cities::VARCHAR[])) THEN city END AS city,
    track,
    count(*) AS companies,
    count(rank) AS ranked,
    count(*) FILTER (WHERE outcome = 'shortlisted') AS shortlisted
FROM ranking
WHERE fit_grade IN ('core', 'related') AND domain_id IS NOT NULL
GROUP BY ALL
ORDER BY ALL
