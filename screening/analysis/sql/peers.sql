-- relation: one row per ranked company whose texts tell a direction, in rank order
SELECT direction_id, company_id, name, rank, score, outcome
FROM ranking
WHERE rank IS NOT NULL AND direction_basis = 'told'
ORDER BY rank, company_id
