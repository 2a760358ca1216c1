-- relation company_texts: one row per company; says_nothing: no text tells what it does
CREATE OR REPLACE TEMP TABLE company_texts AS
SELECT
    company_id, entity_kind, industry_code,
    (business_scope IS NULL OR length(business_scope) < 200 AND regexp_full_match(trim(business_scope), $says_nothing))
    AND (products IS NULL OR length(products) < 200 AND regexp_full_match(trim(products), $says_nothing))
    AND (description IS NULL OR length(description) < 200 AND regexp_full_match(trim(description), $says_nothing))
        AS says_nothing
FROM companies
