-- Reads that are added to a partner's instead of being billed, where the sheet says so (M16).
-- One row per agreement and billing month of such a read; without a usable partner the reason
-- is a missing determinant.

with assigned as (

    select * from {{ ref('int_read__assigned') }} where reason is null

),

combination as (

    select * from {{ source('tariff', 'combination') }}

),

meter_read as (

    select * from {{ ref('int_read__assigned') }}

),

combining as (

    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.version_id,
        assigned.combined_with_agreement_id as partner_agreement_id
    from assigned
    inner join combination
        on
            assigned.version_id = combination.version_id
            and assigned.season = combination.season

)

select
    combining.agreement_id,
    combining.billing_month,
    combining.version_id,
    combining.partner_agreement_id,
    case
        when meter_read.agreement_id is null or other.agreement_id is not null
            then 'missing_determinant'
        else 'combined'
    end as reason,
    case
        when combining.partner_agreement_id is null
            then 'combined_with_agreement_id is blank'
        when meter_read.agreement_id is null
            then 'agreement ' || combining.partner_agreement_id || ' has no read in this month'
        when other.agreement_id is not null
            then 'agreement ' || combining.partner_agreement_id || ' is itself combined'
        else 'added to agreement ' || combining.partner_agreement_id
    end as detail
from combining
left join meter_read
    on
        combining.partner_agreement_id = meter_read.agreement_id
        and combining.billing_month = meter_read.billing_month
left join combining as other
    on
        combining.partner_agreement_id = other.agreement_id
        and combining.billing_month = other.billing_month
