-- relation: one row per rank that several companies share; count of those companies
SELECT rank, count(*) AS count
FROM ranking
WHERE rank IS NOT NULL
GROUP BY rank
HAVING count(*) > 1
ORDER BY rank
