-- patents_judged: one row per patent; in_direction NULL when it cannot be told whether it lies in the company's primary direction.
SELECT patents.*, patent_directions.in_direction
FROM patents
LEFT JOIN patent_directions USING (company_id, patent_no)
