-- What the sheets of a read say of the unit codes that the agreement has (G9): a version knows what it
-- prices or names, the schedule's, a clause's or a rider's. Of prorated reads the sheets of each part.
-- One row per agreement, billing month and unit code.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

inventory as (

    select distinct
        agreement_id,
        unit_code
    from {{ source('portfolio', 'unit_inventory') }}

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
        bool_or(is_one_time) as is_one_time,
        bool_and(is_lamp) as is_lamp
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
        bool_and(unit_charge.is_lamp) as is_lamp
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
        bool_and(unit_charge.is_lamp) as is_lamp
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

)

select
    sheet.agreement_id,
    sheet.billing_month,
    inventory.unit_code,
    bool_and(
        coalesce(unit_charge.operand, clause_unit.operand, rider_unit.operand) is not null
    ) as is_on_sheet,
    bool_or(sheet.is_own and coalesce(unit_charge.is_one_time, false)) as is_one_time,
    bool_and(
        not sheet.is_own
        or (
            not coalesce(unit_charge.is_one_time, false)
            and coalesce(unit_charge.is_lamp, true)
            and coalesce(clause_unit.is_lamp, true)
            and coalesce(rider_unit.is_lamp, true)
        )
    ) as is_lamp
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
