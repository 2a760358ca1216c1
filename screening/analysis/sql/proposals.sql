-- proposals: one row per company and reason to label it; place 1 = the one that teaches most; texts NULL where the source has none.
WITH seen AS (
    SELECT
        p.company_id, p.is_open, p.fit_grade IN ('core', 'related') AS is_in, p.fit_grade = 'unknown' AS is_silent,
        p.margin, coalesce(c.strength, 0) AS strength
    FROM profile AS p
    LEFT JOIN classification AS c ON c.company_id = p.company_id AND c.position = 1
),
-- the name or the industry speaks of one domain and the texts of another
apart AS (
    SELECT company_id
    FROM spans
    WHERE kind <> 'boilerplate'
    GROUP BY company_id
    HAVING count(*) FILTER (field IN ('name', 'industry_name')) > 0
        AND count(*) FILTER (field NOT IN ('name', 'industry_name')) > 0
        AND NOT list_has_any(
            list(domain_id) FILTER (field IN ('name', 'industry_name')),
            list(domain_id) FILTER (field NOT IN ('name', 'industry_name')))
),
reasons AS (
    SELECT company_id, 'near_miss' AS reason, row_number() OVER (ORDER BY strength DESC, company_id) AS place
    FROM seen
    WHERE is_open
    UNION ALL
    SELECT company_id, 'threshold', row_number() OVER (ORDER BY strength, company_id)
    FROM seen
    WHERE is_in
    UNION ALL
    SELECT s.company_id, 'fields_disagree', row_number() OVER (ORDER BY s.strength DESC, s.company_id)
    FROM seen AS s
    JOIN apart USING (company_id)
    UNION ALL
    SELECT company_id, 'two_domains', row_number() OVER (ORDER BY margin, company_id)
    FROM seen
    JOIN (SELECT company_id FROM classification WHERE grade IN ('core', 'related') GROUP BY ALL HAVING count(DISTINCT domain_id) > 1)
        USING (company_id)
    UNION ALL
    -- an order that nothing in the company decides, and that is the same in every run
    SELECT company_id, 'no_hit', row_number() OVER (ORDER BY md5(company_id))
    FROM seen
    WHERE NOT is_in AND NOT is_open AND NOT is_silent
        AND company_id NOT IN (SELECT company_id FROM spans WHERE kind <> 'boilerplate' AND field <> 'name')
)
SELECT r.company_id, r.reason, r.place, c.uscc, c.name, c.products, c.description, c.business_scope
FROM reasons AS r
JOIN companies AS c USING (company_id)
WHERE r.place <= $most
ORDER BY r.reason, r.place
