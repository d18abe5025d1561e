{{ config(materialized='view', tags=['standing']) }}
-- The checks row by row: a row whose `actual` is not its `expected` is what a failed check names.
-- One row per check, agreement and billing month.

with request as (

    select * from {{ ref('int_reconciliation__request') }}

),

outcome as (

    select * from {{ ref('int_reconciliation__outcome') }}

)

select
    'every_read_has_one_outcome' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(reads as decimal(28, 6)) as expected,
    cast(outcomes as decimal(28, 6)) as actual
from outcome
{% for check_name, expected, actual in checks_of_bills() -%}
union all
select
    '{{ check_name }}' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast({{ expected }} as decimal(28, 6)) as expected,
    cast({{ actual }} as decimal(28, 6)) as actual
from request
{% endfor -%}
union all
select
    'lines_foot_to_bills' as check_name,
    'no bill' as scope,
    line.agreement_id,
    line.billing_month,
    cast(0 as decimal(28, 6)) as expected,
    cast(line.amount as decimal(28, 6)) as actual
from {{ ref('bill_line_item') }} as line
left join {{ ref('bill') }} as bill
    on
        line.agreement_id = bill.agreement_id
        and line.billing_month = bill.billing_month
where bill.agreement_id is null
