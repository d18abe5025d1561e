"""Where rows lie: a DuckDB file or a PostgreSQL database, who may write there, and when."""
