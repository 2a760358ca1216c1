-- relation: one row per domain, direction and city with companies in scope; direction_id NULL: only the domain is told
SELECT domain_id, CASE WHEN direction_basis = 'told' THEN direction_id END AS direction_id, city, count(*) AS count
FROM ranking
WHERE fit_grade IN ('core', 'related') AND domain_id IS NOT NULL
GROUP BY ALL
ORDER BY 1, 2, 3
