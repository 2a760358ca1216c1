-- profile: one row per company, for a pack without directions: everything is in scope and no direction is known.
SELECT company_id,
    'core' AS fit_grade, NULL::VARCHAR AS domain_id, NULL::VARCHAR AS direction_id,
    NULL::VARCHAR AS second_domain_id, NULL::VARCHAR AS second_direction_id
FROM companies
