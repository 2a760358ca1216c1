-- relation classification: one row per company, domain and direction; direction NULL where only the domain is told
CREATE OR REPLACE TEMP TABLE classification AS
SELECT * FROM classification WHERE company_id NOT IN (SELECT company_id FROM supposed_classes)
UNION ALL BY NAME
SELECT company_id, domain_id, direction_id, 1.00::DECIMAL(9, 2) AS strength, fit_grade AS grade, 1::INTEGER AS position
FROM supposed_classes WHERE domain_id IS NOT NULL
UNION ALL BY NAME
SELECT company_id, second_domain_id AS domain_id, second_direction_id AS direction_id, 0.90::DECIMAL(9, 2) AS strength,
    fit_grade AS grade, 2::INTEGER AS position
FROM supposed_classes WHERE second_direction_id IS NOT NULL
