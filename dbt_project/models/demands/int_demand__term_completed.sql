{{ config(materialized='view', tags=['standing']) }}
-- The terms of the demands once more, those that look at billed demands with what they come to.
-- One row per request and term that applies; a term whose quantity is unknown has no value.

select
    term_value.request_id,
    term_value.demand_rule_id,
    term_value.demand_group_id,
    term_value.demand_term_id,
    term_value.kind,
    term_value.percent,
    term_value.is_required,
    coalesce(term_value.peak_month_index, billed.month_index) as peak_month_index,
    coalesce(
        term_value.value_kw,
        {{ to_known_quantity(wide('term_value.percent') ~ ' * billed.quantity * 0.01') }}
    ) as value_kw
from {{ ref('int_demand__term_valued') }} as term_value
left join {{ ref('int_demand__billed_peak') }} as billed
    on
        term_value.request_id = billed.request_id
        and term_value.demand_term_id = billed.demand_term_id
