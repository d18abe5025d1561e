{{ config(materialized='view') }}
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
    reads as expected,
    outcomes as actual
from outcome
union all
select
    'every_rated_request_has_a_bill' as check_name,
    scope,
    agreement_id,
    billing_month,
    1 as expected,
    bills as actual
from request
union all
select
    'lines_are_as_priced' as check_name,
    scope,
    agreement_id,
    billing_month,
    priced_amount as expected,
    listed_amount as actual
from request
union all
select
    'line_quantities_are_as_priced' as check_name,
    scope,
    agreement_id,
    billing_month,
    priced_quantity as expected,
    listed_quantity as actual
from request
union all
select
    'lines_foot_to_bills' as check_name,
    scope,
    agreement_id,
    billing_month,
    listed_amount as expected,
    net_amount as actual
from request
union all
select
    'components_foot_to_lines' as check_name,
    scope,
    agreement_id,
    billing_month,
    0 as expected,
    component_difference as actual
from request
union all
select
    'priced_energy_is_billed_energy' as check_name,
    scope,
    agreement_id,
    billing_month,
    covered_kwh as expected,
    priced_kwh as actual
from request
union all
select
    'billed_energy_is_determined_energy' as check_name,
    scope,
    agreement_id,
    billing_month,
    determined_kwh as expected,
    billed_kwh as actual
from request
union all
select
    'billed_demand_is_determined_demand' as check_name,
    scope,
    agreement_id,
    billing_month,
    determined_kw as expected,
    billed_kw as actual
from request
