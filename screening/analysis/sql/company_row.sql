-- relation: the row of one company in `companies`; no row when the company is not in it
SELECT *
FROM companies
WHERE company_id = $company_id
