{# An instant of UTC as the wall clock of a time zone shows it. #}
{% macro local_time(instant, time_zone) -%}
    (({{ instant }} at time zone 'UTC') at time zone {{ time_zone }})
{%- endmacro %}

{# The instant of UTC at which the wall clock of a time zone first shows a time: engines take the
   second one, an hour later, where the clock is set back. #}
{% macro utc_time(local, time_zone) -%}
    {%- set last = '((' ~ local ~ ' at time zone ' ~ time_zone ~ ") at time zone 'UTC')" -%}
    case
        when {{ local_time('(' ~ last ~ " - interval '1 hour')", time_zone) }} = {{ local }}
            then {{ last }} - interval '1 hour'
        else {{ last }}
    end
{%- endmacro %}

{# How many intervals of so many minutes an hour has. #}
{% macro intervals_an_hour(minutes) -%}
    case {{ minutes }} when 15 then 4 when 30 then 2 else 1 end
{%- endmacro %}

{# How many intervals so many minutes make; a part counts as one. #}
{% macro intervals_within(minutes, interval_minutes) -%}
    cast(
        {{ whole_quotient(minutes ~ ' + ' ~ interval_minutes ~ ' - 1', interval_minutes) }} as integer
    )
{%- endmacro %}

{# Each read of an agreement with interval reads: its time zone, the instants at which its first day
   begins and its last one ends, and the length of the agreement's shortest interval. #}
{% macro reads_of_intervals() -%}
    select
        assigned.agreement_id,
        assigned.billing_month,
        assigned.read_from,
        assigned.read_to,
        assigned.is_asked_for,
        utility.time_zone,
        {{ utc_time('cast(assigned.read_from as timestamp)', 'utility.time_zone') }} as begins_at,
        {{ utc_time('cast(assigned.read_to as timestamp)', 'utility.time_zone') }} as ends_at,
        metered.interval_minutes
    from {{ ref('int_read__assigned') }} as assigned
    inner join (
        select
            agreement_id,
            min(interval_minutes) as interval_minutes
        from {{ ref('int_interval__summed') }}
        group by agreement_id
    ) as metered
        on assigned.agreement_id = metered.agreement_id
    inner join {{ source('tariff', 'utility') }} as utility
        on assigned.utility = utility.utility
{%- endmacro %}

{# A condition on the agreement of an interval read: one to be rated, where not all are. #}
{% macro is_in_scope(agreement_id) -%}
    {% set int_scope = ref('int_scope') -%}
    {% if since_load() | int >= 0 -%}
    {{ agreement_id }} in (select scope.agreement_id from {{ int_scope }} as scope)
    {%- else -%}
    true
    {%- endif %}
{%- endmacro %}
