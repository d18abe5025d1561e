-- The demand terms that apply to a request where a test of a quantity decides: the clauses of the
-- term and of its group hold, and of a choice it is the first that does.
-- One row per request and term.

with request as (

    select * from {{ ref('int_request') }} where not is_history

),

contingent as (

    select * from {{ ref('int_recipe__demand_term') }} where choice_order is not null

),

{{ clauses_held(8) }},

ranked as (

    select
        request.request_id,
        contingent.demand_term_id,
        row_number() over (
            partition by
                request.request_id,
                contingent.demand_group_id,
                coalesce(contingent.choice, cast(contingent.demand_term_id as text))
            order by contingent.choice_order
        ) as ordinal
    from request
    inner join contingent
        on request.recipe_id = contingent.recipe_id
    left join held as group_held
        on
            request.request_id = group_held.request_id
            and contingent.tested_group_condition_set_id = group_held.condition_set_id
    left join held as term_held
        on
            request.request_id = term_held.request_id
            and contingent.tested_condition_set_id = term_held.condition_set_id
    where
        (contingent.tested_group_condition_set_id is null or group_held.request_id is not null)
        and (contingent.tested_condition_set_id is null or term_held.request_id is not null)

)

select
    request_id,
    demand_term_id
from ranked
where ordinal = 1
