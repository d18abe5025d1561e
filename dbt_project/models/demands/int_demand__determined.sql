-- The demand itself: the greatest or least of its groups, each the greatest or least of its
-- terms; a required term that is unknown voids its group (M11), or the demand where it stands in no
-- nested one. Rounding comes last (M7). What binds is the first kind of term, in the order measured,
-- ratchet, floor, contract, cap, that gives the value of the group that gives the demand.
-- One row per request and demand rule that can be determined.

with term_value as (

    select * from {{ ref('int_demand__term_completed') }}

),

known as (

    select * from {{ ref('int_demand__known') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

demand_group as (

    select * from {{ source('tariff', 'demand_group') }}

),

{{ rules_valued() }},

binding as (

    select
        ruled.request_id,
        ruled.demand_rule_id,
        min(
            case term_value.kind
                when 'measured' then 1
                when 'ratchet' then 2
                when 'floor' then 3
                when 'contract' then 4
                else 5
            end
        ) as binding_order
    from ruled
    inner join grouped
        on
            ruled.request_id = grouped.request_id
            and ruled.demand_rule_id = grouped.demand_rule_id
            and ruled.value_kw = grouped.value_kw
    inner join term_value
        on
            grouped.request_id = term_value.request_id
            and grouped.demand_group_id = term_value.demand_group_id
            and grouped.value_kw = term_value.value_kw
    group by ruled.request_id, ruled.demand_rule_id

)

select
    ruled.request_id,
    ruled.demand_rule_id,
    ruled.value_kw as unrounded_kw,
    {{ round_as_said(
        'ruled.value_kw',
        'demand_rule.decimals',
        'demand_rule.rounding_step',
        'demand_rule.rounding'
    ) }} as demand_kw,
    case binding.binding_order
        when 1 then 'measured'
        when 2 then 'ratchet'
        when 3 then 'floor'
        when 4 then 'contract'
        else 'cap'
    end as binding
from ruled
inner join binding
    on
        ruled.request_id = binding.request_id
        and ruled.demand_rule_id = binding.demand_rule_id
inner join demand_rule
    on ruled.demand_rule_id = demand_rule.demand_rule_id
