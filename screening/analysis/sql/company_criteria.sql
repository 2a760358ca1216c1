-- relation: the row of one company in `criteria`; no row when the company is not in it
SELECT *
FROM criteria
WHERE company_id = $company_id
