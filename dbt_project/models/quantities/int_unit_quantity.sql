-- Lights, poles and other units that count in a period (G9): how many of each code, the watts
-- of all lamps, and the month's hours. A unit counts in a period that begins on or after its
-- start and before its end.
-- One row per agreement, billing month and determinant.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

inventory as (

    select * from {{ source('portfolio', 'unit_inventory') }}

),

lighting_hours as (

    select * from {{ source('portfolio', 'lighting_hours') }}

),

counted as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.utility,
        inventory.unit_code,
        inventory.quantity,
        inventory.input_watts
    from assigned
    inner join inventory
        on
            assigned.agreement_id = inventory.agreement_id
            and assigned.read_from >= inventory.start_date
            and (inventory.end_date is null or assigned.read_from < inventory.end_date)

)

select
    agreement_id,
    billing_month,
    'units:' || unit_code as determinant,
    sum(quantity) as quantity
from counted
group by agreement_id, billing_month, unit_code
union all
select
    agreement_id,
    billing_month,
    'lamp_watts' as determinant,
    {{ to_quantity('sum(' ~ wide('quantity') ~ ' * input_watts)') }} as quantity
from counted
group by agreement_id, billing_month
union all
select distinct
    counted.agreement_id,
    counted.billing_month,
    'lighting_hours' as determinant,
    lighting_hours.hours as quantity
from counted
inner join lighting_hours
    on
        counted.utility = lighting_hours.utility
        and counted.billing_month = lighting_hours.billing_month
where lighting_hours.hours is not null
