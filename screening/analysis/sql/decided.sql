-- relation: one row per outcome and what decided it: how many companies
SELECT outcome, outcome_reason AS reason, count(*) AS count
FROM ranking
WHERE outcome_reason IS NOT NULL
GROUP BY ALL
ORDER BY ALL
