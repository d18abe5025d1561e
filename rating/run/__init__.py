"""A rating run: dbt, its checks, publishing, the ledger, and what a later run may leave."""
