-- relation: one row per fact and table of a company: the kinds of source and the newest period of the rows that gave the value
SELECT fact, list(DISTINCT kind) FILTER (kind IS NOT NULL) AS kinds, max(period) AS period
FROM fact_sources
WHERE company_id = $company_id
GROUP BY fact
