-- relation: one row for a company in scope; `<measure>.state` is met, not_met or open, never NULL
SELECT *
FROM measures
WHERE company_id = $company_id
