-- Credits of a difference (M23): what the base of this version comes to above that of the version
-- the customer enrolled in the rider under, times the share of energy that the rider covers; only where it is
-- more.
-- One row per request and charge with an amount.

with request as (

    select * from {{ ref('int_request__rated') }}

),

compared as (

    select * from {{ ref('int_request__compared') }}

),

base_step as (

    select
        base_step.charge_id,
        base_step.base_step_key
    from {{ ref('int_recipe__charge_base') }} as base_step
    inner join {{ ref('int_recipe__charge_step') }} as step
        on
            base_step.recipe_id = step.recipe_id
            and base_step.charge_id = step.charge_id
    where step.kind = 'difference'

),

earlier_line as (

    {{ lines_before(12) }}

),

based as (

    select
        request.billed_request_id,
        base_step.charge_id,
        sum(earlier_line.amount) as amount
    from earlier_line
    inner join request
        on earlier_line.request_id = request.request_id
    inner join base_step
        on earlier_line.step_key = base_step.base_step_key
    group by request.billed_request_id, base_step.charge_id

),

risen as (

    select
        compared.request_id,
        compared.step_key,
        compared.sign,
        compared.quantity,
        coalesce(present.amount, 0) - coalesce(enrolled.amount, 0) as difference
    from compared
    inner join request
        on compared.request_id = request.request_id
    left join based as present
        on
            compared.request_id = present.billed_request_id
            and compared.charge_id = present.charge_id
    left join based as enrolled
        on
            compared.reference_request_id = enrolled.billed_request_id
            and compared.charge_id = enrolled.charge_id

)

select
    request_id,
    step_key,
    quantity,
    cast({{ within('sign * difference', 10) }} as decimal(18, 8)) as price,
    sign * {{ to_amount(wide('quantity') ~ ' * difference') }} as amount
from risen
where difference > 0 and {{ to_amount(wide('quantity') ~ ' * difference') }} != 0
