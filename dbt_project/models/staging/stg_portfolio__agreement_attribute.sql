{{ config(tags=['standing']) }}
-- The attributes of agreements that some condition names, as rows.
-- One row per agreement, start of its terms and attribute.

with agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

further as (

    select * from {{ source('portfolio', 'service_agreement_attribute') }}

),

named as (

    select distinct subject as attribute
    from {{ source('tariff', 'condition') }}
    where kind = 'attribute'

),

unpivoted as (

    {% for attribute in agreement_attributes() -%}
    select
        agreement_id,
        start_date,
        '{{ attribute }}' as attribute,
        cast({{ attribute }} as text) as value
    from agreement
    where {{ attribute }} is not null
    union all
    {% endfor -%}
    select
        agreement_id,
        start_date,
        attribute,
        value
    from further

)

select
    unpivoted.agreement_id,
    unpivoted.start_date,
    unpivoted.attribute,
    unpivoted.value
from unpivoted
inner join named
    on unpivoted.attribute = named.attribute
