-- The attribute values that make a profile.
-- One row per profile and attribute.

with profiled as (

    select * from {{ ref('int_agreement_terms__profiled') }}

),

attribute as (

    select * from {{ ref('stg_portfolio__agreement_attribute') }}

),

example as (

    select
        agreement_id,
        start_date,
        profile_id,
        row_number() over (partition by profile_id order by agreement_id, start_date) as ordinal
    from profiled

)

select
    example.profile_id,
    attribute.attribute,
    attribute.value
from example
inner join attribute
    on
        example.agreement_id = attribute.agreement_id
        and example.start_date = attribute.start_date
where example.ordinal = 1
