-- What is to be rated: each read under its own schedule (production), and beside it what a bank
-- or a credited difference needs besides (context, reference), which is never billed. The earlier
-- parts of a prorated read (part) are billed with its last one.
-- One row per request; agreement, billing month, kind, part and version are unique.

with keyed as (

    select * from {{ ref('int_read__keyed') }}

),

recipe as (

    select * from {{ ref('int_recipe') }}

)

select
    cast(
        row_number()
            over (
                order by
                    keyed.agreement_id,
                    keyed.billing_month,
                    keyed.kind,
                    keyed.part_no,
                    keyed.version_id
            )
        as integer
    ) as request_id,
    keyed.kind,
    keyed.agreement_id,
    keyed.billing_month,
    keyed.month_index,
    keyed.read_from,
    keyed.read_to,
    cast(keyed.read_to - interval '1' day as date) as last_service_date,
    keyed.terms_start_date,
    keyed.version_id,
    keyed.season,
    keyed.part_no,
    keyed.part_days,
    keyed.days,
    recipe.recipe_id
from keyed
inner join recipe
    on
        keyed.version_id = recipe.version_id
        and keyed.profile_id = recipe.profile_id
        and keyed.adjustment_key = recipe.adjustment_key
        and keyed.rider_key = recipe.rider_key
        and keyed.period_key = recipe.period_key
        and coalesce(keyed.season, '') = coalesce(recipe.season, '')
