-- Terms with equal values of the attributes that conditions name share a profile, so that a
-- condition is tested once a profile and not once a bill.
-- One row per agreement and start of its terms.

with agreement as (

    select * from {{ source('portfolio', 'service_agreement') }}

),

further as (

    select *
    from {{ ref('stg_portfolio__agreement_attribute') }}
    where
        attribute not in (
            {% for attribute in agreement_attributes() -%}
            '{{ attribute }}'{% if not loop.last %},{% endif %}
            {% endfor %}
        )

),

named_column as (

    select
        {% for attribute in agreement_attributes() -%}
        coalesce(max(case when subject = '{{ attribute }}' then 1 end), 0) as {{ attribute }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ source('tariff', 'condition') }}
    where kind = 'attribute'

),

described as (

    select
        agreement_id,
        start_date,
        {{ joined("attribute || chr(31) || value", 'attribute', 'chr(30)') }} as profile
    from further
    group by agreement_id, start_date

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

),

numbered as (

    select
        profile,
        row_number() over (order by profile) as profile_id
    from profiled
    group by profile

)

select
    profiled.agreement_id,
    profiled.start_date,
    profiled.profile,
    numbered.profile_id
from profiled
inner join numbered
    on profiled.profile = numbered.profile
