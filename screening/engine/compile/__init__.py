"""Rules to SQL, as sqlglot trees: one statement per step, one row per company, columns in layers."""
