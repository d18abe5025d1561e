-- The reconciliation of the run: each relation held against an earlier layer. A check passes where
-- every row of its scope agrees, to the cent and to the sixth decimal; `difference` adds up the
-- rows' differences without their signs, so that opposite errors do not cancel.
-- One row per check and scope (utility and schedule).

with request as (

    select
        scope,
        cast(sum(1) as decimal(28, 6)) as expected_1,
        cast(sum(bills) as decimal(28, 6)) as actual_1,
        cast(sum(abs(bills - 1)) as decimal(28, 6)) as difference_1,
        cast(sum(priced_amount) as decimal(28, 6)) as expected_2,
        cast(sum(listed_amount) as decimal(28, 6)) as actual_2,
        cast(sum(abs(listed_amount - priced_amount)) as decimal(28, 6)) as difference_2,
        cast(sum(priced_quantity) as decimal(28, 6)) as expected_3,
        cast(sum(listed_quantity) as decimal(28, 6)) as actual_3,
        cast(sum(abs(listed_quantity - priced_quantity)) as decimal(28, 6)) as difference_3,
        cast(sum(listed_amount) as decimal(28, 6)) as expected_4,
        cast(sum(net_amount) as decimal(28, 6)) as actual_4,
        cast(sum(abs(net_amount - listed_amount)) as decimal(28, 6)) as difference_4,
        cast(sum(0) as decimal(28, 6)) as expected_5,
        cast(sum(component_difference) as decimal(28, 6)) as actual_5,
        cast(sum(abs(component_difference - 0)) as decimal(28, 6)) as difference_5,
        cast(sum(covered_kwh) as decimal(28, 6)) as expected_6,
        cast(sum(priced_kwh) as decimal(28, 6)) as actual_6,
        cast(sum(abs(priced_kwh - covered_kwh)) as decimal(28, 6)) as difference_6,
        cast(sum(determined_kwh) as decimal(28, 6)) as expected_7,
        cast(sum(billed_kwh) as decimal(28, 6)) as actual_7,
        cast(sum(abs(billed_kwh - determined_kwh)) as decimal(28, 6)) as difference_7,
        cast(sum(determined_kw) as decimal(28, 6)) as expected_8,
        cast(sum(billed_kw) as decimal(28, 6)) as actual_8,
        cast(sum(abs(billed_kw - determined_kw)) as decimal(28, 6)) as difference_8,
        cast(sum(priced_weighed_amount) as decimal(28, 6)) as expected_9,
        cast(sum(listed_weighed_amount) as decimal(28, 6)) as actual_9,
        cast(
            sum(abs(listed_weighed_amount - priced_weighed_amount)) as decimal(28, 6)
        ) as difference_9
    from {{ ref('int_reconciliation__request') }}
    group by scope

),

stray as (

    select
        'no bill' as scope,
        count(*) as actual,
        coalesce(sum(abs(line.amount)), 0) as difference
    from {{ ref('bill_line_item') }} as line
    left join {{ ref('bill') }} as bill
        on
            line.agreement_id = bill.agreement_id
            and line.billing_month = bill.billing_month
    where bill.agreement_id is null

),

outcome as (

    select
        scope,
        cast(sum(reads) as decimal(28, 6)) as expected,
        cast(sum(outcomes) as decimal(28, 6)) as actual,
        cast(sum(abs(outcomes - reads)) as decimal(28, 6)) as difference
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
        'lines_foot_to_bills' as check_name,
        scope,
        cast(0 as decimal(28, 6)) as expected,
        cast(actual as decimal(28, 6)) as actual,
        cast(difference as decimal(28, 6)) as difference
    from stray
    where actual > 0
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
    union all
    select
        'lines_keep_their_component' as check_name,
        scope,
        expected_9 as expected,
        actual_9 as actual,
        difference_9 as difference
    from request

)

select
    {{ run_id() }} as run_id,
    check_name,
    scope,
    cast({{ within('expected', 12) }} as decimal(18, 6)) as expected,
    cast({{ within('actual', 12) }} as decimal(18, 6)) as actual,
    cast({{ within('difference', 12) }} as decimal(18, 6)) as difference,
    case when difference = 0 then 'pass' else 'fail' end as status
from checked
