-- relation readings: one row per located term and meaning; direction_id NULL: only the domain is told
CREATE OR REPLACE TEMP TABLE readings AS
WITH acted AS (
    SELECT
        l.*, t.term,
        CASE WHEN o.field IS NULL THEN false ELSE regexp_matches(phrase_before || $mark || phrase_after, $own) END AS is_own,
        CASE
            -- a phrase that holds its own verb speaks for itself
            WHEN regexp_matches(t.term, $verb) AND NOT has_own_verb THEN regexp_extract_all(t.term, $verb)
            WHEN has_own_verb THEN regexp_extract_all(after_run, $verb)
            WHEN is_own AND near_before_run = '' AND near_after_run = '' THEN []
            WHEN near_before_run <> '' THEN regexp_extract_all(near_before_run, $verb)
            -- "…, A, B 的研发": the verb of the phrase goes before one of an earlier phrase
            WHEN near_after_run <> '' AND len(colon_verbs) = 0 THEN regexp_extract_all(near_after_run, $verb)
            WHEN before_run <> '' THEN regexp_extract_all(before_run, $verb)
            WHEN len(colon_verbs) > 0 THEN colon_verbs
            WHEN after_run <> '' THEN regexp_extract_all(after_run, $verb)
            ELSE head_verbs
        END AS verbs,
        CASE WHEN o.field IS NULL THEN false ELSE regexp_matches(phrase_before, $statement) END AS is_stated,
        regexp_matches(phrase_before || $mark || phrase_after, $applied) AS is_applied,
        regexp_matches(phrase_before || $mark || phrase_after, $means) AS is_means
    FROM located AS l
    JOIN lexicon_terms AS t USING (term_no)
    LEFT JOIN opening_fields AS o ON o.field = l.field
),
told AS (
    SELECT
        company_id, field, clause_no, term_no, start, stop, size, item_start, item_size, items_before, clause, term, is_stated,
        CASE
            WHEN field = 'name' THEN 'unstated'
            WHEN is_applied AND NOT is_own THEN 'applied'
            WHEN is_means AND NOT is_own THEN 'means'
            WHEN len(verbs) = 0 THEN 'unstated'
            WHEN list_has_any(verbs, $make) THEN 'make'
            WHEN list_has_any(verbs, $trade) THEN 'trade'
            ELSE 'service'
        END AS activity
    FROM acted
)
SELECT
    t.company_id, m.domain_id, m.direction_id, t.field, t.start, t.stop, t.term, m.kind, m.family, t.activity, t.size,
    t.item_start, t.item_size, t.is_stated, t.clause_no = 0 AND t.items_before < $lead_items AND t.start <= $lead_within AS is_lead, k.weight * a.weight * f.weight AS weight
FROM told AS t
JOIN lexicon_meanings AS m USING (term_no)
-- in prose a scope item is no tick: it says what the company does
JOIN kind_weights AS k ON k.kind = CASE WHEN m.kind = 'scope' AND t.field IN (FROM opening_fields) THEN 'related' ELSE m.kind END
JOIN activity_weights AS a ON a.activity = t.activity
JOIN field_weights AS f ON f.field = t.field
WHERE (m.kind <> 'named' OR t.field = 'name')
    AND (m.needs IS NULL OR len(list_filter(m.needs, lambda word: contains(t.clause, word))) > 0)
