-- relation readings: those of `told_readings` that the texts of companies tell
CREATE OR REPLACE TEMP VIEW readings AS
FROM told_readings WHERE field <> 'title'
