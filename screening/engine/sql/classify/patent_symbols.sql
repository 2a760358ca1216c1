-- relation patent_symbols: one row per patent and class symbol
CREATE OR REPLACE TEMP TABLE patent_symbols AS
SELECT DISTINCT company_id, patent_no, unnest(regexp_extract_all(replace(upper(ipc), ' ', ''), '[A-HY][0-9]{2}[A-Z][0-9]*(?:/[0-9]+)?')) AS symbol
FROM patents
WHERE ipc IS NOT NULL
