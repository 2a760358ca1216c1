-- evaluation_keys: one row per company; uscc NULL: the source gives none.
SELECT company_id, uscc, name
FROM companies
ORDER BY company_id
