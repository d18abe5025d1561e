-- Price times quantity for every step of the charges that apply: the slice of the quantity between
-- the step's edges, which may be hours of a demand. A flat step is charged whole, at zero use too
-- (M5, M18). Units are priced by inventory row. A step that is not reached has no row.
-- One row per request, step and inventory row of a unit.

{{ priced_steps(['price', 'factor']) }}
