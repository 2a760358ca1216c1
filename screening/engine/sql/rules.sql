-- relation rules: one row per gate and criterion in force; reason NULL: it decided for somebody, or nothing was undecided
-- `every` lists the rules, `said` what each came to for each company; a criterion has no state, its reason says it
WITH counted AS (
    SELECT
        rule_id, kind, reason, count(*) AS companies,
        CASE
            WHEN kind = 'gate' THEN state
            WHEN reason IS NULL THEN 'passed'
            WHEN reason = 'not_applicable' THEN 'not_applicable'
            WHEN reason = 'not_collected' THEN 'not_run'
            ELSE 'unknown'
        END AS came_to,
        sum(count(*)) OVER (PARTITION BY rule_id, kind, reason) AS alike
    FROM said
    GROUP BY rule_id, kind, state, reason
),
summed AS (
    SELECT
        rule_id, kind,
        CAST(coalesce(sum(companies) FILTER (came_to = 'passed'), 0) AS BIGINT) AS passed,
        CAST(coalesce(sum(companies) FILTER (came_to = 'failed'), 0) AS BIGINT) AS failed,
        CAST(coalesce(sum(companies) FILTER (came_to = 'unknown'), 0) AS BIGINT) AS unknown,
        CAST(coalesce(sum(companies) FILTER (came_to = 'not_run'), 0) AS BIGINT) AS not_run,
        CAST(coalesce(sum(companies) FILTER (came_to = 'not_applicable'), 0) AS BIGINT) AS not_applicable,
        -- of equally common ones the first by name, whatever the order of rows
        arg_min(reason, (-alike, reason)) FILTER (reason IS NOT NULL) AS commonest
    FROM every
    LEFT JOIN counted USING (rule_id, kind)
    GROUP BY rule_id, kind
)
SELECT
    rule_id, kind,
    CASE WHEN passed + failed > 0 THEN 'run' WHEN not_run > 0 THEN 'not_run' ELSE 'reached_nobody' END AS status,
    CASE WHEN passed + failed = 0 THEN commonest END AS reason,
    passed, failed, unknown, not_run, not_applicable
FROM summed
