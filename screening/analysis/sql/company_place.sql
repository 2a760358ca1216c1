-- relation: the row of one company in `place`; no row when the company is not in it
SELECT *
FROM place
WHERE company_id = $company_id
