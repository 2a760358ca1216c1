-- relation identity_signs: one row per company and sign that its own trade is another one
CREATE OR REPLACE TEMP TABLE identity_signs (company_id VARCHAR, identity_id VARCHAR, factor DOUBLE)
