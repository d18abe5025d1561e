-- Terms with equal values of the attributes that conditions name share a profile, so that a
-- condition is tested once a profile and not once a bill.
-- One row per agreement and start of its terms.

with agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

attribute as (

    select * from {{ ref('stg_portfolio__agreement_attribute') }}

),

described as (

    select
        agreement_id,
        start_date,
        {{ joined("attribute || chr(31) || value", 'attribute', 'chr(30)') }} as profile
    from attribute
    group by agreement_id, start_date

)

select
    agreement.agreement_id,
    agreement.start_date,
    coalesce(described.profile, '') as profile,
    dense_rank() over (order by coalesce(described.profile, '')) as profile_id
from agreement
left join described
    on
        agreement.agreement_id = described.agreement_id
        and agreement.start_date = described.start_date
