-- relation: one row; how many short-listed companies are there, or in their tier, provisionally
SELECT count(*) FILTER (provisional) AS count
FROM ranking
WHERE outcome = 'shortlisted'
