-- relation: one row per grade of classification; count of companies, never NULL
SELECT coalesce(fit_grade, 'none') AS id, count(*) AS count
FROM ranking
GROUP BY ALL
ORDER BY id
