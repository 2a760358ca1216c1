-- evaluation_classes: one row per asked company, domain and direction; direction_id NULL: only the domain is told, nearest_direction_id then the one named.
SELECT company_id, domain_id, direction_id, nearest_direction_id, grade, position
FROM classification
WHERE company_id IN (SELECT unnest($companies))
ORDER BY company_id, position
