-- relation patent_readings: no patents were supplied
CREATE OR REPLACE TEMP TABLE patent_readings (company_id VARCHAR, patent_no VARCHAR, domain_id VARCHAR, direction_id VARCHAR)
