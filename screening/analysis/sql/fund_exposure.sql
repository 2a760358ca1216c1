-- relation: one row per domain, direction, city and life stage of what the fund holds; NULL: not told (life stage: the company is not in this run); share NULL: no amount is told at all; city_of_run, domain_of_run: of how many the books do not say it, but this run does
SELECT
    h.domain_id, h.direction_id, h.city, r.life_stage,
    count(*)::INTEGER AS holdings,
    (count(*) - count(h.at_stake))::INTEGER AS untold,
    coalesce(sum(h.at_stake), 0)::DECIMAL(18, 2) AS invested,
    round(coalesce(sum(h.at_stake), 0) / nullif(sum(sum(h.at_stake)) OVER (), 0), 4)::DECIMAL(9, 4) AS share,
    count(*) FILTER (h.city_of_run)::INTEGER AS city_of_run,
    count(*) FILTER (h.direction_of_run)::INTEGER AS domain_of_run
FROM holdings AS h
LEFT JOIN ranking AS r USING (company_id)
WHERE h.state <> 'exited'
GROUP BY h.domain_id, h.direction_id, h.city, r.life_stage
ORDER BY ALL
