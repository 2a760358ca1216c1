-- relation: one row per company that the fund holds; company_id NULL: its holdings name none; share, basis, base, most, over NULL: the fund states no such limit; over NULL too where an amount is not told and the told ones are within; rank, outcome NULL: not in this run, or not ranked
SELECT
    coalesce(h.company_id, h.holding_id) AS holding_id,
    any_value(h.company_id) AS company_id,
    coalesce(min(h.name), min(h.company_id), min(h.holding_id)) AS name,
    count(*)::INTEGER AS holdings,
    (count(*) - count(h.invested))::INTEGER AS untold,
    coalesce(sum(h.invested), 0)::DECIMAL(18, 2) AS invested,
    round(coalesce(sum(h.invested), 0) / nullif($base::DECIMAL(18, 2), 0), 4)::DECIMAL(9, 4) AS share,
    $basis AS basis,
    $base::DECIMAL(18, 2) AS base,
    $limit::DECIMAL(9, 4) AS share_limit,
    $most::DECIMAL(18, 2) AS most,
    CASE
        WHEN coalesce(sum(h.invested), 0) > $most::DECIMAL(18, 2) THEN TRUE
        WHEN count(*) = count(h.invested) AND $most IS NOT NULL THEN FALSE
    END AS over,
    any_value(r.rank) AS rank,
    any_value(r.outcome) AS outcome
FROM holdings AS h
LEFT JOIN ranking AS r USING (company_id)
GROUP BY coalesce(h.company_id, h.holding_id)
ORDER BY holding_id
