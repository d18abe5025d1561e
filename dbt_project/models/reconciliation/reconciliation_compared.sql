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
union all
select
    'every_rated_request_has_a_bill' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(1 as decimal(28, 6)) as expected,
    cast(bills as decimal(28, 6)) as actual
from request
union all
select
    'lines_are_as_priced' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(priced_amount as decimal(28, 6)) as expected,
    cast(listed_amount as decimal(28, 6)) as actual
from request
union all
select
    'line_quantities_are_as_priced' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(priced_quantity as decimal(28, 6)) as expected,
    cast(listed_quantity as decimal(28, 6)) as actual
from request
union all
select
    'lines_foot_to_bills' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(listed_amount as decimal(28, 6)) as expected,
    cast(net_amount as decimal(28, 6)) as actual
from request
union all
select
    'components_foot_to_lines' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(0 as decimal(28, 6)) as expected,
    cast(component_difference as decimal(28, 6)) as actual
from request
union all
select
    'priced_energy_is_billed_energy' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(covered_kwh as decimal(28, 6)) as expected,
    cast(priced_kwh as decimal(28, 6)) as actual
from request
union all
select
    'billed_energy_is_determined_energy' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(determined_kwh as decimal(28, 6)) as expected,
    cast(billed_kwh as decimal(28, 6)) as actual
from request
union all
select
    'billed_demand_is_determined_demand' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(determined_kw as decimal(28, 6)) as expected,
    cast(billed_kw as decimal(28, 6)) as actual
from request
union all
select
    'lines_keep_their_component' as check_name,
    scope,
    agreement_id,
    billing_month,
    cast(priced_weighed_amount as decimal(28, 6)) as expected,
    cast(listed_weighed_amount as decimal(28, 6)) as actual
from request
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
