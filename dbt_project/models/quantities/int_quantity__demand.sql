-- Level 8: the demands, each under its operand NAME_demand_kw.
-- One row per request and demand that can be determined.

with determined as (

    select * from {{ ref('int_demand__determined') }}

),

operand as (

    select * from {{ ref('int_operand') }}

),

{{ demand_rules_numbered() }}

select
    determined.request_id,
    demand_rule.quantity_id,
    determined.demand_kw as quantity
from determined
inner join demand_rule
    on determined.demand_rule_id = demand_rule.demand_rule_id
