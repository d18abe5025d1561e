-- The attributes of the examples, as rows; a blank one has no row. Besides those of the agreement
-- they are its schedule and that of the agreement that it is combined with (M16).
-- One row per example agreement, calendar year and attribute.

with example as (

    select agreement_year.*
    from {{ ref('int_eligibility__agreement_year') }} as agreement_year
    inner join {{ ref('int_eligibility__example') }} as itself
        on
            agreement_year.agreement_id = itself.agreement_id
            and agreement_year.calendar_year = itself.calendar_year
    where itself.agreement_id = itself.example_agreement_id

)

{% for attribute in agreement_attributes() + ['schedule', 'partner_schedule'] -%}
select
    agreement_id,
    calendar_year,
    '{{ attribute }}' as attribute,
    cast({{ attribute }} as text) as value
from example
where {{ attribute }} is not null
union all
{% endfor -%}
select
    example.agreement_id,
    example.calendar_year,
    further.attribute,
    further.value
from example
inner join {{ source('portfolio', 'service_agreement_attribute') }} as further
    on
        example.agreement_id = further.agreement_id
        and example.start_date = further.start_date
