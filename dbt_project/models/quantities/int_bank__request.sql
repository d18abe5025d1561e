-- The requests of months with a bank, which a prorated read may have under one of its sheets only.
-- One row per request; those for a credited difference are left out.

with request as (

    select * from {{ ref('int_request__production') }} where kind != 'reference'

),

banked as (

    select distinct
        request.agreement_id,
        request.billing_month
    from request
    inner join {{ ref('int_recipe__determinant') }} as determinant
        on
            request.recipe_id = determinant.recipe_id
            and determinant.operation = 'bank'

)

select
    request.request_id,
    request.agreement_id,
    request.billing_month,
    request.month_index,
    request.recipe_id
from request
inner join banked
    on
        request.agreement_id = banked.agreement_id
        and request.billing_month = banked.billing_month
