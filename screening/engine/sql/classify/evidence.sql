-- relation evidence: one row per company, domain, direction and thing; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE evidence AS
WITH lines AS (
    SELECT
        company_id, domain_id, direction_id, family, kind, activity, field, is_prose, weight,
        CASE
            WHEN field IN ('name', 'industry_name') THEN '(' || field || ')'
            WHEN kind = 'boilerplate' THEN '(ticks)'
            -- the standard items of a direction are one thing: a list of them is a catalogue, and each further one adds little
            WHEN kind = 'scope' AND NOT is_prose THEN '(items)'
            ELSE family
        END AS thing
    FROM readings
    UNION ALL
    SELECT
        p.company_id, p.domain_id, p.direction_id, 'patents', 'patent', 'make', 'patents', false,
        CAST(max($patent_weight * coalesce(c.factor, 1.0)) AS DECIMAL(9, 4)), '(patents)'
    FROM patent_readings AS p
    LEFT JOIN company_factors AS c USING (company_id)
    GROUP BY ALL
    UNION ALL
    SELECT
        t.company_id, i.domain_id, i.direction_id, 'industry', 'industry', 'make', 'industry', false,
        CAST(max($industry_weight * coalesce(c.factor, 1.0)) AS DECIMAL(9, 4)), '(industry)'
    FROM (
        SELECT company_id, industry_code
        FROM companies
        WHERE industry_code IS NOT NULL AND company_id IN (SELECT company_id FROM readings)
    ) AS t
    JOIN industry_codes AS i ON starts_with(t.industry_code, i.prefix)
    LEFT JOIN company_factors AS c USING (company_id)
    GROUP BY ALL
)
SELECT
    company_id, domain_id, direction_id, thing,
    -- names and industry codes support what the text tells; they tell nothing by themselves
    thing IN ('(name)', '(industry_name)', '(industry)') AS is_support,
    CAST(max(weight) * (1 + $repeated * least(2, greatest(0, CASE
        WHEN thing = '(items)' THEN count(DISTINCT family) FILTER (weight > 0)
        ELSE count(*) FILTER (is_prose AND kind <> 'boilerplate' AND weight > 0)
    END - 1))) AS DECIMAL(9, 4)) AS weight,
    coalesce(bool_or(kind IN ('strong', 'abbreviation') AND activity IN ('make', 'unstated') AND field NOT IN ('name', 'industry_name')), false) AS is_thing,
    bool_or(field NOT IN ('name', 'industry_name', 'industry')) AS in_text,
    coalesce(bool_and(activity = 'trade') FILTER (field <> 'name' AND kind <> 'boilerplate'), false) AS only_traded
FROM lines
GROUP BY company_id, domain_id, direction_id, thing
