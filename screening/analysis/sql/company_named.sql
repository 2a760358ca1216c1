-- One row at most: the company of which $wanted is the id, else the credit code, else the whole name; of several the first by id.
SELECT company_id
FROM ranking
WHERE company_id = $wanted OR uscc = $wanted OR name = $wanted
ORDER BY company_id = $wanted DESC, uscc IS NOT DISTINCT FROM $wanted DESC, company_id
LIMIT 1
