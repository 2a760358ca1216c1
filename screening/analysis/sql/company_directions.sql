-- relation: one row per domain and direction of one company, primary first; direction_id NULL: only the domain is told
SELECT domain_id, direction_id, grade, strength, position
FROM classification
WHERE company_id = $company_id
ORDER BY position NULLS LAST, domain_id, direction_id
