-- relation: one row per term of the primary direction of $companies, core ones first; none where only the domain is told
SELECT s.company_id, s.term
FROM spans s JOIN ranking r USING (company_id)
WHERE list_contains($companies, s.company_id) AND s.direction_id = r.direction_id AND s.grade IN ('core', 'related')
GROUP BY s.company_id, s.term
ORDER BY s.company_id, min(s.grade), length(s.term) DESC, s.term
