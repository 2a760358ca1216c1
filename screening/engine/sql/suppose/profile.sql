-- relation profile: one row per company; where a case gives the class, that; else what the texts told
CREATE OR REPLACE TEMP TABLE profile AS
SELECT profile.* REPLACE (
    coalesce(supposed.fit_grade, profile.fit_grade) AS fit_grade,
    CASE WHEN supposed.company_id IS NULL THEN profile.domain_id ELSE supposed.domain_id END AS domain_id,
    CASE WHEN supposed.company_id IS NULL THEN profile.direction_id ELSE supposed.direction_id END AS direction_id,
    CASE WHEN supposed.company_id IS NULL THEN profile.direction_basis WHEN supposed.direction_id IS NOT NULL THEN 'told' END AS direction_basis,
    CASE WHEN supposed.company_id IS NULL THEN profile.second_domain_id ELSE supposed.second_domain_id END AS second_domain_id,
    CASE WHEN supposed.company_id IS NULL THEN profile.second_direction_id ELSE supposed.second_direction_id END AS second_direction_id
)
FROM profile
LEFT JOIN supposed_classes AS supposed USING (company_id)
