-- relation spans: one row per hit of a term in a text of a company and what it means; direction_id NULL: domain only
CREATE OR REPLACE TEMP TABLE spans AS
WITH shifts AS (
    -- places are those of the text without the line breaks taken out of it: put them back
    SELECT
        r.company_id, r.field, r.start, r.stop, coalesce(sum(b.width) FILTER (b.at <= r.start), 0) AS to_start,
        coalesce(sum(b.width) FILTER (b.at < r.stop), 0) AS to_stop
    FROM (SELECT DISTINCT company_id, field, start, stop FROM readings) AS r
    JOIN hits_breaks AS b USING (company_id, field)
    GROUP BY ALL
)
SELECT
    r.company_id, r.domain_id, r.direction_id, r.field, CAST(r.start + coalesce(s.to_start, 0) AS INTEGER) AS start,
    CAST(r.stop + coalesce(s.to_stop, 0) AS INTEGER) AS "end", r.term, r.kind, r.activity,
    CASE
        WHEN r.field = 'name' THEN 'name'
        WHEN r.kind = 'boilerplate' THEN 'boilerplate'
        WHEN r.activity = 'trade' THEN 'trade'
        ELSE coalesce(c.grade, 'boilerplate')
    END AS grade
FROM readings AS r
LEFT JOIN classification AS c
    ON c.company_id = r.company_id AND c.domain_id = r.domain_id
    AND c.direction_id IS NOT DISTINCT FROM r.direction_id
LEFT JOIN shifts AS s
    ON s.company_id = r.company_id AND s.field = r.field AND s.start = r.start AND s.stop = r.stop
-- a term may be of two kinds in one direction: the one that weighs more is shown
QUALIFY row_number() OVER (
    PARTITION BY r.company_id, r.field, r.start, r.stop, r.domain_id, r.direction_id, r.term ORDER BY r.weight DESC, r.kind
) = 1
