-- relation: one row per class of $step points of score or fit and outcome, ranked companies only; count never NULL
WITH valued AS (
    SELECT 'score' AS what, score AS value, outcome FROM ranking WHERE rank IS NOT NULL
    UNION ALL
    SELECT 'fit' AS what, fit AS value, outcome FROM ranking WHERE rank IS NOT NULL
)
SELECT what, CAST(least(floor(greatest(value, 0) / $step), floor($top / $step) - 1) * $step AS DECIMAL(9, 2)) AS low,
    outcome, count(*) AS count
FROM valued
WHERE value IS NOT NULL
GROUP BY ALL
ORDER BY what, low, outcome
