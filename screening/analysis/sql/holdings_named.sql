-- relation: one row per holding; company_id is that of the company in this run which it names by id, credit code or else by a name that one company alone has, else the only id that rows of the same name have; as stored, or NULL, where nobody is meant; direction_id is that of the plan which is named by id, name or alias, as stored where none is, NULL where a domain alone is told; domain_id NULL: none of the plan; state of a run made before exits were known: held; at_stake is the cost that is still held in yuan, NULL: not known; where the books name no city, or neither domain nor direction, they are those that this run tells of the company (city_of_run, direction_of_run); held_as is who is held: the company, else the name without blanks and width of brackets, else the holding
WITH named AS (SELECT unnest($names::VARCHAR[]) AS direction, unnest($domains::VARCHAR[]) AS domain_id, unnest($directions::VARCHAR[]) AS direction_id),
coded AS (
    SELECT uscc, min(company_id) AS company_id
    FROM ranking WHERE uscc IN (SELECT company_id FROM "holdings as stored")
    GROUP BY uscc HAVING count(*) = 1
),
called AS (
    SELECT name, min(company_id) AS company_id
    FROM ranking WHERE name IN (SELECT name FROM "holdings as stored")
    GROUP BY name HAVING count(*) = 1
),
resolved AS (
    SELECT
        h.* REPLACE (
            coalesce(own.company_id, coded.company_id, called.company_id, h.company_id) AS company_id,
            CASE WHEN named.domain_id IS NULL THEN h.direction_id ELSE named.direction_id END AS direction_id,
            coalesce(h.state, 'held') AS state,
            CASE WHEN h.state IS NULL THEN h.invested ELSE h.at_stake END AS at_stake
        ),
        named.domain_id,
        lower(regexp_replace(translate(h.name, '（）', '()'), '\s', '', 'g')) AS spelt
    FROM "holdings as stored" AS h
    LEFT JOIN (SELECT company_id FROM ranking WHERE company_id IN (SELECT company_id FROM "holdings as stored")) AS own ON own.company_id = h.company_id
    LEFT JOIN coded ON coded.uscc = h.company_id
    LEFT JOIN called ON called.name = h.name
    LEFT JOIN named ON named.direction = trim(h.direction_id)
),
spelt_once AS (SELECT spelt, min(company_id) AS company_id FROM resolved WHERE company_id IS NOT NULL GROUP BY spelt HAVING count(DISTINCT company_id) = 1),
classified AS (
    SELECT
        company_id, city,
        CASE WHEN outcome NOT IN ('out_of_scope', 'direction_open') THEN domain_id END AS domain_id,
        CASE WHEN outcome NOT IN ('out_of_scope', 'direction_open') AND direction_basis = 'told' THEN direction_id END AS direction_id
    FROM ranking WHERE company_id IN (SELECT company_id FROM resolved)
)
SELECT
    r.* EXCLUDE (spelt) REPLACE (
        coalesce(r.company_id, o.company_id) AS company_id,
        coalesce(r.city, k.city) AS city,
        coalesce(r.domain_id, CASE WHEN r.direction_id IS NULL THEN k.domain_id END) AS domain_id,
        coalesce(r.direction_id, CASE WHEN r.domain_id IS NULL THEN k.direction_id END) AS direction_id
    ),
    r.city IS NULL AND k.city IS NOT NULL AS city_of_run,
    r.domain_id IS NULL AND r.direction_id IS NULL AND k.domain_id IS NOT NULL AS direction_of_run,
    coalesce(r.company_id, o.company_id, r.spelt, r.holding_id) AS held_as
FROM resolved AS r
LEFT JOIN spelt_once AS o USING (spelt)
LEFT JOIN classified AS k ON k.company_id = coalesce(r.company_id, o.company_id)
