-- What is rated (production), and the months that ratchets look back at (history): those are
-- adjusted by the terms and the sheet that rate the present, with the meters that join the
-- agreement's in the present, and are never billed (G6).
-- One row per request.

with production as (

    select * from {{ ref('int_request__production') }}

),

metering as (

    select * from {{ ref('int_recipe__metering') }}

),

window_reach as (

    select
        recipe_id,
        max(greatest(coalesce(window_months, 1), coalesce(known_within_months, 1)))
            as window_months
    from {{ ref('int_recipe__demand_term') }}
    where (window_months is not null and billed_demand is null) or known_within_months > 1
    group by recipe_id

),

meter_read as (

    select * from {{ ref('int_read__assigned') }}

),

meter_group as (

    select distinct
        agreement_id,
        billing_month,
        group_no
    from {{ ref('int_read__joined') }}

),

joined_otherwise as (

    select * from {{ ref('int_read__joined_otherwise') }}

),

-- Meterings with a group are numbered beyond those without. A read whose bill had other meters than
-- its own terms say has a metering of its own, below zero: it is history of no other.
highest as (

    select max(metering_id) as metering_id from metering

),

numbered as (

    select
        production.request_id,
        production.agreement_id,
        production.billing_month,
        production.month_index,
        production.terms_start_date,
        production.recipe_id,
        case
            when joined_otherwise.agreement_id is not null then -production.request_id
            else metering.metering_id + coalesce(meter_group.group_no, 0) * highest.metering_id
        end as metering_id,
        coalesce(meter_group.group_no, 0) as group_no,
        window_reach.window_months
    from production
    inner join metering
        on production.recipe_id = metering.recipe_id
    cross join highest
    left join meter_group
        on
            production.agreement_id = meter_group.agreement_id
            and production.billing_month = meter_group.billing_month
    left join joined_otherwise
        on
            production.agreement_id = joined_otherwise.agreement_id
            and production.billing_month = joined_otherwise.billing_month
    left join window_reach
        on production.recipe_id = window_reach.recipe_id

),

looking_back as (

    select
        agreement_id,
        metering_id,
        group_no,
        min(recipe_id) as recipe_id,
        min(month_index - window_months + 1) as first_month,
        max(month_index) as last_month
    from numbered
    where window_months is not null
    group by agreement_id, metering_id, group_no

),

history as (

    select
        meter_read.agreement_id,
        meter_read.billing_month,
        meter_read.month_index,
        meter_read.terms_start_date,
        looking_back.recipe_id,
        looking_back.metering_id,
        looking_back.group_no
    from looking_back
    inner join meter_read
        on
            looking_back.agreement_id = meter_read.agreement_id
            and looking_back.first_month <= meter_read.month_index
            and looking_back.last_month >= meter_read.month_index
    left join numbered
        on
            looking_back.agreement_id = numbered.agreement_id
            and looking_back.metering_id = numbered.metering_id
            and meter_read.month_index = numbered.month_index
    where numbered.request_id is null

)

select
    request_id,
    agreement_id,
    billing_month,
    month_index,
    terms_start_date,
    recipe_id,
    metering_id,
    group_no,
    false as is_history
from numbered
union all
select
    cast(
        (select count(*) from numbered)
        + row_number() over (order by agreement_id, metering_id, month_index) as integer
    ) as request_id,
    agreement_id,
    billing_month,
    month_index,
    terms_start_date,
    recipe_id,
    metering_id,
    group_no,
    true as is_history
from history
