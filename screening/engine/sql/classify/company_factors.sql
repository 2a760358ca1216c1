-- relation company_factors: one row per company with a hit whose every weight is scaled
CREATE OR REPLACE TEMP TABLE company_factors AS
WITH signs AS (
    -- multiplied in order of size, so that the last bit is the same for any number of threads
    SELECT company_id, list_reduce(list_sort(list(factor)), lambda product, factor: product * factor) AS factor
    FROM hits_signs
    GROUP BY ALL
),
kinds AS (
    SELECT t.company_id, e.factor FROM companies AS t JOIN entity_factors AS e USING (entity_kind)
)
SELECT company_id, coalesce(s.factor, 1.0) * coalesce(k.factor, 1.0) AS factor
FROM signs AS s
FULL JOIN kinds AS k USING (company_id)
