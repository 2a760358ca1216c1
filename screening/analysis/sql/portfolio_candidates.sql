-- relation: one row per ranked company with its latest offer; ask, pre_money NULL: not told; direction_id NULL: its texts tell none
SELECT
    r.company_id, r.uscc, r.name, r.city, r.domain_id,
    CASE WHEN r.direction_basis = 'told' THEN r.direction_id END AS direction_id, r.life_stage, r.track, r.tier, r.outcome, r.score, r.rank,
    d.ask, d.pre_money
FROM ranking AS r
LEFT JOIN (
    SELECT company_id, ask, pre_money
    FROM deal
    QUALIFY row_number() OVER (PARTITION BY company_id ORDER BY offered_on DESC NULLS LAST, ask, pre_money) = 1
) AS d USING (company_id)
WHERE r.rank IS NOT NULL
ORDER BY r.rank, r.company_id
