-- place: one row per company whose rules are judged; city NULL when it could not be told, carrier NULL when no alias stands in an address.
WITH judged AS (
    SELECT profile.company_id, companies.city, companies.city_basis, companies.district,
        concat_ws(' ', companies.address, companies.operating_address) AS addresses
    FROM profile JOIN companies USING (company_id)
    WHERE profile.fit_grade IN ('core', 'related', 'unknown')
),
works_in AS (
    SELECT company_id, domain_id, direction_id FROM classification WHERE grade IN ('core', 'related')
),
named AS (
    -- The plan names one sub-industry for one direction in one entry; the earliest written wins where two directions match.
    SELECT judged.company_id, entry.entry, entry.is_region,
        min_by(sub.name, sub.position) AS sub_industry
    FROM judged
    JOIN plan_entries AS entry USING (city)
    JOIN plan_sub_industries AS sub USING (entry)
    JOIN works_in ON works_in.company_id = judged.company_id AND works_in.direction_id = sub.direction_id
    GROUP BY ALL
),
listed AS (
    SELECT DISTINCT judged.company_id
    FROM judged
    JOIN plan_entries AS entry USING (city)
    JOIN plan_domains AS domain USING (entry)
    JOIN works_in ON works_in.company_id = judged.company_id AND works_in.domain_id = domain.domain_id
),
housed AS (
    SELECT judged.company_id, min_by(carrier.name, carrier.position) AS carrier
    FROM judged
    JOIN plan_entries AS entry USING (city)
    JOIN plan_carriers AS carrier ON carrier.entry = entry.entry AND contains(judged.addresses, carrier.alias)
    GROUP BY judged.company_id
)
SELECT
    judged.company_id, judged.city, judged.city_basis, judged.district, entry.entry,
    CASE
        WHEN judged.city IS NULL THEN 'unknown'
        WHEN entry.entry IS NULL AND NOT EXISTS (SELECT 1 FROM plan_cities WHERE plan_cities.city = judged.city) THEN 'outside_province'
        WHEN named.sub_industry IS NOT NULL AND named.is_region THEN 'region_sub_industry'
        WHEN named.sub_industry IS NOT NULL THEN 'named_sub_industry'
        WHEN listed.company_id IS NOT NULL THEN 'city_domain'
        WHEN works.company_id IS NOT NULL THEN 'plan_direction'
        ELSE 'unknown'
    END AS place_grade,
    named.sub_industry, housed.carrier
FROM judged
LEFT JOIN plan_entries AS entry USING (city)
LEFT JOIN named ON named.company_id = judged.company_id
LEFT JOIN listed ON listed.company_id = judged.company_id
LEFT JOIN housed ON housed.company_id = judged.company_id
LEFT JOIN (SELECT DISTINCT company_id FROM works_in) AS works ON works.company_id = judged.company_id
