-- relation: the row of one company in `facts`; no row when the company is not in it
SELECT *
FROM facts
WHERE company_id = $company_id
