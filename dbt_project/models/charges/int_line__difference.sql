-- Credits of a difference (M23): what the base of this version comes to above that of the version
-- the customer enrolled in the rider under, times the share of energy that the rider covers; only where it is
-- more.
-- One row per request and charge with an amount.

with request as (

    select * from {{ ref('int_request__rated') }}

),

referenced as (

    select * from {{ ref('int_read__referenced') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where kind = 'difference'

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

),

base_step as (

    select * from {{ ref('int_recipe__charge_base') }}

),

earlier_line as (

    {{ lines_before(12) }}

),

quantity as (

    select * from {{ ref('int_quantity') }}

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
    inner join step
        on
            base_step.recipe_id = step.recipe_id
            and base_step.charge_id = step.charge_id
    group by request.billed_request_id, base_step.charge_id

),

compared as (

    select
        request.request_id,
        step.step_key,
        step.sign,
        quantity.quantity,
        coalesce(present.amount, 0) - coalesce(enrolled.amount, 0) as difference
    from request
    inner join step
        on request.recipe_id = step.recipe_id
    inner join referenced
        on
            request.agreement_id = referenced.agreement_id
            and request.billing_month = referenced.billing_month
            and step.version_id = referenced.rider_version_id
    inner join request as reference
        on
            referenced.agreement_id = reference.agreement_id
            and referenced.billing_month = reference.billing_month
            and referenced.version_id = reference.version_id
            and reference.kind = 'reference'
    inner join quantity
        on
            request.request_id = quantity.request_id
            and step.quantity_id = quantity.quantity_id
    left join based as present
        on
            request.request_id = present.billed_request_id
            and step.charge_id = present.charge_id
    left join based as enrolled
        on
            reference.request_id = enrolled.billed_request_id
            and step.charge_id = enrolled.charge_id
    left join chosen
        on
            request.request_id = chosen.request_id
            and step.charge_id = chosen.charge_id
    where
        request.kind = 'production'
        and (not step.is_contingent or chosen.request_id is not null)

)

select
    request_id,
    step_key,
    quantity,
    cast({{ within('sign * difference', 10) }} as decimal(18, 8)) as price,
    sign * {{ to_amount(wide('quantity') ~ ' * difference') }} as amount
from compared
where difference > 0 and {{ to_amount(wide('quantity') ~ ' * difference') }} != 0
