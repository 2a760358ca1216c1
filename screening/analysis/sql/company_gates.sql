-- relation: the row of one company in `gates`; no row when the company is not in it
SELECT *
FROM gates
WHERE company_id = $company_id
