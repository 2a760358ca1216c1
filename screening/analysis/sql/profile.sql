-- relation: one row per company, as the rules saw it; second direction NULL when there is none
SELECT ranking.company_id, ranking.fit_grade, ranking.domain_id, ranking.direction_id,
    (SELECT arg_min(c.domain_id, c.position) FROM classification AS c
        WHERE c.company_id = ranking.company_id AND c.position > 1 AND c.grade IN ('core', 'related')
            AND c.direction_id IS NOT NULL) AS second_domain_id,
    (SELECT arg_min(c.direction_id, c.position) FROM classification AS c
        WHERE c.company_id = ranking.company_id AND c.position > 1 AND c.grade IN ('core', 'related')
            AND c.direction_id IS NOT NULL) AS second_direction_id
FROM ranking
