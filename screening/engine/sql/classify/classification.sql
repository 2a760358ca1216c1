-- relation classification_rows: one row per company, domain and direction; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE classification_rows AS
WITH families AS (
    SELECT company_id, domain_id, family, max(weight) AS weight, max(told) AS told, bool_or(is_thick) AS is_thick,
        bool_or(is_led) AS is_led, bool_or(is_named) AS is_named
    FROM evidence
    GROUP BY ALL
),
domains AS (
    SELECT
        company_id, domain_id, sum(weight) AS strength, sum(told) AS told,
        CASE
            WHEN bool_or(is_led) AND bool_or(is_named) THEN $corroborated
            WHEN bool_or(is_thick) THEN $related
            ELSE $thin
        END AS wanted
    FROM families
    GROUP BY ALL
),
foremost AS (
    SELECT company_id, max(strength) AS strength, arg_max(domain_id, (strength, domain_id)) AS domain_id
    FROM domains
    GROUP BY ALL
),
-- one thing that belongs to two domains is a double membership, however much else speaks for the first
shared AS (
    SELECT DISTINCT o.company_id, o.domain_id
    FROM families AS o
    JOIN foremost AS l ON l.company_id = o.company_id AND l.domain_id <> o.domain_id
    JOIN families AS f ON f.company_id = l.company_id AND f.domain_id = l.domain_id AND f.family = o.family
    WHERE o.told >= $related
),
directions AS (
    SELECT
        company_id, domain_id, direction_id, sum(weight) AS strength, sum(told) AS told, bool_or(is_thing) AS is_thing,
        bool_or(in_text) AS in_text,
        coalesce(bool_and(only_traded) FILTER (in_text), false) AS only_traded
    FROM evidence
    GROUP BY ALL
),
graded AS (
    SELECT
        r.company_id, r.domain_id, r.direction_id, r.strength, d.strength AS domain_strength,
        d.strength >= d.wanted AND d.told >= $told
            AND (d.strength >= $second_share * l.strength OR s.company_id IS NOT NULL) AS domain_is_in,
        r.is_thing, r.in_text, r.only_traded
    FROM directions AS r
    JOIN domains AS d USING (company_id, domain_id)
    JOIN foremost AS l USING (company_id)
    LEFT JOIN shared AS s ON s.company_id = r.company_id AND s.domain_id = r.domain_id
),
named AS (
    SELECT
        *,
        CASE
            WHEN domain_is_in AND direction_id IS NOT NULL AND is_thing AND strength >= $core THEN 'core'
            WHEN domain_is_in AND direction_id IS NOT NULL AND strength >= $related THEN 'related'
            WHEN NOT in_text THEN 'name'
            WHEN only_traded THEN 'trade'
            ELSE 'boilerplate'
        END AS grade
    FROM graded
)
SELECT company_id, domain_id, direction_id, strength, domain_strength, grade
FROM named
WHERE direction_id IS NOT NULL
UNION ALL
-- the domain alone carries where it is in and none of its directions is
SELECT
    company_id, domain_id, NULL AS direction_id, any_value(domain_strength) AS strength,
    any_value(domain_strength) AS domain_strength,
    CASE
        WHEN bool_or(domain_is_in) THEN 'related'
        WHEN NOT bool_or(in_text) THEN 'name'
        WHEN bool_and(only_traded) THEN 'trade'
        ELSE 'boilerplate'
    END AS grade
FROM named
GROUP BY company_id, domain_id
HAVING NOT bool_or(grade IN ('core', 'related')) AND (bool_or(domain_is_in) OR bool_and(direction_id IS NULL))
