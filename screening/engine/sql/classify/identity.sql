-- relation identity_signs: one row per company and sign that its own trade is another one
INSERT INTO identity_signs
SELECT company_id, $id, $factor
FROM hits_texts
WHERE field = $field AND regexp_matches(text, $pattern) AND ($unless = '' OR NOT regexp_matches(text, $unless))
