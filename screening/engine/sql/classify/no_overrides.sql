-- relation override_outcomes: no overrides were given
CREATE OR REPLACE TEMP TABLE override_outcomes (
    override_id VARCHAR, number INTEGER, company VARCHAR, company_id VARCHAR, judged_on DATE, grade VARCHAR, domain_id VARCHAR,
    direction_id VARCHAR, state VARCHAR, computed_grade VARCHAR, computed_domain_id VARCHAR, computed_direction_id VARCHAR
)
