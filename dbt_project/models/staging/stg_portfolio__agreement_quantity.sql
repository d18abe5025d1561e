{{ config(tags=['standing']) }}
-- The contracted and invested quantities of agreements, as rows; a blank one has no row.
-- One row per agreement, start of its terms and determinant.

with agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

further as (

    select * from {{ source('portfolio', 'service_agreement_attribute') }}

),

named as (

    select * from {{ source('tariff', 'agreement_determinant') }}

)

select
    agreement_id,
    start_date,
    'extra_facilities_investment' as determinant,
    cast(extra_facilities_investment as decimal(18, 6)) as quantity
from agreement
where extra_facilities_investment is not null
union all
select
    agreement_id,
    start_date,
    'backup_firm_kw' as determinant,
    backup_firm_kw as quantity
from agreement
where backup_firm_kw is not null
union all
select
    further.agreement_id,
    further.start_date,
    further.attribute as determinant,
    {{ number_or_unknown('further.value') }} as quantity
from further
inner join agreement
    on
        further.agreement_id = agreement.agreement_id
        and further.start_date = agreement.start_date
inner join named
    on
        agreement.utility = named.utility
        and further.attribute = named.operand
where abs({{ number_or_unknown('further.value') }}) < 1000000000
