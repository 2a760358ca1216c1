-- relation patent_directions: no patents were supplied
CREATE OR REPLACE TEMP TABLE patent_directions (company_id VARCHAR, patent_no VARCHAR, in_direction BOOLEAN)
