-- relation: one row per investment of the fund, those it has left too: what was put into a city stays put in; NULL: the books do not tell
SELECT CASE WHEN NOT city_of_run THEN city END AS city, invested
FROM holdings
