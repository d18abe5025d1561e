{{ config(materialized='view', tags=['standing']) }}
-- Everything that the checks compare, side by side: what was priced and determined for a request,
-- and what its bill and its lines say. A weighed amount multiplies each component by a number of its
-- own, so that a line that strays into another component shows.
-- One row per request that is billed.

with request as (

    select * from {{ ref('int_request__billed') }}

),

version as (

    select
        version.version_id,
        schedule.utility || ' ' || schedule.schedule as scope
    from {{ source('tariff', 'version') }} as version
    inner join {{ source('tariff', 'schedule') }} as schedule
        on version.schedule_id = schedule.schedule_id

),

component as (

    select * from {{ ref('int_request__component') }}

),

bill as (

    select * from {{ ref('bill') }}

),

listed_line as (

    select
        agreement_id,
        billing_month,
        sum(amount) as amount,
        sum(quantity) as quantity,
        sum(
            amount
            * case component
                {% for component in components() -%}
                when '{{ component }}' then {{ loop.index }}
                {% endfor -%}
            end
        ) as weighed_amount
    from {{ ref('bill_line_item') }}
    group by agreement_id, billing_month

),

energy_meaning as (

    select * from {{ ref('int_recipe__quantity') }}
    where last_level = {{ charge_level() }} and operand = 'kwh'

),

quantity as (

    select * from {{ ref('int_quantity') }}

),

step as (

    select * from {{ ref('int_recipe__charge_step') }} where covers is not null

),

covered as (

    select distinct
        recipe_id,
        covered_quantity_id
    from step

),

covered_energy as (

    select
        rated.billed_request_id as request_id,
        sum(quantity.quantity) as kwh
    from {{ ref('int_request__rated') }} as rated
    inner join covered
        on rated.recipe_id = covered.recipe_id
    inner join quantity
        on
            rated.request_id = quantity.request_id
            and covered.covered_quantity_id = quantity.quantity_id
    group by rated.billed_request_id

),

part as (

    select * from {{ ref('int_request__part') }}

),

priced_energy as (

    select
        coalesce(part.billed_request_id, priced.request_id) as request_id,
        sum(priced.slice_quantity) as kwh
    from {{ ref('int_charge_step__priced') }} as priced
    inner join step
        on priced.step_key = step.step_key
    left join part
        on priced.request_id = part.request_id
    group by coalesce(part.billed_request_id, priced.request_id)

),

demand as (

    select
        determined.request_id,
        determined.demand_kw
    from {{ ref('int_demand__determined') }} as determined
    inner join {{ source('tariff', 'demand_rule') }} as demand_rule
        on determined.demand_rule_id = demand_rule.demand_rule_id
    where demand_rule.name = 'billing'

)

select
    request.agreement_id,
    request.billing_month,
    version.scope,
    case when bill.agreement_id is null then 0 else 1 end as bills,
    coalesce(component.net_amount, 0) as priced_amount,
    coalesce(component.line_quantity, 0) as priced_quantity,
    coalesce(listed_line.amount, 0) as listed_amount,
    coalesce(listed_line.quantity, 0) as listed_quantity,
    coalesce(
        {% for component in components() -%}
        {% if not loop.first %}+ {% endif %}{{ loop.index }} * component.{{ component }}_amount
        {%- if loop.last %},{% endif %}
        {% endfor -%}
        0
    ) as priced_weighed_amount,
    coalesce(listed_line.weighed_amount, 0) as listed_weighed_amount,
    coalesce(bill.net_amount, 0) as net_amount,
    {% for component in components() -%}
    {% if not loop.first %}+ {% endif -%}
    abs(coalesce(bill.{{ component }}_amount, 0) - coalesce(component.{{ component }}_amount, 0))
    {% endfor -%}
        as component_difference,
    coalesce(covered_energy.kwh, 0) as covered_kwh,
    coalesce(priced_energy.kwh, 0) as priced_kwh,
    coalesce(quantity.quantity, 0) as determined_kwh,
    coalesce(bill.kwh, 0) as billed_kwh,
    coalesce(demand.demand_kw, 0) as determined_kw,
    coalesce(bill.billing_demand_kw, 0) as billed_kw
from request
inner join version
    on request.version_id = version.version_id
inner join energy_meaning
    on request.recipe_id = energy_meaning.recipe_id
left join component
    on request.request_id = component.request_id
left join bill
    on
        request.agreement_id = bill.agreement_id
        and request.billing_month = bill.billing_month
left join listed_line
    on
        request.agreement_id = listed_line.agreement_id
        and request.billing_month = listed_line.billing_month
left join covered_energy
    on request.request_id = covered_energy.request_id
left join priced_energy
    on request.request_id = priced_energy.request_id
left join quantity
    on
        request.request_id = quantity.request_id
        and energy_meaning.quantity_id = quantity.quantity_id
left join demand
    on request.request_id = demand.request_id
