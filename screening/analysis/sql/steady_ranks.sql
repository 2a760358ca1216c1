-- relation: one row per company of $companies whose rank was drawn: the ranks between which nine draws of weights in ten put it, never NULL
SELECT company_id, rank_5, rank_95
FROM robustness
WHERE rank_5 IS NOT NULL AND company_id IN (SELECT unnest($companies))
ORDER BY company_id
