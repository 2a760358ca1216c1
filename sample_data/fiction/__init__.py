"""How the sample is invented: the material (TOML), the firms, their facts, the seeded flaws and the files."""
