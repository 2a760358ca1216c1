-- relation: one row per company of $companies that the run has, with what became of it
SELECT company_id, name, outcome, rank, city
FROM ranking
WHERE company_id IN (SELECT unnest($companies::VARCHAR[]))
