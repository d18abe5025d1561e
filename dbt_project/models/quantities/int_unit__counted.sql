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

-- What prices the read: its own version, and those of the parts of a prorated one.
sheet as (

    select
        agreement_id,
        billing_month,
        last_service_date,
        version_id,
        true as is_own
    from assigned
    union all
    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.last_service_date,
        part.version_id,
        false as is_own
    from assigned
    inner join {{ ref('int_read__prorated') }} as part
        on
            assigned.agreement_id = part.agreement_id
            and assigned.billing_month = part.billing_month

),

unit as (

    select
        sheet.agreement_id,
        sheet.billing_month,
        inventory.unit_code,
        min(
            case
                when coalesce(unit_charge.operand, clause_unit.operand, rider_unit.operand) is null
                    then 0
                else 1
            end
        ) = 1 as is_on_sheet,
        max(case when sheet.is_own and unit_charge.is_one_time then 1 else 0 end) = 1 as is_one_time,
        min(
            case
                when sheet.is_own
                    then
                        coalesce(unit_charge.lamps, 1)
                        * coalesce(clause_unit.lamps, 1)
                        * coalesce(rider_unit.lamps, 1)
                else 1
            end
        ) = 1 as has_watts
    from sheet
    inner join inventory
        on sheet.agreement_id = inventory.agreement_id
    left join unit_charge
        on
            sheet.version_id = unit_charge.version_id
            and unit_charge.operand = 'units:' || inventory.unit_code
    left join clause_unit
        on
            sheet.version_id = clause_unit.version_id
            and sheet.last_service_date = clause_unit.last_service_date
            and sheet.billing_month = clause_unit.billing_month
            and clause_unit.operand = 'units:' || inventory.unit_code
    left join rider_unit
        on
            sheet.agreement_id = rider_unit.agreement_id
            and sheet.billing_month = rider_unit.billing_month
            and rider_unit.operand = 'units:' || inventory.unit_code
    group by sheet.agreement_id, sheet.billing_month, inventory.unit_code

)

select
    assigned.agreement_id,
    assigned.billing_month,
    assigned.version_id,
    inventory.unit_code,
    inventory.quantity,
    inventory.input_watts,
    unit.is_on_sheet,
    unit.is_one_time,
    unit.has_watts and not unit.is_one_time as is_lamp,
    cast(
        row_number() over (
            partition by assigned.agreement_id, assigned.billing_month, inventory.unit_code
            order by inventory.input_watts, inventory.start_date
        ) as integer
    ) as unit_no
from assigned
inner join inventory
    on assigned.agreement_id = inventory.agreement_id
inner join unit
    on
        assigned.agreement_id = unit.agreement_id
        and assigned.billing_month = unit.billing_month
        and inventory.unit_code = unit.unit_code
where
    case
        when unit.is_one_time
            then
                inventory.start_date >= assigned.read_from
                and inventory.start_date < assigned.read_to
        else
            assigned.read_from >= inventory.start_date
            and (inventory.end_date is null or assigned.read_from < inventory.end_date)
    end
