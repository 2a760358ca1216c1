-- relation patents_judged: one row per patent; in_direction as the case gives it, else as its title told; NULL when neither did
CREATE OR REPLACE TEMP TABLE patents_judged AS
SELECT patents_judged.* REPLACE (coalesce(supposed.in_direction, patents_judged.in_direction) AS in_direction)
FROM patents_judged
LEFT JOIN supposed_patents_in_direction AS supposed USING (company_id, patent_no)
