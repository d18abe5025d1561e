{# The operand that a demand is called by. #}
{% macro demand_operand(name) -%}
    {{ name }} || '_demand_kw'
{%- endmacro %}

{# The CTE `demand_rule`: the rules of demands, each with the quantity that it makes, to stand after
   `operand`. #}
{% macro demand_rules_numbered() -%}
demand_rule as (

    select
        demand_rule.*,
        {{ quantity_id('operand.operand_id', 8) }} as quantity_id
    from {{ source('tariff', 'demand_rule') }} as demand_rule
    inner join operand
        on operand.operand = {{ demand_operand('demand_rule.name') }}

)
{%- endmacro %}

{# What the rules of demands come to before rounding: CTEs `grouped` and `ruled` (request_id,
   demand_rule_id, value_kw), to stand after the CTEs `term_value`, `known`, `demand_rule` and
   `demand_group`. A rule is the greatest or least of its groups, a group of its terms; a required
   term that is unknown voids its group (M11). The terms that stand in the rule itself are its first
   group, of the rule's own combination: void, it voids the rule. #}
{% macro rules_valued() -%}
{%- set is_void =
    'case when term_value.is_required and term_value.value_kw is null then 1 else 0 end' -%}
grouped as (

    select
        term_value.request_id,
        term_value.demand_rule_id,
        term_value.demand_group_id,
        max({{ is_void }}) = 1 as is_void,
        case
            when max({{ is_void }}) = 1 then null
            when max(demand_group.combination) = 'greatest' then max(term_value.value_kw)
            else min(term_value.value_kw)
        end as value_kw
    from term_value
    inner join known
        on
            term_value.request_id = known.request_id
            and term_value.demand_rule_id = known.demand_rule_id
    inner join demand_group
        on term_value.demand_group_id = demand_group.demand_group_id
    group by term_value.request_id, term_value.demand_rule_id, term_value.demand_group_id

),

ruled as (

    select
        grouped.request_id,
        grouped.demand_rule_id,
        case max(demand_rule.combination)
            when 'greatest' then max(grouped.value_kw)
            else min(grouped.value_kw)
        end as value_kw
    from grouped
    inner join demand_group
        on grouped.demand_group_id = demand_group.demand_group_id
    inner join demand_rule
        on grouped.demand_rule_id = demand_rule.demand_rule_id
    group by grouped.request_id, grouped.demand_rule_id
    having
        count(grouped.value_kw) > 0
        and max(
            case
                when
                    grouped.is_void
                    and demand_group.ordinal = 1
                    and demand_group.condition_set_id is null
                    and demand_group.combination = demand_rule.combination
                    then 1
                else 0
            end
        ) = 0

)
{%- endmacro %}
