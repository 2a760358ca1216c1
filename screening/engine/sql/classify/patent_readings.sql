-- relation patent_readings: one row per patent and the direction that its class or title tells
CREATE OR REPLACE TEMP TABLE patent_readings AS
SELECT s.company_id, s.patent_no, c.domain_id, c.direction_id
FROM patent_symbols AS s
JOIN patent_classes AS c ON starts_with(s.symbol, c.prefix)
UNION
SELECT t.company_id, t.patent_no, r.domain_id, r.direction_id
FROM told_readings AS r
JOIN patent_titles AS t ON t.title_key = r.company_id
WHERE r.field = 'title' AND r.direction_id IS NOT NULL AND r.kind IN ('strong', 'abbreviation', 'related') AND r.activity <> 'applied'
