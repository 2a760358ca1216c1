-- evaluation_spans: one row per hit of a term in a text of an asked company; direction_id NULL: only the domain is told.
SELECT company_id, field, start, "end", term, kind, activity, grade, domain_id, direction_id
FROM spans
WHERE company_id IN (SELECT unnest($companies))
ORDER BY company_id, field, start, "end", domain_id, direction_id
