-- How each demand came about: what the meter measured (or was computed from several of its
-- readings), what metering and power factor make of it, the ratchet's peak and its month, the
-- floor, and which of them binds.
-- One row per agreement, billing month and demand of a bill.

with request as (

    select * from {{ ref('int_request__billed') }}

),

determined as (

    select * from {{ ref('int_demand__determined') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

term_value as (

    select
        request_id,
        demand_rule_id,
        kind,
        percent,
        peak_month_index,
        value_kw,
        row_number() over (
            partition by request_id, demand_rule_id, kind
            order by value_kw desc, demand_term_id asc
        ) as ordinal
    from {{ ref('int_demand__term_completed') }}
    where kind in ('ratchet', 'floor') and value_kw is not null

),

meaning as (

    select * from {{ ref('int_recipe__quantity') }} where level < 8 and last_level >= 8

),

quantity as (

    {{ quantities_below(8) }}

),

rule as (

    select distinct
        request.request_id,
        determined.demand_rule_id,
        measured.quantity_id as measured_quantity_id,
        measured.quantity_id - measured.level as read_quantity_id,
        adjusted.quantity_id as adjusted_quantity_id
    from request
    inner join determined
        on request.request_id = determined.request_id
    inner join demand_rule
        on determined.demand_rule_id = demand_rule.demand_rule_id
    inner join meaning as measured
        on
            request.recipe_id = measured.recipe_id
            and demand_rule.measured_operand = measured.operand
    inner join meaning as adjusted
        on
            request.recipe_id = adjusted.recipe_id
            and demand_rule.adjusted_operand = adjusted.operand

)

select
    request.agreement_id,
    request.billing_month,
    demand_rule.name as demand_name,
    coalesce(read_kw.quantity, measured.quantity) as measured_kw,
    adjusted.quantity as adjusted_kw,
    ratchet.value_kw as ratchet_kw,
    {{ month_start('ratchet.peak_month_index') }} as ratchet_month,
    ratchet.percent as ratchet_percent,
    floor_term.value_kw as floor_kw,
    determined.unrounded_kw,
    determined.demand_kw,
    determined.binding,
    {{ run_id() }} as run_id
from determined
inner join request
    on determined.request_id = request.request_id
inner join demand_rule
    on determined.demand_rule_id = demand_rule.demand_rule_id
inner join rule
    on
        determined.request_id = rule.request_id
        and determined.demand_rule_id = rule.demand_rule_id
left join quantity as measured
    on
        determined.request_id = measured.request_id
        and rule.measured_quantity_id = measured.quantity_id
left join quantity as read_kw
    on
        determined.request_id = read_kw.request_id
        and rule.read_quantity_id = read_kw.quantity_id
left join quantity as adjusted
    on
        determined.request_id = adjusted.request_id
        and rule.adjusted_quantity_id = adjusted.quantity_id
left join term_value as ratchet
    on
        determined.request_id = ratchet.request_id
        and determined.demand_rule_id = ratchet.demand_rule_id
        and ratchet.kind = 'ratchet'
        and ratchet.ordinal = 1
left join term_value as floor_term
    on
        determined.request_id = floor_term.request_id
        and determined.demand_rule_id = floor_term.demand_rule_id
        and floor_term.kind = 'floor'
        and floor_term.ordinal = 1
