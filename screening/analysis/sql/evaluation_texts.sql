-- evaluation_texts: one row per asked company; a text is NULL where the source gives none.
SELECT company_id, name, products, description, business_scope
FROM companies
WHERE company_id IN (SELECT unnest($companies))
ORDER BY company_id
