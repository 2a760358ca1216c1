-- relation: one row per domain, direction, city and life stage of what the fund holds; NULL: not told (life stage: the company is not in this run); share NULL: no amount is told at all
SELECT
    h.domain_id, h.direction_id, h.city, r.life_stage,
    count(*)::INTEGER AS holdings,
    (count(*) - count(h.invested))::INTEGER AS untold,
    coalesce(sum(h.invested), 0)::DECIMAL(18, 2) AS invested,
    round(coalesce(sum(h.invested), 0) / nullif(sum(sum(h.invested)) OVER (), 0), 4)::DECIMAL(9, 4) AS share
FROM holdings AS h
LEFT JOIN ranking AS r USING (company_id)
GROUP BY h.domain_id, h.direction_id, h.city, r.life_stage
ORDER BY ALL
