-- relation evidence: one row per company, domain, direction and family; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE evidence AS
WITH items AS (
    SELECT DISTINCT company_id, field, domain_id, size, item_start, item_size FROM readings WHERE field IN (FROM diluted_fields)
),
made AS (
    SELECT company_id, field, domain_id, count(DISTINCT family) AS things
    FROM readings
    WHERE kind IN ('strong', 'abbreviation') AND activity = 'make'
    GROUP BY ALL
),
shares AS (
    SELECT
        company_id, field, domain_id,
        CASE
            WHEN any_value(size) <= $short THEN 1.0
            ELSE greatest(
                least(1.0, $floor + $each * greatest(0, coalesce(any_value(things), 0) - 1)),
                least(1.0, sum(item_size) / nullif(any_value(size), 0) / $full_share))
        END AS factor
    FROM items
    LEFT JOIN made USING (company_id, field, domain_id)
    GROUP BY ALL
),
weighed AS (
    SELECT
        r.company_id, r.domain_id, r.direction_id, r.family, r.field, r.kind, r.activity, r.is_lead,
        r.field IN (FROM opening_fields) AND r.activity IN ('make', 'service', 'unstated') AS is_prose,
        CAST(round(
            r.weight * coalesce(c.factor, 1.0)
            * CASE WHEN r.start >= $opening AND NOT r.is_stated AND r.field IN (FROM opening_fields) THEN $beyond ELSE 1.0 END
            * CASE
                WHEN r.field <> 'name' AND r.is_lead THEN $lead_factor
                WHEN s.factor IS NULL OR r.size <= $short THEN 1.0
                ELSE s.factor * (1 - $by_end * least(1.0, r.item_start / r.size))
            END, 4
        ) AS DECIMAL(9, 4)) AS weight
    FROM readings AS r
    LEFT JOIN shares AS s USING (company_id, field, domain_id)
    LEFT JOIN company_factors AS c USING (company_id)
    UNION ALL
    SELECT
        p.company_id, p.domain_id, p.direction_id, 'patents', 'patents', 'patent', 'make', false, false,
        CAST(max($patent_weight * coalesce(c.factor, 1.0)) AS DECIMAL(9, 4))
    FROM patent_readings AS p
    LEFT JOIN company_factors AS c USING (company_id)
    GROUP BY ALL
    UNION ALL
    SELECT
        t.company_id, i.domain_id, i.direction_id, 'industry', 'industry', 'industry', 'make', false, false,
        CAST(max($industry_weight * coalesce(c.factor, 1.0)) AS DECIMAL(9, 4))
    FROM (
        SELECT company_id, industry_code
        FROM companies
        WHERE industry_code IS NOT NULL AND company_id IN (SELECT company_id FROM readings)
    ) AS t
    JOIN industry_codes AS i ON starts_with(t.industry_code, i.prefix)
    LEFT JOIN company_factors AS c USING (company_id)
    GROUP BY ALL
),
-- the name corroborates what the text tells; words that only mean something in a name count nowhere else
spoken AS (
    SELECT company_id, domain_id FROM weighed WHERE field NOT IN ('name', 'industry') AND weight > 0 GROUP BY ALL
)
SELECT
    w.company_id, w.domain_id, w.direction_id, CASE WHEN w.field = 'name' THEN '(name)' WHEN w.field IN ('patents', 'industry') THEN '(' || w.field || ')' ELSE w.family END AS family,
    CAST(max(w.weight) * (1 + $repeated * least(2, greatest(0, count(*) FILTER (w.is_prose) - 1))) AS DECIMAL(9, 4)) AS weight,
    coalesce(max(w.weight) FILTER (w.field NOT IN ('name', 'industry')), 0) AS told,
    coalesce(bool_or(w.kind IN ('strong', 'abbreviation') AND w.activity IN ('make', 'unstated'))
        FILTER (w.field <> 'name'), false) AS is_thing,
    coalesce(bool_or(w.kind NOT IN ('scope', 'weak', 'boilerplate')), false) AS is_thick,
    coalesce(bool_or(w.is_lead AND w.kind <> 'boilerplate' AND w.activity = 'make') FILTER (w.field <> 'name'), false) AS is_led,
    bool_or(w.field = 'name' AND w.kind <> 'boilerplate') AS is_named,
    bool_or(w.field NOT IN ('name', 'industry')) AS in_text,
    coalesce(bool_and(w.activity = 'trade') FILTER (w.field <> 'name' AND w.kind <> 'boilerplate'), false) AS only_traded
FROM weighed AS w
LEFT JOIN spoken AS s USING (company_id, domain_id)
WHERE w.kind NOT IN ('named', 'industry') OR s.company_id IS NOT NULL
GROUP BY ALL
