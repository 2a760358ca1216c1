-- One row per relation or table that has rows of companies. Never NULL.
SELECT DISTINCT table_name
FROM duckdb_columns()
WHERE column_name = 'company_id' AND schema_name = 'main' AND database_name = 'memory' AND NOT internal AND table_name NOT LIKE '% as stored'
ORDER BY table_name
