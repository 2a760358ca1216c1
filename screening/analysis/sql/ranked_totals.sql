-- relation: one row; merit_coverage NULL when nobody is ranked
SELECT count(*) AS ranked, CAST(avg(merit_coverage) AS DECIMAL(5, 4)) AS merit_coverage
FROM ranking
WHERE rank IS NOT NULL
