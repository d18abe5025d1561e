{{ config(materialized='view', tags=['standing']) }}
-- What each read says after reads that are combined have been added up (G10, M16). A quantity
-- that is blank on one side counts as zero or leaves the sum unknown, as the sheet's row says.
-- One row per agreement, billing month and determinant.

with read_quantity as (

    select * from {{ ref('stg_portfolio__read_quantity') }}

),

joined as (

    select
        partner_agreement_id as agreement_id,
        billing_month,
        agreement_id as joining_agreement_id,
        version_id
    from {{ ref('int_read__combined') }}
    where reason = 'combined'

),

{{ meters_added(['agreement_id']) }}

select
    read_quantity.agreement_id,
    read_quantity.billing_month,
    read_quantity.determinant,
    read_quantity.quantity
from read_quantity
left join added
    on
        read_quantity.agreement_id = added.agreement_id
        and read_quantity.billing_month = added.billing_month
        and read_quantity.determinant = added.determinant
where added.agreement_id is null
union all
select
    agreement_id,
    billing_month,
    determinant,
    quantity
from added
where quantity is not null
