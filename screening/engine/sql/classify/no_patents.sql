-- relations patent_symbols, patent_titles: no patents were supplied
CREATE OR REPLACE TEMP TABLE patent_symbols (company_id VARCHAR, patent_no VARCHAR, symbol VARCHAR);
CREATE OR REPLACE TEMP TABLE patent_titles (company_id VARCHAR, patent_no VARCHAR, title_key VARCHAR, title VARCHAR)
