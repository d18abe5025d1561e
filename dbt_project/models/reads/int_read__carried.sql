-- Earlier months that a month asked for is rated with: those of the same year of a bank, of one that
-- never resets all that have it, and, where a ratchet looks at what was billed, all of the agreement,
-- for each demand rests on those before it.
-- One row per agreement and billing month.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

enrollment as (

    select * from {{ ref('int_enrollment__applied') }}

),

bank as (

    select
        version_id,
        coalesce(from_month, 1) as from_month,
        resets
    from {{ source('tariff', 'determinant') }}
    where operation = 'bank'

),

demand_rule as (

    select
        *,
        {{ demand_operand('name') }} as operand
    from {{ source('tariff', 'demand_rule') }}

),

ratcheted_version as (

    select distinct demand_rule.version_id
    from demand_rule
    inner join {{ source('tariff', 'demand_group') }} as demand_group
        on demand_rule.demand_rule_id = demand_group.demand_rule_id
    inner join {{ source('tariff', 'demand_term') }} as demand_term
        on demand_group.demand_group_id = demand_term.demand_group_id
    inner join demand_rule as looked_at
        on
            demand_rule.version_id = looked_at.version_id
            and demand_term.operand = looked_at.operand

),

ratcheted as (

    select distinct assigned.agreement_id
    from assigned
    inner join ratcheted_version
        on assigned.version_id = ratcheted_version.version_id
    where assigned.is_asked_for

),

banked as (

    select
        enrollment.agreement_id,
        enrollment.billing_month,
        bank.from_month,
        bank.resets
    from enrollment
    inner join bank
        on enrollment.rider_version_id = bank.version_id
    union
    select
        assigned.agreement_id,
        assigned.billing_month,
        bank.from_month,
        bank.resets
    from assigned
    inner join bank
        on assigned.version_id = bank.version_id

),

carried as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        0 as is_ratcheted
    from assigned
    inner join banked
        on
            assigned.agreement_id = banked.agreement_id
            and assigned.billing_month = banked.billing_month
    where
        banked.resets = 'never'
        or {{ year_start('assigned.month_index', 'banked.from_month') }}
        = {{ year_start(month_index('assigned.asked_from'), 'banked.from_month') }}
    union all
    select
        assigned.agreement_id,
        assigned.billing_month,
        1 as is_ratcheted
    from assigned
    inner join ratcheted
        on assigned.agreement_id = ratcheted.agreement_id

)

select
    agreement_id,
    billing_month,
    max(is_ratcheted) = 1 as is_ratcheted
from carried
group by agreement_id, billing_month
