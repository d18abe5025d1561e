-- Lights, poles and other units of a period (G9): recurring ones count in a period that begins on or
-- after their start and before their end, one-time ones in that of their start. Sheets know what a
-- version prices or names, the schedule's, a clause's or a rider's: of prorated reads, one of each part.
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
        is_one_time,
        is_lamp
    from {{ source('tariff', 'charge') }}
    union all
    select
        version_id,
        operand,
        false as is_one_time,
        true as is_lamp
    from {{ ref('int_unit__named') }}

),

unit_charge as (

    select
        version_id,
        operand,
        max(case when is_one_time then 1 else 0 end) = 1 as is_one_time,
        min(case when is_lamp then 1 else 0 end) as lamps
    from named
    where operand like 'units:%'
    group by version_id, operand

),

clause_unit as (

    select
        adjustment.version_id,
        adjustment.last_service_date,
        adjustment.billing_month,
        unit_charge.operand,
        min(unit_charge.lamps) as lamps
    from {{ ref('int_adjustment__in_force') }} as adjustment
    inner join unit_charge
        on adjustment.rider_version_id = unit_charge.version_id
    group by
        adjustment.version_id, adjustment.last_service_date, adjustment.billing_month,
        unit_charge.operand

),

rider_unit as (

    select
        enrollment.agreement_id,
        enrollment.billing_month,
        unit_charge.operand,
        min(unit_charge.lamps) as lamps
    from {{ ref('int_enrollment__accepted') }} as enrollment
    inner join unit_charge
        on enrollment.rider_version_id = unit_charge.version_id
    group by enrollment.agreement_id, enrollment.billing_month, unit_charge.operand

),

part_lacking as (

    select distinct
        part.agreement_id,
        part.billing_month,
        inventory.unit_code
    from {{ ref('int_read__prorated') }} as part
    inner join assigned
        on
            part.agreement_id = assigned.agreement_id
            and part.billing_month = assigned.billing_month
    inner join inventory
        on part.agreement_id = inventory.agreement_id
    left join unit_charge
        on
            part.version_id = unit_charge.version_id
            and unit_charge.operand = 'units:' || inventory.unit_code
    left join clause_unit
        on
            part.version_id = clause_unit.version_id
            and assigned.last_service_date = clause_unit.last_service_date
            and assigned.billing_month = clause_unit.billing_month
            and clause_unit.operand = 'units:' || inventory.unit_code
    left join rider_unit
        on
            part.agreement_id = rider_unit.agreement_id
            and part.billing_month = rider_unit.billing_month
            and rider_unit.operand = 'units:' || inventory.unit_code
    where coalesce(unit_charge.operand, clause_unit.operand, rider_unit.operand) is null

)

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.version_id,
    inventory.unit_code,
    inventory.quantity,
    inventory.input_watts,
    coalesce(unit_charge.operand, clause_unit.operand, rider_unit.operand) is not null
        and part_lacking.agreement_id is null
        as is_on_sheet,
    coalesce(unit_charge.is_one_time, false) as is_one_time,
    not coalesce(unit_charge.is_one_time, false)
    and coalesce(unit_charge.lamps, 1) = 1
    and coalesce(clause_unit.lamps, 1) = 1
    and coalesce(rider_unit.lamps, 1) = 1 as is_lamp,
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
left join clause_unit
    on
        assigned.version_id = clause_unit.version_id
        and assigned.last_service_date = clause_unit.last_service_date
        and assigned.billing_month = clause_unit.billing_month
        and clause_unit.operand = 'units:' || inventory.unit_code
left join rider_unit
    on
        assigned.agreement_id = rider_unit.agreement_id
        and assigned.billing_month = rider_unit.billing_month
        and rider_unit.operand = 'units:' || inventory.unit_code
left join part_lacking
    on
        assigned.agreement_id = part_lacking.agreement_id
        and assigned.billing_month = part_lacking.billing_month
        and inventory.unit_code = part_lacking.unit_code
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
