-- One row per company: where it stands, without what that rests on. `tier` and `score` are NULL where there is none.
SELECT verdict.company_id, verdict.outcome, verdict.tier, criteria.score
FROM verdict
LEFT JOIN criteria USING (company_id)
