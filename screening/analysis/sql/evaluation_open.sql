-- evaluation_open: one row per asked company that a person has to read.
SELECT company_id
FROM profile
WHERE is_open AND company_id IN (SELECT unnest($companies))
ORDER BY company_id
