-- relation: one row per company that the fund holds, with what it has not left; company_id NULL: its holdings name none; share, basis, base, most, over NULL: the fund states no such limit; over NULL too where an amount is not told and the told ones are within; rank, outcome NULL: not in this run, or not ranked
WITH own AS (
    SELECT
        coalesce(any_value(company_id), min(holding_id), min(name)) AS holding_id,
        any_value(company_id) AS company_id,
        coalesce(min(name), min(company_id), min(holding_id)) AS name,
        count(*) FILTER (state <> 'exited')::INTEGER AS holdings,
        count(at_stake) FILTER (state <> 'exited')::INTEGER AS told,
        coalesce(sum(at_stake) FILTER (state <> 'exited'), 0)::DECIMAL(18, 2) AS invested,
        count(*) FILTER (state = 'partly_exited')::INTEGER AS partly_exited,
        count(*) FILTER (state = 'liquidating')::INTEGER AS liquidating,
        count(*) FILTER (state = 'exited')::INTEGER AS exited
    FROM holdings
    GROUP BY held_as
)
SELECT
    own.holding_id, own.company_id, own.name, own.holdings,
    own.holdings - own.told AS untold,
    own.invested,
    round(own.invested / nullif($base::DECIMAL(18, 2), 0), 4)::DECIMAL(9, 4) AS share,
    $basis AS basis,
    $base::DECIMAL(18, 2) AS base,
    $limit::DECIMAL(9, 4) AS share_limit,
    $most::DECIMAL(18, 2) AS most,
    CASE WHEN own.invested > $most::DECIMAL(18, 2) THEN TRUE WHEN own.holdings = own.told AND $most IS NOT NULL THEN FALSE END AS over,
    r.rank, r.outcome, own.partly_exited, own.liquidating, own.exited
FROM own
LEFT JOIN ranking AS r USING (company_id)
WHERE own.holdings > 0
ORDER BY own.holding_id
