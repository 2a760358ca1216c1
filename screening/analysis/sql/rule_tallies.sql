-- relation: one row per rule of the run; reason NULL where it decided for somebody
SELECT rule_id, kind, status, reason, passed, failed, unknown, not_run, not_applicable
FROM rules
