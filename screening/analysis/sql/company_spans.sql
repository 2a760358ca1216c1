-- relation: one row per hit in a text of one company; direction_id NULL: the term tells only the domain
SELECT field, start, "end" AS stop, term, domain_id, direction_id, grade, kind, activity
FROM spans
WHERE company_id = $company_id
ORDER BY field, start, stop, domain_id, direction_id, term
