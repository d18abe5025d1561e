-- Enrollments whose option the rider's sheet does not have, or that name none where the sheet has
-- several: without a column of its table there is nothing to price.
-- One row per agreement, billing month and rider of such an enrollment.

with enrollment as (

    select * from {{ ref('int_enrollment__applied') }} where reason is null

),

offered as (

    select distinct
        condition_set.version_id,
        condition_value.value as option
    from {{ source('tariff', 'condition') }} as condition
    inner join {{ source('tariff', 'condition_set') }} as condition_set
        on condition.condition_set_id = condition_set.condition_set_id
    inner join {{ source('tariff', 'condition_value') }} as condition_value
        on
            condition.condition_set_id = condition_value.condition_set_id
            and condition.ordinal = condition_value.ordinal
    where condition.kind = 'option'

),

optional as (

    select distinct version_id from offered

)

select
    enrollment.agreement_id,
    enrollment.billing_month,
    enrollment.rider,
    case
        when enrollment.option is null then 'rider ' || enrollment.rider || ' needs an option'
        else 'rider ' || enrollment.rider || ' has no option ' || enrollment.option
    end as detail
from enrollment
inner join optional
    on enrollment.rider_version_id = optional.version_id
left join offered
    on
        enrollment.rider_version_id = offered.version_id
        and enrollment.option = offered.option
where offered.version_id is null
