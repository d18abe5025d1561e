-- Level 8: the demands, each under its operand NAME_demand_kw.
-- One row per request and demand that can be determined.

with determined as (

    select * from {{ ref('int_demand__determined') }}

),

demand_rule as (

    select * from {{ source('tariff', 'demand_rule') }}

),

operand as (

    select * from {{ ref('int_operand') }}

)

select
    determined.request_id,
    {{ quantity_id('operand.operand_id', 8) }} as quantity_id,
    determined.demand_kw as quantity
from determined
inner join demand_rule
    on determined.demand_rule_id = demand_rule.demand_rule_id
inner join operand
    on operand.operand = {{ demand_operand('demand_rule.name') }}
