-- Agreements that are alike in a year, in everything that some schedule asks for, have one of
-- them as their example, so that conditions are tested once for all of them.
-- One row per agreement and calendar year.

with agreement_year as (

    select * from {{ ref('int_eligibility__agreement_year') }}

),

counted as (

    select
        agreement_id,
        calendar_year,
        {{ joined(
            "measure || ':' || reaching_months || ',' || unknown_months || ',' || months_looked_at",
            'measure'
        ) }} as demands
    from {{ ref('int_eligibility__demand_counted') }}
    group by agreement_id, calendar_year

),

enrolled as (

    select
        agreement_year.agreement_id,
        agreement_year.calendar_year,
        string_agg(distinct enrollment.rider, chr(30) order by enrollment.rider) as riders
    from {{ source('portfolio', 'rider_enrollment') }} as enrollment
    inner join agreement_year
        on
            enrollment.agreement_id = agreement_year.agreement_id
            and agreement_year.calendar_year >= extract(year from enrollment.start_date)
            and (
                enrollment.end_date is null
                or agreement_year.calendar_year
                <= extract(year from enrollment.end_date - interval '1' day)
            )
    group by agreement_year.agreement_id, agreement_year.calendar_year

)

select
    agreement_year.agreement_id,
    agreement_year.calendar_year,
    agreement_year.utility,
    agreement_year.schedule,
    enrolled.riders,
    min(agreement_year.agreement_id) over (
        partition by
            agreement_year.calendar_year,
            agreement_year.utility,
            agreement_year.schedule,
            agreement_year.customer_class,
            agreement_year.voltage,
            agreement_year.phase,
            agreement_year.space_heating,
            agreement_year.water_heating,
            agreement_year.all_electric,
            agreement_year.secondary_metered,
            agreement_year.customer_owned_transformation,
            agreement_year.partner_schedule,
            agreement_year.further_attributes,
            enrolled.riders,
            counted.demands
    ) as example_agreement_id
from agreement_year
left join counted
    on
        agreement_year.agreement_id = counted.agreement_id
        and agreement_year.calendar_year = counted.calendar_year
left join enrolled
    on
        agreement_year.agreement_id = enrolled.agreement_id
        and agreement_year.calendar_year = enrolled.calendar_year
