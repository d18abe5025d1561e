-- Requests with a bank that a rider rejects, or that lack what their tariff prices (G8), as far as that
-- can be told before the bank: a line of the sheet, a unit it knows, a quantity, or a monthly factor of
-- a quantity that is not zero. One made of banks is taken for zero exactly where they leave nothing to
-- bill; any other where all that it is made of is zero.
-- One row per request that cannot be billed at all (no quantity), or not unless a bank leaves zero.

with request as (

    select * from {{ ref('int_bank__request') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }}

),

rejected as (

    select * from {{ ref('int_read__rejected_by_terms') }}

),

made_of as (

    select * from {{ ref('int_recipe__made_of') }}

),

unit as (

    select * from {{ ref('int_unit__counted') }}

),

{{ quantities_needed() }},

{{ factors_missing() }},

quantity as (

    select
        below.request_id,
        below.quantity_id,
        below.quantity
    from (
        {{ quantities_below(2) }}
        union all
        select
            request_id,
            quantity_id,
            quantity
        from {{ ref('int_quantity__derived_2') }}
        union all
        select
            request_id,
            quantity_id,
            net as quantity
        from {{ ref('int_bank__netted') }}
    ) as below
    inner join request
        on below.request_id = request.request_id

),

priced_on_a_bank as (

    select
        unpriced.request_id,
        unpriced.quantity_id,
        made_of.part_quantity_id,
        made_of.bank_operation
    from unpriced
    inner join request
        on unpriced.request_id = request.request_id
    inner join made_of
        on
            request.recipe_id = made_of.recipe_id
            and unpriced.quantity_id = made_of.quantity_id
            and made_of.bank_operation is not null

),

found as (

    select
        request.request_id,
        cast(null as integer) as quantity_id
    from request
    inner join {{ ref('int_recipe__gap') }} as gap
        on request.recipe_id = gap.recipe_id
    union
    select
        request.request_id,
        cast(null as integer) as quantity_id
    from request
    inner join rejected
        on
            request.agreement_id = rejected.agreement_id
            and request.billing_month = rejected.billing_month
    union
    select
        request.request_id,
        cast(null as integer) as quantity_id
    from request
    inner join unit
        on
            request.agreement_id = unit.agreement_id
            and request.billing_month = unit.billing_month
    where unit.quantity is null or not unit.is_on_sheet
    union
    select
        request.request_id,
        cast(null as integer) as quantity_id
    from request
    inner join needed
        on request.recipe_id = needed.recipe_id
    inner join made_of
        on
            needed.recipe_id = made_of.recipe_id
            and needed.quantity_id = made_of.quantity_id
            and made_of.is_needed
    left join quantity
        on
            request.request_id = quantity.request_id
            and made_of.part_quantity_id = quantity.quantity_id
    where quantity.request_id is null
    union
    select
        unpriced.request_id,
        cast(null as integer) as quantity_id
    from unpriced
    inner join request
        on unpriced.request_id = request.request_id
    left join made_of
        on
            request.recipe_id = made_of.recipe_id
            and unpriced.quantity_id = made_of.quantity_id
    left join quantity
        on
            unpriced.request_id = quantity.request_id
            and made_of.part_quantity_id = quantity.quantity_id
    left join priced_on_a_bank
        on
            unpriced.request_id = priced_on_a_bank.request_id
            and unpriced.quantity_id = priced_on_a_bank.quantity_id
    where
        priced_on_a_bank.request_id is null
        and (quantity.quantity != 0 or unpriced.quantity_id is null)
    union
    select
        request_id,
        part_quantity_id as quantity_id
    from priced_on_a_bank
    where bank_operation = 'bank'

)

select
    request.request_id,
    request.agreement_id,
    request.month_index,
    found.quantity_id
from found
inner join request
    on found.request_id = request.request_id
