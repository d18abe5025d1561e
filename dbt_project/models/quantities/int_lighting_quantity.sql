-- What unmetered lights use: the watts of all lamps, ballast included, and the month's hours from
-- dusk to dawn (M25). With a lamp whose watts are not given, the watts are unknown (G8).
-- One row per agreement, billing month and determinant.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

lamp_version as (

    select distinct determinant.version_id
    from {{ source('tariff', 'determinant') }} as determinant
    inner join {{ source('tariff', 'determinant_term') }} as term
        on determinant.determinant_id = term.determinant_id
    where term.operand = 'lamp_watts'

),

unit as (

    select * from {{ ref('int_unit__counted') }} where not is_one_time

),

lighting_hours as (

    select * from {{ source('portfolio', 'lighting_hours') }}

),

lit as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.utility
    from assigned
    inner join lamp_version
        on assigned.version_id = lamp_version.version_id

)

select
    lit.agreement_id,
    lit.billing_month,
    'lamp_watts' as determinant,
    {{ to_quantity('coalesce(sum(' ~ wide('unit.quantity') ~ ' * unit.input_watts), 0)') }} as quantity
from lit
left join unit
    on
        lit.agreement_id = unit.agreement_id
        and lit.billing_month = unit.billing_month
group by lit.agreement_id, lit.billing_month
having
    coalesce(min(unit.input_watts), 1) > 0
    and coalesce(sum({{ wide('unit.quantity') }} * unit.input_watts), 0) < {{ '9' * 10 }}
union all
select
    lit.agreement_id,
    lit.billing_month,
    'lighting_hours' as determinant,
    lighting_hours.hours as quantity
from lit
inner join lighting_hours
    on
        lit.utility = lighting_hours.utility
        and lit.billing_month = lighting_hours.billing_month
where lighting_hours.hours is not null
