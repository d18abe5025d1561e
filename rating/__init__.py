"""The thin layer around the rating SQL: load, run, reconcile, explain, and the command line."""
