-- Level 0: what the meter, the agreement, the inventory and the enrolment say, for each request
-- and as far as some tariff row names it.
-- One row per request and operand that is known.

with request as (

    select * from {{ ref('int_request') }}

),

production as (

    select * from {{ ref('int_request__production') }}

),

operand as (

    select * from {{ ref('int_operand') }}

),

read_quantity as (

    select * from {{ ref('int_read_quantity') }}

),

agreement_quantity as (

    select * from {{ ref('stg_portfolio__agreement_quantity') }}

),

unit_quantity as (

    select * from {{ ref('int_unit_quantity') }}

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }}

)

select
    request.request_id,
    operand.operand_id * 16 as quantity_id,
    read_quantity.quantity
from request
inner join read_quantity
    on
        request.agreement_id = read_quantity.agreement_id
        and request.billing_month = read_quantity.billing_month
inner join operand
    on read_quantity.determinant = operand.operand
union all
select
    production.request_id,
    operand.operand_id * 16 as quantity_id,
    agreement_quantity.quantity
from production
inner join agreement_quantity
    on
        production.agreement_id = agreement_quantity.agreement_id
        and production.terms_start_date = agreement_quantity.start_date
inner join operand
    on agreement_quantity.determinant = operand.operand
union all
select
    production.request_id,
    operand.operand_id * 16 as quantity_id,
    unit_quantity.quantity
from production
inner join unit_quantity
    on
        production.agreement_id = unit_quantity.agreement_id
        and production.billing_month = unit_quantity.billing_month
inner join operand
    on unit_quantity.determinant = operand.operand
union all
select
    production.request_id,
    operand.operand_id * 16 as quantity_id,
    sum(enrollment.quantity) as quantity
from production
inner join enrollment
    on
        production.agreement_id = enrollment.agreement_id
        and production.billing_month = enrollment.billing_month
inner join operand
    on operand.operand = 'enrolled_quantity:' || enrollment.rider
where enrollment.quantity is not null
group by production.request_id, operand.operand_id
