-- ranking: one row per company; rank NULL outside shortlisted, ranked and review, shared by equal totals of one tier; scores NULL where no rule was judged.
WITH outcome AS (
    SELECT profile.company_id,
        coalesce(verdict.outcome, CASE WHEN profile.is_open THEN 'direction_open' ELSE 'out_of_scope' END) AS outcome,
        coalesce(verdict.outcome_reason, CASE WHEN profile.is_open THEN 'to_be_read' ELSE profile.fit_grade END) AS outcome_reason
    FROM profile LEFT JOIN verdict USING (company_id)
),
placed AS (
    SELECT outcome.company_id,
        rank() OVER (
            ORDER BY outcome.outcome <> 'shortlisted', tiers.position NULLS LAST, criteria.score DESC
        ) AS rank
    FROM outcome
    JOIN verdict USING (company_id)
    JOIN criteria USING (company_id)
    LEFT JOIN tiers ON tiers.tier = verdict.tier
    WHERE outcome.outcome IN ('shortlisted', 'ranked', 'review')
)
SELECT
    companies.company_id, companies.uscc, companies.name, companies.city,
    profile.domain_id, profile.direction_id, profile.direction_basis, profile.fit_grade,
    stage.life_stage, stage.maturity, stage.track,
    outcome.outcome, outcome.outcome_reason, verdict.tier,
    criteria.fit, criteria.fit_low, criteria.fit_high,
    criteria.merit, criteria.merit_low, criteria.merit_high,
    criteria.score, criteria.score_low, criteria.score_high,
    criteria.coverage, criteria.merit_coverage,
    placed.rank::INTEGER AS rank,
    verdict.provisional, verdict.tiers_possible
FROM outcome
JOIN profile USING (company_id)
JOIN companies USING (company_id)
LEFT JOIN verdict USING (company_id)
LEFT JOIN stage USING (company_id)
LEFT JOIN criteria USING (company_id)
LEFT JOIN placed USING (company_id)
