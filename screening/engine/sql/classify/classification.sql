-- relation classification_rows: one row per company, domain and direction; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE classification_rows AS
WITH things AS (
    -- a thing of several directions counts once for the domain
    SELECT company_id, domain_id, thing, any_value(is_support) AS is_support, max(weight) AS weight
    FROM evidence
    GROUP BY company_id, domain_id, thing
),
domains AS (
    SELECT
        company_id, domain_id,
        coalesce(sum(weight) FILTER (NOT is_support), 0) AS told, coalesce(sum(weight) FILTER (is_support), 0) AS support,
        -- support can at most double what is told
        told + least(told, support) AS strength
    FROM things
    GROUP BY company_id, domain_id
),
directions AS (
    SELECT
        company_id, domain_id, direction_id,
        coalesce(sum(weight) FILTER (NOT is_support), 0) AS told, coalesce(sum(weight) FILTER (is_support), 0) AS support,
        told + least(told, support) AS strength,
        bool_or(is_thing) AS is_thing, bool_or(in_text) AS in_text,
        coalesce(bool_and(only_traded) FILTER (in_text), false) AS only_traded
    FROM evidence
    GROUP BY company_id, domain_id, direction_id
),
graded AS (
    SELECT
        r.company_id, r.domain_id, r.direction_id, r.strength, d.strength AS domain_strength,
        d.strength >= $related AS domain_is_in,
        d.strength >= $read AND d.strength < $related AS domain_is_open,
        r.is_thing, r.in_text, r.only_traded,
        row_number() OVER (
            PARTITION BY r.company_id, r.domain_id
            ORDER BY r.direction_id IS NULL, r.strength DESC, coalesce(p.place, 9999), r.direction_id
        ) AS standing
    FROM directions AS r
    JOIN domains AS d USING (company_id, domain_id)
    LEFT JOIN precedence AS p ON p.id = r.direction_id
),
named AS (
    SELECT
        *,
        CASE
            WHEN domain_is_in AND direction_id IS NOT NULL AND is_thing AND strength >= $core THEN 'core'
            WHEN domain_is_in AND direction_id IS NOT NULL AND strength >= $related THEN 'related'
            -- the foremost direction is named wherever the domain is in
            WHEN domain_is_in AND direction_id IS NOT NULL AND standing = 1 AND strength >= $named THEN 'related'
            WHEN NOT in_text THEN 'name'
            WHEN only_traded THEN 'trade'
            ELSE 'boilerplate'
        END AS grade
    FROM graded
)
SELECT company_id, domain_id, direction_id, strength, domain_strength, domain_is_open, grade
FROM named
WHERE direction_id IS NOT NULL
UNION ALL
-- the domain alone carries where it is in and none of its directions is
SELECT
    company_id, domain_id, NULL AS direction_id, any_value(domain_strength) AS strength,
    any_value(domain_strength) AS domain_strength, any_value(domain_is_open) AS domain_is_open,
    CASE
        WHEN bool_or(domain_is_in) THEN 'related'
        WHEN NOT bool_or(in_text) THEN 'name'
        WHEN bool_and(only_traded) THEN 'trade'
        ELSE 'boilerplate'
    END AS grade
FROM named
GROUP BY company_id, domain_id
HAVING NOT bool_or(grade IN ('core', 'related')) AND (bool_or(domain_is_in) OR bool_and(direction_id IS NULL))
