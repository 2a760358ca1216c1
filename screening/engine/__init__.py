"""The engine: a checked pack and clean tables in, the relations of the result out. All computation is SQL."""
