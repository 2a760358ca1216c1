-- relation: one row per cell of the tier matrix with its ranked companies; fit_at and merit_at are the floors of the cell
WITH fit_steps AS (
    SELECT unnest($fit_floors::DECIMAL(9, 2)[]) AS at
),
merit_steps AS (
    SELECT unnest($merit_floors::DECIMAL(9, 2)[]) AS at
),
placed AS (
    SELECT ranking.company_id,
        (SELECT max(fit_steps.at) FROM fit_steps WHERE fit_steps.at <= ranking.fit) AS fit_at,
        (SELECT max(merit_steps.at) FROM merit_steps WHERE merit_steps.at <= ranking.merit) AS merit_at
    FROM ranking
    WHERE ranking.rank IS NOT NULL
)
SELECT fit_at, merit_at, count(*) AS count
FROM placed
WHERE fit_at IS NOT NULL AND merit_at IS NOT NULL
GROUP BY fit_at, merit_at
ORDER BY fit_at, merit_at
