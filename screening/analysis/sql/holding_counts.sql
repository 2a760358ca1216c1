-- relation: one row per direction and city where the fund holds companies, those it has left aside; direction_id, city NULL: not stated; a company of several holdings counts once; known: how many of them are companies in scope of the same direction and city in this run
SELECT h.direction_id, h.city, count(DISTINCT h.held_as) AS count, count(DISTINCT r.company_id) AS known
FROM holdings AS h
LEFT JOIN ranking AS r
    ON r.company_id = h.company_id AND r.direction_id = h.direction_id AND r.direction_basis = 'told' AND r.city = h.city AND r.fit_grade IN ('core', 'related')
WHERE h.state <> 'exited'
GROUP BY ALL
ORDER BY h.direction_id, h.city
