-- relation: one row per ranked company, in rank order, at most $rows of them; NULL means unknown
SELECT company_id, uscc, name, rank, city, domain_id, direction_id, direction_basis, fit_grade, track,
    fit, fit_low, fit_high, merit, merit_low, merit_high, score, score_low, score_high,
    coverage, merit_coverage, tier, outcome, provisional
FROM ranking
WHERE rank IS NOT NULL
ORDER BY rank, score_low DESC, coverage DESC, company_id
LIMIT $rows
