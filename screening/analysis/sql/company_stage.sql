-- relation: the row of one company in `stage`; no row when the company is not in it
SELECT *
FROM stage
WHERE company_id = $company_id
