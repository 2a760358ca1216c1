-- A value in a line of the digest. Hardly any text needs escaping, and four replacements of every text cost more than all the
-- rest of the digest; looking for one character at a time costs half of a pattern.
CREATE OR REPLACE TEMP MACRO written(value) AS
    coalesce(
        CASE
            WHEN contains(value, '\') OR contains(value, chr(31)) OR contains(value, chr(13)) OR contains(value, chr(10))
            THEN replace(replace(replace(replace(value, '\', '\\'), chr(31), '\u001f'), chr(13), '\r'), chr(10), '\n')
            ELSE value
        END,
        '\N'
    );
