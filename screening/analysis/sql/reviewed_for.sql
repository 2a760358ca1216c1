-- relation: one row per reason for a review; count of companies, never NULL
SELECT outcome_reason AS reason, count(*) AS count
FROM ranking
WHERE outcome = 'review'
GROUP BY outcome_reason
ORDER BY reason
