-- relation: one row per company that the fund held and has left whole; exited_on NULL: no date is told, the latest otherwise; methods, proceeds NULL: not told of any; rank, outcome NULL: not in this run, or not ranked
SELECT
    coalesce(any_value(h.company_id), min(h.holding_id), min(h.name)) AS holding_id,
    any_value(h.company_id) AS company_id,
    coalesce(min(h.name), min(h.company_id), min(h.holding_id)) AS name,
    count(*)::INTEGER AS holdings,
    (count(*) - count(h.invested))::INTEGER AS untold,
    coalesce(sum(h.invested), 0)::DECIMAL(18, 2) AS invested,
    max(h.exited_on) AS exited_on,
    string_agg(DISTINCT h.exit_method, '; ' ORDER BY h.exit_method) AS methods,
    sum(h.proceeds)::DECIMAL(18, 2) AS proceeds,
    (count(*) - count(h.proceeds))::INTEGER AS proceeds_untold,
    any_value(r.rank) AS rank,
    any_value(r.outcome) AS outcome
FROM holdings AS h
LEFT JOIN ranking AS r USING (company_id)
GROUP BY h.held_as
HAVING count(*) FILTER (h.state <> 'exited') = 0
ORDER BY holding_id
