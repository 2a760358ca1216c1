-- relation located: one row per term standing in a text, after boundaries, masks and nesting; run columns empty: no verb
CREATE OR REPLACE TEMP TABLE located AS
WITH standing AS (
    SELECT
        f.company_id, f.field, f.clause_no, f.term_no, f.start, f.start + t.length AS stop, t.length, t.mask, c.place, c.size,
        c.head, c.clause
    FROM hits_found AS f
    JOIN lexicon_terms AS t USING (term_no)
    JOIN hits_clauses AS c USING (company_id, field, clause_no)
    WHERE t.mask
        OR NOT (
            (t.ascii_start AND f.start > 0 AND regexp_matches(substr(c.clause, greatest(f.start - 1, 1), least(f.start, 2)),
                                                              '[0-9a-z]$|[0-9][.]$'))
            OR (t.ascii_end AND regexp_matches(substr(c.clause, f.start + t.length + 1, 1), '^[0-9a-z]'))
        )
),
-- the longest reading wins; a mask also kills what it only touches, unless the term holds the whole mask
longest AS (
    SELECT s.*
    FROM standing AS s
    WHERE NOT s.mask
        AND NOT EXISTS (
            SELECT 1
            FROM standing AS o
            WHERE o.company_id = s.company_id AND o.field = s.field AND o.clause_no = s.clause_no
                AND o.start < s.stop AND s.start < o.stop AND o.term_no <> s.term_no
                AND (
                    (o.length > s.length AND o.start <= s.start AND o.stop >= s.stop)
                    OR (o.mask AND NOT (s.start <= o.start AND s.stop >= o.stop))
                )
        )
),
beside AS (
    SELECT
        *, substr(clause, 1, start) AS before, substr(clause, stop + 1) AS after,
        regexp_extract(substr(clause, 1, start), '^(.*):', 1) AS colon_head,
        regexp_extract(substr(clause, 1, start), '[^:]*$') AS since_colon
    FROM longest
)
SELECT
    company_id, field, clause_no, term_no, place + start AS start, place + stop AS stop, size, clause,
    place + start - length(regexp_extract(before, $item_left)) AS item_start,
    length(regexp_extract(before, $item_left)) + length + length(regexp_extract(after, $item_right)) AS item_size,
    -- items before this one, counted from the nearest verb or the colon
    len(regexp_extract_all(regexp_replace(since_colon, $past_run, ''), $item_stop)) AS items_before,
    regexp_extract(before, $phrase_left) AS phrase_before,
    regexp_extract(after, $phrase_right) AS phrase_after,
    regexp_extract(after, $own_run, 1) AS own_run,
    coalesce(regexp_extract_all(since_colon, $run)[-1], '') AS before_run,
    regexp_extract_all(colon_head, $verb) AS colon_verbs,
    regexp_extract(after, $run) AS after_run,
    regexp_extract_all(coalesce(head, ''), $verb) AS head_verbs
FROM beside
