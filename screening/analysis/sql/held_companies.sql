-- relation: one row per company that the fund holds
SELECT DISTINCT company_id
FROM holdings
WHERE company_id IS NOT NULL
