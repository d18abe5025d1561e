"""Reports of studies: tables, charts and sources on one page."""
