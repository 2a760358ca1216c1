-- relation: one row per outcome off the lists and its reason, with how many and the first $named names; reason NULL: none told
SELECT outcome, outcome_reason AS reason, count(*) AS count,
    list({'company_id': company_id, 'name': name} ORDER BY company_id)[1:$named] AS names
FROM ranking
WHERE outcome NOT IN ('shortlisted', 'ranked', 'review', 'out_of_scope')
GROUP BY ALL
ORDER BY outcome, count DESC, reason
