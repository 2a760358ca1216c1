-- relation patent_titles: one row per patent with a title; title_key stands for the patent while its title is read
CREATE OR REPLACE TEMP TABLE patent_titles AS
SELECT company_id, patent_no, CAST(row_number() OVER (ORDER BY company_id, patent_no, title) AS VARCHAR) AS title_key, title
FROM patents
WHERE title IS NOT NULL
