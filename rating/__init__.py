"""The thin layer around the rating SQL: load, run, reconcile, explain, and the command line.

`store` is where rows lie, `run` how they are rated, `memory` the same in memory for bills that are
thrown away. `seed` and `lint` read the tariffs and look at them; `portfolio`, `green_button` and
`sample` are what is loaded; `explain`, `reconcile`, `study`, `report` and `trial` what is asked of
bills; `urdb` takes OpenEI rates in and out; `cli` and `show` are the command line and its tables.
"""
