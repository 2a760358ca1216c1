-- relation: one row per way the city was found; id 'unknown' where it was not
SELECT coalesce(city_basis, 'unknown') AS id, count(*) AS count
FROM companies
GROUP BY ALL
ORDER BY count DESC, id
