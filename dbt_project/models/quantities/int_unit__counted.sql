-- Lights, poles and other units of a period (G9): recurring ones count in a period that begins
-- on or after their start and before their end, one-time ones in the period of their start.
-- One row per agreement, billing month and inventory row.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

inventory as (

    select * from {{ source('portfolio', 'unit_inventory') }}

),

named as (

    select
        version_id,
        operand,
        is_one_time
    from {{ source('tariff', 'charge') }}
    union all
    select
        version_id,
        operand,
        false as is_one_time
    from {{ ref('int_unit__named') }}

),

unit_charge as (

    select
        version_id,
        operand,
        max(case when is_one_time then 1 else 0 end) = 1 as is_one_time
    from named
    where operand like 'units:%'
    group by version_id, operand

)

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.version_id,
    inventory.unit_code,
    inventory.quantity,
    inventory.input_watts,
    unit_charge.version_id is not null as is_on_sheet,
    coalesce(unit_charge.is_one_time, false) as is_one_time,
    cast(
        row_number() over (
            partition by assigned.agreement_id, assigned.billing_month, inventory.unit_code
            order by inventory.input_watts, inventory.start_date
        ) as integer
    ) as unit_no
from assigned
inner join inventory
    on assigned.agreement_id = inventory.agreement_id
left join unit_charge
    on
        assigned.version_id = unit_charge.version_id
        and unit_charge.operand = 'units:' || inventory.unit_code
where
    case
        when unit_charge.is_one_time
            then
                inventory.start_date >= assigned.read_from
                and inventory.start_date < assigned.read_to
        else
            assigned.read_from >= inventory.start_date
            and (inventory.end_date is null or assigned.read_from < inventory.end_date)
    end
