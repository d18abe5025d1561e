-- Level 0: what the meter, the agreement, the lamps and the enrollment say, for each request
-- and as far as some tariff row names it. What a read says goes before what its agreement does. A
-- month that a ratchet looks back at has the numbers of its own terms and enrollment, and of a rider
-- of today's bill that the agreement was not enrolled in then none.
-- One row per request and operand that is known.

with restated as (

    select * from {{ ref('int_request__restated') }}

),

restated_request as (

    select distinct request_id from restated

),

request as (

    select * from {{ ref('int_request') }}

),

as_read as (

    select request.*
    from request
    left join restated_request
        on request.request_id = restated_request.request_id
    where restated_request.request_id is null

),

operand as (

    select * from {{ ref('int_operand') }}

),

read_quantity as (

    select * from {{ ref('int_read_quantity') }}

),

-- What reads say beyond the columns that all have: an agreement's attribute may have the name.
further as (

    select * from {{ source('portfolio', 'meter_read_quantity') }} where quantity is not null

),

agreement_quantity as (

    select * from {{ ref('stg_portfolio__agreement_quantity') }}

),

lighting_quantity as (

    select * from {{ ref('int_lighting_quantity') }}

),

unit_quantity as (

    select * from {{ ref('int_unit_quantity') }}

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }}

),

recipe_rider as (

    select
        recipe_version.recipe_id,
        rider.schedule as rider
    from {{ ref('int_recipe__version') }} as recipe_version
    inner join {{ source('tariff', 'version') }} as version
        on recipe_version.version_id = version.version_id
    inner join {{ source('tariff', 'schedule') }} as rider
        on version.schedule_id = rider.schedule_id
    where rider.kind = 'rider'

),

said as (

    select
        as_read.request_id,
        read_quantity.determinant,
        read_quantity.quantity
    from as_read
    inner join read_quantity
        on
            as_read.agreement_id = read_quantity.agreement_id
            and as_read.billing_month = read_quantity.billing_month
    union all
    select
        request_id,
        determinant,
        quantity
    from restated
    union all
    select
        request.request_id,
        agreement_quantity.determinant,
        agreement_quantity.quantity
    from request
    inner join agreement_quantity
        on
            request.agreement_id = agreement_quantity.agreement_id
            and request.terms_start_date = agreement_quantity.start_date
    left join further
        on
            request.agreement_id = further.agreement_id
            and request.billing_month = further.billing_month
            and agreement_quantity.determinant = further.determinant
    where further.agreement_id is null
    union all
    select
        request_id,
        determinant,
        quantity
    from lighting_quantity
    union all
    select
        request_id,
        operand as determinant,
        cast(quantity as decimal(18, 6)) as quantity
    from unit_quantity
    union all
    select
        request.request_id,
        'enrolled_quantity:' || enrollment.rider as determinant,
        cast(sum(enrollment.quantity) as decimal(18, 6)) as quantity
    from request
    inner join enrollment
        on
            request.agreement_id = enrollment.agreement_id
            and request.billing_month = enrollment.billing_month
    where enrollment.quantity is not null
    group by request.request_id, enrollment.rider
    union all
    select
        request.request_id,
        'enrolled_quantity:' || recipe_rider.rider as determinant,
        cast(0 as decimal(18, 6)) as quantity
    from request
    inner join recipe_rider
        on request.recipe_id = recipe_rider.recipe_id
    left join enrollment
        on
            request.agreement_id = enrollment.agreement_id
            and request.billing_month = enrollment.billing_month
            and recipe_rider.rider = enrollment.rider
    where request.is_history and enrollment.agreement_id is null

)

select
    said.request_id,
    {{ quantity_id('operand.operand_id') }} as quantity_id,
    said.quantity
from said
inner join operand
    on said.determinant = operand.operand
