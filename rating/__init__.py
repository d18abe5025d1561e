"""The thin layer around the rating SQL: load, run, reconcile, explain, and the command line.

The modules of this folder say where rows lie (`database`, `postgres`, `setup`, `writing`) and how a
run goes (`run`, `dbt_build`, `publish`, `ledger`). The packages: `cli` and `show`, the command line
and its tables; `seed` and `lint`, tariffs read and looked at; `portfolio`, `intervals`,
`green_button` and `sample`, what is loaded; `reconcile`, `study`, `report` and `trial`, what is
asked of bills; `urdb`, OpenEI rates in and out.
"""
