-- relation: one row per square of $step x $step points of fit and merit that holds a ranked company; count never NULL
SELECT CAST(least(floor(greatest(fit, 0) / $step), floor(100 / $step) - 1) * $step AS DECIMAL(9, 2)) AS fit,
    CAST(least(floor(greatest(merit, 0) / $step), floor(100 / $step) - 1) * $step AS DECIMAL(9, 2)) AS merit,
    count(*) AS count
FROM ranking
WHERE rank IS NOT NULL AND fit IS NOT NULL AND merit IS NOT NULL
GROUP BY ALL
ORDER BY fit, merit
