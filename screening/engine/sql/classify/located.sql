-- relation located: one row per term standing in a wording, after boundaries, masks and nesting; run columns empty: no verb
-- what depends on the letters of a clause alone is found here, once for all companies that write the same
CREATE OR REPLACE TEMP TABLE located AS
WITH standing AS (
    SELECT
        f.wording_id, c.field, f.term_no, f.start, f.start + t.length AS stop, t.length, t.mask, c.clause, c.spoken
    FROM hits_found AS f
    JOIN lexicon_terms AS t USING (term_no)
    JOIN hits_wordings AS c USING (wording_id)
    WHERE t.mask
        OR NOT (
            (t.ascii_start AND f.start > 0 AND regexp_matches(substr(c.clause, greatest(f.start - 1, 1), least(f.start, 2)),
                                                              '[0-9a-z]$|[0-9][.]$'))
            OR (t.ascii_end AND regexp_matches(substr(c.clause, f.start + t.length + 1, 1), '^[0-9a-z]'))
        )
),
-- of readings that share text the longest wins, of equally long ones the first; a mask also kills what it only touches, unless the term holds all of it
longest AS (
    SELECT s.*
    FROM standing AS s
    WHERE NOT s.mask
        AND NOT EXISTS (
            SELECT 1
            FROM standing AS o
            WHERE o.wording_id = s.wording_id
                AND o.start < s.stop AND s.start < o.stop AND o.term_no <> s.term_no
                AND (
                    o.length > s.length
                    OR (o.length = s.length AND o.start < s.start AND NOT o.mask)
                    OR (o.mask AND NOT (s.start <= o.start AND s.stop >= o.stop))
                )
        )
),
-- names and boilerplate need no verb
beside AS (
    SELECT
        l.*, t.term, o.field IS NOT NULL AS is_prose,
        CASE WHEN l.field <> 'name' AND t.counts THEN substr(l.spoken, 1, l.start) ELSE '' END AS before,
        CASE WHEN l.field <> 'name' AND t.counts THEN substr(l.spoken, l.stop + 1) ELSE '' END AS after
    FROM longest AS l
    JOIN lexicon_terms AS t USING (term_no)
    LEFT JOIN prose_fields AS o ON o.field = l.field
),
headed AS (
    SELECT
        *, CASE WHEN contains(before, ':') THEN regexp_extract(before, '^(.*):', 1) ELSE '' END AS colon_head,
        CASE WHEN contains(before, ':') THEN regexp_extract(before, '[^:]*$') ELSE before END AS since_colon
    FROM beside
),
-- in layers, since an alias used in its own SELECT is computed again
governed AS (
    SELECT
        * EXCLUDE (since_colon),
        -- "A 系统集成、B": a verb that ends an earlier item speaks of that item alone
        CASE
            WHEN NOT is_prose AND regexp_matches(since_colon, $ended) THEN regexp_replace(since_colon, $ended, '\1\2', 'g')
            ELSE since_colon
        END AS governing
    FROM headed
),
phrased AS (
    SELECT
        *,
        regexp_extract(before, $phrase_left) AS phrase_before,
        regexp_extract(after, $phrase_right) AS phrase_after,
        regexp_extract(after, $item_right) AS item_after,
        coalesce(regexp_extract_all(governing, $run)[-1], '') AS before_run,
        regexp_extract(after, $run) AS after_run
    FROM governed
),
joined AS (
    SELECT *, phrase_before || $mark || phrase_after AS phrase FROM phrased
)
SELECT
    wording_id, field, is_prose, term_no, term, start, stop, clause, item_after, before_run, after_run,
    -- items before this one, counted from the nearest verb or the colon
    len(regexp_extract_all(regexp_replace(governing, $past_run, ''), $item_stop)) AS items_before,
    regexp_matches(item_after, $verb) AS has_own_verb,
    CASE WHEN regexp_matches(colon_head, $verb) THEN colon_head ELSE '' END AS colon_run,
    -- the verbs within the phrase: most clauses are one phrase, and a pattern is dear
    CASE
        WHEN contains(governing, ',') THEN coalesce(regexp_extract_all(regexp_extract(governing, $phrase_left), $run)[-1], '')
        ELSE before_run
    END AS near_before_run,
    CASE
        WHEN after_run = '' THEN ''
        -- "…、加工中用的材料的批发": the verb that the whole phrase ends with governs it
        WHEN contains(phrase_after, '的') AND regexp_matches(phrase_after, $of_run) THEN regexp_extract(phrase_after, $of_run, 1)
        WHEN contains(after, ',') THEN regexp_extract(phrase_after, $run)
        ELSE after_run
    END AS near_after_run,
    -- the dearest patterns, and only prose asks for them
    CASE WHEN is_prose THEN regexp_matches(phrase_before, $statement) ELSE false END AS is_stated,
    CASE WHEN is_prose THEN regexp_matches(phrase, $own) ELSE false END AS is_own,
    CASE WHEN is_prose THEN regexp_matches($open || phrase, $own) ELSE false END AS is_own_opening,
    regexp_matches(phrase, $applied) AS is_applied,
    regexp_matches(phrase, $means) AS is_means,
    regexp_matches(phrase, $other) AS is_other
FROM joined
