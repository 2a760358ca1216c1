-- ranking: one row per company; rank NULL outside shortlisted, ranked and review, shared by equal totals of one tier; scores NULL where no rule was judged.
WITH placed AS (
    SELECT company_id,
        rank() OVER (
            ORDER BY verdict.outcome <> 'shortlisted', tiers.position NULLS LAST, criteria.score DESC
        ) AS rank
    FROM verdict
    JOIN criteria USING (company_id)
    LEFT JOIN tiers ON tiers.tier = verdict.tier
    WHERE verdict.outcome IN ('shortlisted', 'ranked', 'review')
),
-- few companies are judged among all: what was found of them is put together first, and meets all the others once
judged AS (
    SELECT company_id,
        stage.life_stage, stage.maturity, stage.track,
        verdict.outcome, verdict.outcome_reason, verdict.tier,
        criteria.fit, criteria.fit_low, criteria.fit_high,
        criteria.merit, criteria.merit_low, criteria.merit_high,
        criteria.score, criteria.score_low, criteria.score_high,
        criteria.coverage, criteria.merit_coverage,
        placed.rank::INTEGER AS rank,
        verdict.provisional, verdict.tiers_possible
    FROM verdict
    LEFT JOIN stage USING (company_id)
    LEFT JOIN criteria USING (company_id)
    LEFT JOIN placed USING (company_id)
)
SELECT
    companies.company_id, companies.uscc, companies.name, companies.city,
    profile.domain_id, profile.direction_id, profile.direction_basis, profile.fit_grade,
    judged.life_stage, judged.maturity, judged.track,
    coalesce(judged.outcome, CASE WHEN profile.is_open THEN 'direction_open' ELSE 'out_of_scope' END) AS outcome,
    coalesce(judged.outcome_reason, CASE WHEN profile.is_open THEN 'to_be_read' ELSE profile.fit_grade END) AS outcome_reason,
    judged.tier,
    judged.fit, judged.fit_low, judged.fit_high,
    judged.merit, judged.merit_low, judged.merit_high,
    judged.score, judged.score_low, judged.score_high,
    judged.coverage, judged.merit_coverage,
    judged.rank,
    judged.provisional, judged.tiers_possible
FROM companies
JOIN profile USING (company_id)
LEFT JOIN judged USING (company_id)
