-- relation evidence: one row per company, domain, direction and family; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE evidence AS
WITH items AS (
    SELECT DISTINCT company_id, field, domain_id, size, item_start, item_size FROM readings WHERE field IN (FROM diluted_fields)
),
shares AS (
    SELECT
        company_id, field, domain_id,
        CASE
            WHEN any_value(size) <= $short THEN 1.0
            ELSE greatest($floor, least(1.0, sum(item_size) / nullif(any_value(size), 0) / $full_share))
        END AS factor
    FROM items
    GROUP BY ALL
),
weighed AS (
    SELECT
        r.company_id, r.domain_id, r.direction_id, r.family, r.field, r.kind, r.activity,
        CAST(round(
            r.weight * coalesce(c.factor, 1.0)
            * CASE
                WHEN r.field <> 'name' AND r.is_lead THEN $lead_factor
                ELSE coalesce(s.factor * (1 - $by_end * r.item_start / nullif(r.size, 0)), 1.0)
            END, 4
        ) AS DECIMAL(9, 4)) AS weight
    FROM readings AS r
    LEFT JOIN shares AS s USING (company_id, field, domain_id)
    LEFT JOIN company_factors AS c USING (company_id)
)
SELECT
    company_id, domain_id, direction_id, family,
    max(weight) AS weight,
    coalesce(max(weight) FILTER (field <> 'name'), 0) AS told,
    coalesce(bool_or(kind IN ('strong', 'abbreviation') AND activity IN ('make', 'unstated')) FILTER (field <> 'name'), false)
        AS is_thing,
    bool_or(field <> 'name') AS in_text,
    coalesce(bool_and(activity = 'trade') FILTER (field <> 'name' AND kind <> 'boilerplate'), false) AS only_traded
FROM weighed
GROUP BY ALL
