-- relation: one row per investment of the fund, those it has left too: what was put into a city stays put in; NULL: not told
SELECT city, invested
FROM holdings
