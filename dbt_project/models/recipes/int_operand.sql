{{ config(tags=['standing']) }}
-- Every name that a tariff row calls a quantity by, with a number to join on.
-- One row per operand.

with named as (

    select name as operand from {{ source('tariff', 'determinant') }}
    union
    select operand from {{ source('tariff', 'determinant_term') }}
    union
    select {{ demand_operand('name') }} as operand from {{ source('tariff', 'demand_rule') }}
    union
    select measured_operand as operand from {{ source('tariff', 'demand_rule') }}
    union
    select adjusted_operand as operand from {{ source('tariff', 'demand_rule') }}
    union
    select operand from {{ source('tariff', 'demand_term') }}
    union
    select operand from {{ source('tariff', 'split') }}
    union
    select slice_name as operand from {{ source('tariff', 'split_step') }}
    union
    select limit_operand as operand from {{ source('tariff', 'split_step') }}
    union
    select share_operand as operand from {{ source('tariff', 'split_step') }}
    union
    select operand from {{ source('tariff', 'charge') }}
    union
    select covers as operand from {{ source('tariff', 'charge') }}
    union
    select limit_operand as operand from {{ source('tariff', 'charge_step') }}
    union
    select operand from {{ source('tariff', 'requirement') }}
    union
    select subject as operand from {{ source('tariff', 'condition') }}
    where kind = 'determinant'
    union
    select bound_operand as operand from {{ source('tariff', 'condition') }}
    union
    select 'kwh' as operand

)

select
    operand,
    cast(row_number() over (order by operand) as integer) as operand_id
from named
where operand is not null
