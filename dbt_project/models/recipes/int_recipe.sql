-- A recipe is what the tariffs come to for one combination of version, season, attribute
-- profile, clauses, riders and periods: requests with the same recipe are rated alike, so that
-- conditions, names and prices are looked up once a recipe and not once a bill.
-- One row per recipe.

with keyed as (

    select distinct
        version_id,
        season,
        profile_id,
        adjustment_key,
        rider_key,
        period_key
    from {{ ref('int_read__keyed') }}

)

select
    cast(row_number() over (
        order by version_id, season, profile_id, adjustment_key, rider_key, period_key
    ) as integer) as recipe_id,
    version_id,
    season,
    profile_id,
    adjustment_key,
    rider_key,
    period_key
from keyed
