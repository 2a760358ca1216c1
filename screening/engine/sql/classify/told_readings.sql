-- relation told_readings: one row per located term and meaning, of texts and of titles of patents; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE told_readings AS
WITH verbal AS (
    SELECT term_no FROM lexicon_terms WHERE counts AND regexp_matches(term, $verb)
),
placed AS (
    SELECT
        c.company_id, c.size, c.opens, c.makes, c.head, l.* EXCLUDE (start, stop, is_own, is_own_opening),
        c.place + l.start AS start, c.place + l.stop AS stop,
        l.is_own OR (l.is_own_opening AND c.place + l.start < $opening) AS is_own
    FROM hits_clauses AS c
    JOIN located AS l USING (wording_id)
),
acted AS (
    SELECT
        l.*, (v.term_no IS NOT NULL AND item_after = '') OR has_own_verb AS is_item,
        -- the words whose verbs go with the thing
        CASE
            WHEN has_own_verb THEN CASE WHEN NOT is_prose THEN after_run WHEN v.term_no IS NOT NULL THEN l.term || near_after_run ELSE near_after_run END
            -- a term that ends its item with a verb speaks for itself; before a noun the verb is part of a name
            WHEN v.term_no IS NOT NULL AND (item_after = '' OR is_prose) THEN l.term
            WHEN is_own AND near_before_run = '' AND near_after_run = '' THEN ''
            WHEN near_before_run <> '' THEN near_before_run
            -- "…, A, B 的研发": the verb of the phrase goes before one of an earlier phrase
            WHEN near_after_run <> '' AND colon_run = '' THEN near_after_run
            WHEN before_run <> '' THEN before_run
            WHEN colon_run <> '' THEN colon_run
            WHEN after_run <> '' THEN after_run
            ELSE coalesce(head, '')
        END AS said
    FROM placed AS l
    LEFT JOIN verbal AS v USING (term_no)
),
-- few different words say it, so their verbs are read once each
spoken AS (
    SELECT
        said, regexp_extract_all(said, $verb) AS verbs,
        CASE
            WHEN len(verbs) = 0 THEN 'unstated'
            WHEN list_has_any(verbs, $make) THEN 'make'
            WHEN list_has_any(verbs, $train) THEN 'train'
            WHEN list_has_any(verbs, $trade) THEN 'trade'
            ELSE 'service'
        END AS activity
    FROM (SELECT DISTINCT said FROM acted)
),
told AS (
    SELECT
        a.*,
        CASE
            WHEN field = 'name' THEN 'unstated'
            WHEN is_other THEN 'other'
            WHEN is_applied AND NOT is_own THEN 'applied'
            WHEN is_means AND NOT is_own THEN 'means'
            ELSE s.activity
        END AS activity,
        CASE
            WHEN field IN ('name', 'industry_name') THEN 1.0
            WHEN is_prose THEN CASE WHEN start < $opening OR is_stated THEN $leading ELSE $beyond END
            -- the only item of a list that is made leads it
            WHEN (makes = 1 AND is_item AND s.activity = 'make' AND size <= $crowd) OR (opens AND items_before < $lead_items) THEN $leading
            WHEN size > $crowd THEN $crowded
            ELSE 1.0
        END AS standing
    FROM acted AS a
    JOIN spoken AS s USING (said)
)
SELECT
    t.company_id, m.domain_id, m.direction_id, t.field, t.start, t.stop, t.term, m.kind, m.family, t.activity, t.is_prose,
    CAST(round(
        -- in a name any word corroborates; in a list, a catalogue phrase or a weak word that no verb goes with says nothing
        CASE
            WHEN t.field = 'name' THEN greatest(k.weight, $in_name)
            WHEN m.kind IN ('scope', 'weak') AND t.activity = 'unstated' AND NOT t.is_prose THEN 0
            ELSE k.weight * a.weight
        END
        * f.weight * t.standing * coalesce(c.factor, 1.0), 4
    ) AS DECIMAL(9, 4)) AS weight
FROM told AS t
JOIN lexicon_meanings AS m USING (term_no)
-- in prose a scope item is no tick: it says what the company does
JOIN kind_weights AS k ON k.kind = CASE WHEN m.kind = 'scope' AND t.is_prose THEN 'related' ELSE m.kind END
JOIN activity_weights AS a ON a.activity = t.activity
JOIN field_weights AS f ON f.field = t.field
LEFT JOIN company_factors AS c USING (company_id)
WHERE (m.kind <> 'named' OR t.field = 'name')
    AND (m.needs IS NULL OR len(list_filter(m.needs, lambda word: contains(t.clause, word))) > 0)
