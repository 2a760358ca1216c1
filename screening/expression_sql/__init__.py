"""Expressions to SQL, as sqlglot trees: three-valued, exact, in layers. It knows expressions and columns, not packs."""
