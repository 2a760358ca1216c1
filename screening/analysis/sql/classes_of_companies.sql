-- relation: one row per company, domain and direction, primary first; direction_id NULL: only the domain is told
SELECT company_id, domain_id, direction_id, nearest_direction_id, grade, strength, position
FROM classification
ORDER BY company_id, position NULLS LAST, domain_id, direction_id
