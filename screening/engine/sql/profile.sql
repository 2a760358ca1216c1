-- profile: one row per company, for a pack without directions: everything is in scope and no direction is known.
SELECT company_id,
    'core' AS fit_grade, NULL::VARCHAR AS domain_id, NULL::VARCHAR AS direction_id,
    NULL::VARCHAR AS second_domain_id, NULL::VARCHAR AS second_direction_id,
    NULL::VARCHAR AS direction_basis, NULL::DECIMAL(9, 2) AS margin, NULL::BOOLEAN AS double_membership,
    NULL::VARCHAR AS override_id, NULL::VARCHAR AS computed_grade, NULL::VARCHAR AS computed_domain_id,
    NULL::VARCHAR AS computed_direction_id, false AS is_open
FROM companies
