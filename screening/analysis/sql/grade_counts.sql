-- relation: one row per grade of classification, `open` for companies to be read; count of companies, never NULL
SELECT CASE WHEN outcome = 'direction_open' THEN 'open' ELSE coalesce(fit_grade, 'none') END AS id, count(*) AS count
FROM ranking
GROUP BY ALL
ORDER BY id
