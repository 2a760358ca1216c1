-- relation: the row of one company in `ranking`; no row when the company is not in it
SELECT *
FROM ranking
WHERE company_id = $company_id
