-- relation: one row per company that a person must look at, the best first; score NULL: not computed
SELECT company_id, name, outcome, outcome_reason, score, rank
FROM ranking
WHERE outcome IN ('review', 'direction_open')
ORDER BY outcome DESC, rank NULLS LAST, company_id
LIMIT $most
