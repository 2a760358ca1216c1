-- relation: one row per outcome; count of companies, never NULL
SELECT outcome AS id, count(*) AS count
FROM ranking
GROUP BY outcome
ORDER BY outcome
