-- What credits of a difference are held against (M23): the same read, priced at the version under which the
-- customer enrolled in the rider. Without credits that cover no energy, and those whose test does not hold.
-- One row per request and charge that credits a difference.

with request as (

    select * from {{ ref('int_request__production') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where kind = 'difference'

),

referenced as (

    select * from {{ ref('int_read__referenced') }}

),

quantity as (

    select * from {{ ref('int_quantity') }} where quantity != 0

),

chosen as (

    select * from {{ ref('int_charge__chosen') }}

)

select
    request.request_id,
    step.step_key,
    step.charge_id,
    step.sign,
    quantity.quantity,
    step.version_id as rider_version_id,
    reference.request_id as reference_request_id,
    reference.version_id as reference_version_id
from request
inner join step
    on request.recipe_id = step.recipe_id
inner join quantity
    on
        request.request_id = quantity.request_id
        and step.quantity_id = quantity.quantity_id
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
left join chosen
    on
        request.request_id = chosen.request_id
        and step.charge_id = chosen.charge_id
where
    request.kind = 'production'
    and (not step.is_contingent or chosen.request_id is not null)
