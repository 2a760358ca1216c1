-- term_counts: one row per term, domain, direction and kind that hit; direction_id NULL: only the domain is told.
WITH counted AS (
    SELECT company_id, domain_id, count(DISTINCT term) AS terms
    FROM spans
    WHERE field <> 'name' AND kind <> 'boilerplate' AND activity NOT IN ('trade', 'applied')
    GROUP BY ALL
),
scoped AS (
    SELECT DISTINCT company_id, domain_id FROM classification WHERE grade IN ('core', 'related')
)
SELECT
    s.term, s.domain_id, s.direction_id, s.kind,
    count(*) AS hits,
    count(DISTINCT s.company_id) AS companies,
    count(DISTINCT s.company_id) FILTER (p.company_id IS NOT NULL) AS in_scope,
    count(DISTINCT s.company_id) FILTER (
        p.company_id IS NOT NULL AND c.terms = 1 AND s.field <> 'name' AND s.kind <> 'boilerplate'
        AND s.activity NOT IN ('trade', 'applied')
    ) AS decides_alone,
    count(*) FILTER (s.activity = 'trade') AS traded,
    count(*) FILTER (s.activity = 'applied') AS applied
FROM spans AS s
LEFT JOIN counted AS c USING (company_id, domain_id)
LEFT JOIN scoped AS p USING (company_id, domain_id)
GROUP BY s.term, s.domain_id, s.direction_id, s.kind
ORDER BY s.domain_id, s.direction_id NULLS FIRST, hits DESC, s.term, s.kind
