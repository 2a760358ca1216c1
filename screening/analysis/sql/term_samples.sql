-- term_samples: up to $samples rows per term, domain and direction: a hit with the text around it; the same for any order of the rows.
WITH hits AS (
    SELECT DISTINCT company_id, field, start, "end", term, domain_id, direction_id, activity, grade FROM spans
),
chosen AS (
    SELECT * FROM hits
    QUALIFY row_number() OVER (PARTITION BY term, domain_id, direction_id ORDER BY hash(company_id, field, start), company_id, field, start) <= $samples
),
texts AS (
    SELECT
        h.*, c.name,
        CASE h.field
            WHEN 'products' THEN c.products
            WHEN 'description' THEN c.description
            WHEN 'business_scope' THEN c.business_scope
            WHEN 'industry_name' THEN c.industry_name
            ELSE c.name
        END AS text
    FROM chosen AS h
    JOIN companies AS c USING (company_id)
)
SELECT
    term, domain_id, direction_id, company_id, name, field, activity, grade,
    substr(text, greatest(start - $around, 0) + 1, start - greatest(start - $around, 0)) AS before,
    substr(text, start + 1, "end" - start) AS hit,
    substr(text, "end" + 1, $around) AS after
FROM texts
ORDER BY term, domain_id, direction_id, company_id, field, start
