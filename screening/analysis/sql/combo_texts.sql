-- relation: one row per company of $companies: its texts that may hold a word of application
SELECT company_id, concat_ws(' ', products, description, business_scope) AS texts
FROM companies
WHERE company_id IN (SELECT unnest($companies::VARCHAR[]))
