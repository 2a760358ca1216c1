-- relation: one row: the highest total that a ranked company can reach; NULL where none has one
SELECT max(score_high) AS high
FROM ranking
WHERE rank IS NOT NULL
