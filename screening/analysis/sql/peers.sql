-- relation: one row per ranked company with a direction, in rank order
SELECT direction_id, company_id, name, rank, score, outcome
FROM ranking
WHERE rank IS NOT NULL AND direction_id IS NOT NULL
ORDER BY rank, company_id
