-- relation: one row per hit in a text of a company; direction_id NULL: the term tells only the domain
SELECT company_id, field, start, "end" AS stop, term, domain_id, direction_id, grade, kind, activity
FROM spans
ORDER BY company_id, field, start, stop, domain_id, direction_id, term
