-- The reconciliation of the run: each relation held against an earlier layer. A check passes where
-- every row of its scope agrees, to the cent and to the sixth decimal; `difference` adds up the
-- rows' differences without their signs, so that opposite errors do not cancel.
-- One row per check and scope (utility and schedule).

with request as (

    select
        scope,
        sum(1) as expected_1,
        sum(bills) as actual_1,
        sum(abs(bills - 1)) as difference_1,
        sum(priced_amount) as expected_2,
        sum(listed_amount) as actual_2,
        sum(abs(listed_amount - priced_amount)) as difference_2,
        sum(priced_quantity) as expected_3,
        sum(listed_quantity) as actual_3,
        sum(abs(listed_quantity - priced_quantity)) as difference_3,
        sum(listed_amount) as expected_4,
        sum(net_amount) as actual_4,
        sum(abs(net_amount - listed_amount)) as difference_4,
        sum(0) as expected_5,
        sum(component_difference) as actual_5,
        sum(abs(component_difference - 0)) as difference_5,
        sum(covered_kwh) as expected_6,
        sum(priced_kwh) as actual_6,
        sum(abs(priced_kwh - covered_kwh)) as difference_6,
        sum(determined_kwh) as expected_7,
        sum(billed_kwh) as actual_7,
        sum(abs(billed_kwh - determined_kwh)) as difference_7,
        sum(determined_kw) as expected_8,
        sum(billed_kw) as actual_8,
        sum(abs(billed_kw - determined_kw)) as difference_8
    from {{ ref('int_reconciliation__request') }}
    group by scope

),

outcome as (

    select
        scope,
        sum(reads) as expected,
        sum(outcomes) as actual,
        sum(abs(outcomes - reads)) as difference
    from {{ ref('int_reconciliation__outcome') }}
    group by scope

),

checked as (

    select
        'every_read_has_one_outcome' as check_name,
        scope,
        expected,
        actual,
        difference
    from outcome
    union all
    select
        'every_rated_request_has_a_bill' as check_name,
        scope,
        expected_1 as expected,
        actual_1 as actual,
        difference_1 as difference
    from request
    union all
    select
        'lines_are_as_priced' as check_name,
        scope,
        expected_2 as expected,
        actual_2 as actual,
        difference_2 as difference
    from request
    union all
    select
        'line_quantities_are_as_priced' as check_name,
        scope,
        expected_3 as expected,
        actual_3 as actual,
        difference_3 as difference
    from request
    union all
    select
        'lines_foot_to_bills' as check_name,
        scope,
        expected_4 as expected,
        actual_4 as actual,
        difference_4 as difference
    from request
    union all
    select
        'components_foot_to_lines' as check_name,
        scope,
        expected_5 as expected,
        actual_5 as actual,
        difference_5 as difference
    from request
    union all
    select
        'priced_energy_is_billed_energy' as check_name,
        scope,
        expected_6 as expected,
        actual_6 as actual,
        difference_6 as difference
    from request
    union all
    select
        'billed_energy_is_determined_energy' as check_name,
        scope,
        expected_7 as expected,
        actual_7 as actual,
        difference_7 as difference
    from request
    union all
    select
        'billed_demand_is_determined_demand' as check_name,
        scope,
        expected_8 as expected,
        actual_8 as actual,
        difference_8 as difference
    from request

)

select
    cast({{ var('run_id') }} as integer) as run_id,
    check_name,
    scope,
    cast(expected as decimal(18, 6)) as expected,
    cast(actual as decimal(18, 6)) as actual,
    cast(difference as decimal(18, 6)) as difference,
    case when difference = 0 then 'pass' else 'fail' end as status
from checked
