-- One row per company: where it stands and the id of what decided it, without what that rests on. `tier` and `score` are NULL where there is none.
SELECT verdict.company_id, verdict.outcome, verdict.tier, criteria.score, verdict.outcome_reason
FROM verdict
LEFT JOIN criteria USING (company_id)
