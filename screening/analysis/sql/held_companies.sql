-- relation: one row per company that the fund holds (held) or held once and has left whole (not held); at_stake is the cost still held in yuan, NULL: not known; exited_on NULL: held, or no date is told
SELECT
    company_id,
    bool_or(state <> 'exited') AS held,
    CASE WHEN count(*) = count(at_stake) THEN sum(at_stake) END AS at_stake,
    CASE WHEN bool_and(state = 'exited') THEN max(exited_on) END AS exited_on
FROM holdings
WHERE company_id IS NOT NULL
GROUP BY company_id
