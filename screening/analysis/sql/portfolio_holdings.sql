-- relation: one row per holding that the fund has not left; invested is the cost that is still held; stage and tier as in this run, NULL: the company is not in it; invested NULL: not told
SELECT h.holding_id, h.company_id, h.held_as, h.name, h.domain_id, h.direction_id, h.city, h.at_stake AS invested, r.life_stage, r.track, r.tier
FROM holdings AS h
LEFT JOIN ranking AS r USING (company_id)
WHERE h.state <> 'exited'
ORDER BY h.holding_id
