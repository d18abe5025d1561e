-- Contingent charges that apply to a request: their clause holds, and of a choice they are the
-- first whose clause does.
-- One row per request and charge.

with request as (

    select * from {{ ref('int_request__production') }}

),

contingent as (

    select distinct
        recipe_id,
        charge_id,
        version_id,
        ordinal,
        choice,
        choice_rule,
        tested_condition_set_id
    from {{ ref('int_recipe__charge_step') }}
    where is_contingent

),

tested as (

    select * from {{ ref('int_condition_set__tested') }}

),

ranked as (

    select
        request.request_id,
        contingent.charge_id,
        contingent.choice_rule,
        row_number() over (
            partition by
                request.request_id,
                contingent.version_id,
                coalesce(contingent.choice, 'charge ' || cast(contingent.charge_id as text))
            order by contingent.ordinal
        ) as choice_order
    from request
    inner join contingent
        on request.recipe_id = contingent.recipe_id
    left join tested
        on
            request.request_id = tested.request_id
            and contingent.tested_condition_set_id = tested.condition_set_id
    where
        contingent.tested_condition_set_id is null
        or tested.condition_set_id is not null

)

select
    request_id,
    charge_id
from ranked
where choice_order = 1 or choice_rule = 'greatest'
