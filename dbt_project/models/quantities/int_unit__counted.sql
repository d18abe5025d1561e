-- Lights, poles and other units of a period (G9): recurring ones count in a period that begins on or
-- after their start and before their end, one-time ones in that of their start.
-- One row per agreement, billing month and inventory row.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

inventory as (

    select * from {{ source('portfolio', 'unit_inventory') }}

),

known as (

    select * from {{ ref('int_unit__known') }}

)

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.version_id,
    inventory.unit_code,
    inventory.quantity,
    inventory.input_watts,
    known.is_on_sheet,
    known.is_one_time,
    known.is_lamp,
    cast(
        row_number() over (
            partition by assigned.agreement_id, assigned.billing_month, inventory.unit_code
            order by inventory.input_watts, inventory.start_date
        ) as integer
    ) as unit_no
from assigned
inner join inventory
    on assigned.agreement_id = inventory.agreement_id
inner join known
    on
        assigned.agreement_id = known.agreement_id
        and assigned.billing_month = known.billing_month
        and inventory.unit_code = known.unit_code
where
    case
        when known.is_one_time
            then
                inventory.start_date >= assigned.read_from
                and inventory.start_date < assigned.read_to
        else
            assigned.read_from >= inventory.start_date
            and (inventory.end_date is null or assigned.read_from < inventory.end_date)
    end
