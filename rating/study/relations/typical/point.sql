-- The points of kW and kWh that are asked for.
-- One row per point.

select
    unnest(cast($kw as decimal(18, 6)[])) as kw,
    unnest(cast($kwh as decimal(18, 6)[])) as kwh
