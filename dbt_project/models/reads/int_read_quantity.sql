{{ config(materialized='view', tags=['standing']) }}
-- What each read says after reads that are combined have been added up (G10, M16). A quantity
-- that is blank on one side counts as zero or leaves the sum unknown, as the sheet's row says.
-- One row per agreement, billing month and determinant.

with read_quantity as (

    select * from {{ ref('stg_portfolio__read_quantity') }}

),

combined as (

    select * from {{ ref('int_read__combined') }} where reason = 'combined'

),

combination_quantity as (

    select * from {{ source('tariff', 'combination_quantity') }}

),

part as (

    select
        combined.partner_agreement_id as agreement_id,
        combined.billing_month,
        combination_quantity.operand as determinant,
        combination_quantity.when_one_blank,
        combined.agreement_id as part_agreement_id
    from combined
    inner join combination_quantity
        on combined.version_id = combination_quantity.version_id
    union
    select
        combined.partner_agreement_id as agreement_id,
        combined.billing_month,
        combination_quantity.operand as determinant,
        combination_quantity.when_one_blank,
        combined.partner_agreement_id as part_agreement_id
    from combined
    inner join combination_quantity
        on combined.version_id = combination_quantity.version_id

),

added as (

    select
        part.agreement_id,
        part.billing_month,
        part.determinant,
        case
            when count(read_quantity.quantity) = count(*) then sum(read_quantity.quantity)
            when max(part.when_one_blank) = 'zero' then sum(read_quantity.quantity)
        end as quantity
    from part
    left join read_quantity
        on
            part.part_agreement_id = read_quantity.agreement_id
            and part.billing_month = read_quantity.billing_month
            and part.determinant = read_quantity.determinant
    group by part.agreement_id, part.billing_month, part.determinant

)

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
    cast(quantity as decimal(18, 6)) as quantity
from added
where quantity is not null
