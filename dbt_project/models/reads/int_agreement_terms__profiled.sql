-- Terms with equal values of the attributes that conditions name share a profile, so that a
-- condition is tested once a profile and not once a bill.
-- One row per agreement and start of its terms.

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

named_column as (

    select
        {% for attribute in agreement_attributes() -%}
        coalesce(max(case when attribute = '{{ attribute }}' then 1 end), 0) as {{ attribute }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from named

),

described as (

    select
        further.agreement_id,
        further.start_date,
        {{ joined("further.attribute || chr(31) || further.value", 'further.attribute', 'chr(30)') }}
            as profile
    from further
    inner join named
        on further.attribute = named.attribute
    group by further.agreement_id, further.start_date

),

profiled as (

    select
        agreement.agreement_id,
        agreement.start_date,
        concat_ws(
            chr(30),
            {% for attribute in agreement_attributes() -%}
            case
                when named_column.{{ attribute }} = 1
                    then '{{ attribute }}' || chr(31) || cast(agreement.{{ attribute }} as text)
            end,
            {% endfor -%}
            described.profile
        ) as profile
    from agreement
    cross join named_column
    left join described
        on
            agreement.agreement_id = described.agreement_id
            and agreement.start_date = described.start_date

)

select
    agreement_id,
    start_date,
    profile,
    dense_rank() over (order by profile) as profile_id
from profiled
